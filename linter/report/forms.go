package report

import (
	"fmt"
	"strings"
)

// forms are the forms that something is written in, the default first.
type forms[W any] []struct {
	name  string
	write W
}

func (f forms[W]) names() []string {
	names := make([]string, len(f))
	for i, form := range f {
		names[i] = form.name
	}
	return names
}

// find returns the writer of a form. The error says what there is, and with
// which option.
func (f forms[W]) find(name, option string) (W, error) {
	for _, form := range f {
		if form.name == name {
			return form.write, nil
		}
	}
	var none W
	return none, fmt.Errorf("unknown format %q%s: use %s", name, option, strings.Join(f.names(), ", "))
}
