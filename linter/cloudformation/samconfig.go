package cloudformation

import (
	"errors"
	"fmt"
	"sort"
	"strings"

	"github.com/BurntSushi/toml"
)

// ReadSAMConfig reads the parameters that a samconfig.toml deploys with: those
// of the environment "default", of the command deploy before those of all
// commands.
// https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-sam-cli-config.html
func ReadSAMConfig(data []byte) (map[string]string, error) {
	var root map[string]any
	if _, err := toml.Decode(string(data), &root); err != nil {
		var e toml.ParseError
		if errors.As(err, &e) {
			return nil, fmt.Errorf("line %d: %s", e.Position.Line, e.Message)
		}
		return nil, err
	}
	environment, ok := root["default"].(map[string]any)
	if !ok {
		var names []string
		for name, value := range root {
			if _, isTable := value.(map[string]any); isTable {
				names = append(names, name)
			}
		}
		sort.Strings(names)
		return nil, fmt.Errorf("there is no environment \"default\" (there is %s): give its parameters with --parameter", strings.Join(names, ", "))
	}
	out := map[string]string{}
	for _, command := range [...]string{"global", "deploy"} {
		section, _ := environment[command].(map[string]any)
		parameters, _ := section["parameters"].(map[string]any)
		if err := addOverrides(out, parameters["parameter_overrides"]); err != nil {
			return nil, fmt.Errorf("[default.%s.parameters] %w", command, err)
		}
	}
	return out, nil
}

// addOverrides reads parameter_overrides: one text, or a list of texts, of
// NAME=VALUE or ParameterKey=NAME,ParameterValue=VALUE; or a table.
func addOverrides(out map[string]string, overrides any) error {
	switch o := overrides.(type) {
	case nil:
		return nil
	case string:
		return addOverrideText(out, o)
	case []any:
		for _, item := range o {
			text, ok := item.(string)
			if !ok {
				return fmt.Errorf("parameter_overrides holds %v, which is no text", item)
			}
			if err := addOverrideText(out, text); err != nil {
				return err
			}
		}
		return nil
	case map[string]any:
		for name, value := range o {
			switch value.(type) {
			case string, int64, float64, bool:
				out[name] = fmt.Sprint(value)
			default:
				return fmt.Errorf("parameter_overrides gives %s a value that is no text", name)
			}
		}
		return nil
	}
	return fmt.Errorf("parameter_overrides is neither a text nor a list of texts")
}

func addOverrideText(out map[string]string, text string) error {
	for _, word := range words(text) {
		if rest, ok := strings.CutPrefix(word, "ParameterKey="); ok {
			name, value, ok := strings.Cut(rest, ",ParameterValue=")
			if !ok {
				return fmt.Errorf("%q in parameter_overrides has no ParameterValue", word)
			}
			out[name] = value
			continue
		}
		name, value, ok := strings.Cut(word, "=")
		if !ok || name == "" {
			return fmt.Errorf("%q in parameter_overrides is not NAME=VALUE", word)
		}
		out[name] = value
	}
	return nil
}

// words splits a text at white space outside quotes, as a shell does, and
// drops the quotes.
func words(text string) []string {
	var out []string
	var b strings.Builder
	var quote rune
	inside, escaped := false, false
	for _, c := range text {
		switch {
		case escaped:
			b.WriteRune(c)
			escaped = false
		case c == '\\' && quote != '\'':
			escaped, inside = true, true
		case quote != 0:
			if c == quote {
				quote = 0
			} else {
				b.WriteRune(c)
			}
		case c == '"' || c == '\'':
			quote, inside = c, true
		case c == ' ' || c == '\t' || c == '\n' || c == '\r':
			if inside {
				out = append(out, b.String())
				b.Reset()
				inside = false
			}
		default:
			b.WriteRune(c)
			inside = true
		}
	}
	if inside {
		out = append(out, b.String())
	}
	return out
}
