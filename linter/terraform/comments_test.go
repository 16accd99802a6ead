package terraform

import (
	"strings"
	"testing"

	"github.com/demarc-dev/demarc/linter/source"
)

func TestComments(t *testing.T) {
	const text = "# one\na = \"# no\" // two\nb = <<EOT\n# no\nEOT\n/* three\n*/ c = 1\r\n#four\r\n"
	for name, want := range map[string]string{
		"a.tf": "# one|// two|/* three\n*/|#four", "a.tofu": "# one|// two|/* three\n*/|#four", "a.tf.json": "",
		"broken.tf": "# one|// two|/* three\n*/|#four|# five",
	} {
		content := text
		if name == "broken.tf" {
			content += "}}} # five"
		}
		f := source.NewFile(name, []byte(content))
		parse(f)
		var got []string
		for _, c := range f.Comments() {
			got = append(got, content[c.Start:c.End])
		}
		if strings.Join(got, "|") != want {
			t.Errorf("%s: %q", name, got)
		}
	}
}
