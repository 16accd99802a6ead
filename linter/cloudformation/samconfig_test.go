package cloudformation

import (
	"slices"
	"strings"
	"testing"
)

func TestReadSAMConfig(t *testing.T) {
	for name, c := range map[string]struct{ text, want, fails string }{
		"text": {`version = 0.1
[default.deploy.parameters]
stack_name = "s"
parameter_overrides = "Env=\"prod\" Names='a b' Size=3"`, "Env=prod Names=a b Size=3", ""},
		"list": {"[default.deploy.parameters]\nparameter_overrides = [\"A=1\", \"B='x y'\"]\n", "A=1 B=x y", ""},
		"keys": {`[default.deploy.parameters]
parameter_overrides = "ParameterKey=A,ParameterValue=1 ParameterKey=B,ParameterValue=x,y"`, "A=1 B=x,y", ""},
		"global": {`[default.global.parameters]
parameter_overrides = "A=all B=all"
[default.deploy.parameters]
parameter_overrides = "A=deploy"
[prod.deploy.parameters]
parameter_overrides = "A=prod"`, "A=deploy B=all", ""},
		"table":          {"[default.deploy.parameters.parameter_overrides]\nA = \"x\"\nB = 2\nC = true\n", "A=x B=2 C=true", ""},
		"none":           {"[default.build.parameters]\ncached = true\n", "", ""},
		"no environment": {"[prod.deploy.parameters]\nparameter_overrides = \"A=1\"\n", "", `no environment "default" (there is prod)`},
		"syntax":         {"[default\n", "", "line 2"},
		"no value":       {"[default.deploy.parameters]\nparameter_overrides = \"A\"\n", "", `"A" in parameter_overrides is not NAME=VALUE`},
		"number":         {"[default.deploy.parameters]\nparameter_overrides = 5\n", "", "neither a text nor a list"},
	} {
		got, err := ReadSAMConfig([]byte(c.text))
		if c.fails != "" {
			if err == nil || !strings.Contains(err.Error(), c.fails) {
				t.Errorf("%s: %v, want %q", name, err, c.fails)
			}
			continue
		}
		var pairs []string
		for key, value := range got {
			pairs = append(pairs, key+"="+value)
		}
		slices.Sort(pairs)
		if err != nil || strings.Join(pairs, " ") != c.want {
			t.Errorf("%s: %v %v, want %s", name, pairs, err, c.want)
		}
	}
}
