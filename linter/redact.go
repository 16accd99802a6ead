package linter

import (
	"sort"
	"strings"

	"github.com/demarc-dev/demarc/linter/graph"
)

// redacted is a text of a policy's without the sensitive values of the
// resource it judged: a NoEcho parameter, a sensitive variable.
func redacted(text string, r *graph.Resource) string {
	var secrets []string
	collectSensitive(r.Values, &secrets)
	if len(secrets) == 0 {
		return text
	}
	// A secret may be part of a longer one.
	sort.Slice(secrets, func(i, j int) bool { return len(secrets[i]) > len(secrets[j]) })
	for _, s := range secrets {
		text = strings.ReplaceAll(text, s, "(sensitive)")
	}
	return text
}

// minSecret is the shortest text that is hidden within other text: shorter
// ones ("1", "on") stand in words that are no secret.
const minSecret = 4

func collectSensitive(v graph.Value, out *[]string) {
	if v.Sensitive && len(v.Text) >= minSecret {
		*out = append(*out, v.Text)
	}
	for _, item := range v.Items {
		collectSensitive(item, out)
	}
	for _, f := range v.Fields {
		collectSensitive(f.Value, out)
	}
}
