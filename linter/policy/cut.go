package policy

import (
	"io/fs"
	"path"
	"strings"

	"github.com/demarc-dev/demarc/policies"
)

// A chapter is parsed and compiled anew in every run, which takes most of the
// time of a small one. So it is cut to what the asked rules need, and the
// library with it: a module's text is split into its definitions, and those
// are kept whose name occurs in one that is kept. A name that only looks like
// a reference keeps more than is needed, which does no harm.

// unit is one Rego file, split.
type unit struct {
	head string // package and imports
	// parts are the definitions in the order of the file; bodies of one name
	// may stand apart.
	parts []part
	// byName are the indexes of the parts of a name.
	byName map[string][]int
	kept   []bool
	// near are the units of its package, itself included.
	near []*unit
}

type part struct{ name, text string }

// cutting is what is known of the files while they are cut.
type cutting struct {
	units map[string]*unit // by file
	// library are the units of lib/ by the name that others import them by.
	library map[string]*unit
}

// readUnits splits the library and some files.
func readUnits(files []string) (*cutting, error) {
	c := &cutting{units: map[string]*unit{}, library: map[string]*unit{}}
	lib, err := fs.Glob(policies.FS, "lib/*.rego")
	if err != nil {
		return nil, err
	}
	for _, name := range append(lib, files...) {
		if strings.HasSuffix(name, "_test.rego") {
			continue
		}
		text, err := fs.ReadFile(policies.FS, name)
		if err != nil {
			return nil, err
		}
		u := split(withoutComments(string(text)))
		c.units[name] = u
		if path.Dir(name) == "lib" {
			c.library[strings.TrimSuffix(path.Base(name), ".rego")] = u
			u.near = []*unit{u}
		}
	}
	return c, nil
}

// split takes a formatted file apart: what begins in the first column begins a
// definition, except closing brackets.
func split(text string) *unit {
	u := &unit{byName: map[string][]int{}}
	start, name := 0, ""
	flush := func(end int) {
		switch name {
		case "", "package", "import":
			u.head += text[start:end]
		default:
			u.byName[name] = append(u.byName[name], len(u.parts))
			u.parts = append(u.parts, part{name, text[start:end]})
		}
		start = end
	}
	at := 0
	for line := range strings.Lines(text) {
		if isLetter(line[0]) {
			flush(at)
			name = identifier(line)
			if name == "default" {
				name = identifier(strings.TrimLeft(line[len(name):], " "))
			}
		}
		at += len(line)
	}
	flush(len(text))
	u.kept = make([]bool, len(u.parts))
	return u
}

func isLetter(c byte) bool {
	return c == '_' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}

// identifier is the name that a text begins with.
func identifier(text string) string {
	i := 0
	for i < len(text) && (isLetter(text[i]) || '0' <= text[i] && text[i] <= '9') {
		i++
	}
	return text[:i]
}

// keep keeps the definitions of a name in a unit's package, and all that they
// name.
func (c *cutting) keep(u *unit, name string) {
	for _, own := range u.near {
		for _, i := range own.byName[name] {
			if !own.kept[i] {
				own.kept[i] = true
				c.follow(own, own.parts[i].text)
			}
		}
	}
}

// follow keeps what a text of a unit names: its own definitions, and
// module.name of the library's.
func (c *cutting) follow(u *unit, text string) {
	for i := 0; i < len(text); {
		if !isLetter(text[i]) {
			i++
			continue
		}
		name := identifier(text[i:])
		i += len(name)
		c.keep(u, name)
		if other := c.library[name]; other != nil && i < len(text) && text[i] == '.' {
			c.keep(other, identifier(text[i+1:]))
		}
	}
}

// text is what is left of a unit, its lines where they were; "" if nothing is.
func (u *unit) text() string {
	var b strings.Builder
	b.WriteString(u.head)
	something := false
	for i, p := range u.parts {
		if u.kept[i] {
			something = true
			b.WriteString(p.text)
		} else {
			b.WriteString(strings.Repeat("\n", strings.Count(p.text, "\n")))
		}
	}
	if !something {
		return ""
	}
	return b.String()
}

// cut returns the text of the files that the chapters' rules need, by name.
func cut(chapters []chapter) (map[string]string, error) {
	var files []string
	for _, ch := range chapters {
		files = append(files, ch.files...)
	}
	c, err := readUnits(files)
	if err != nil {
		return nil, err
	}
	for _, ch := range chapters {
		var near []*unit
		for _, file := range ch.files {
			near = append(near, c.units[file])
		}
		for _, u := range near {
			u.near = near
		}
		for _, r := range ch.rules {
			c.keep(near[0], r.Name)
			c.keep(near[0], r.Name+"_applies")
		}
	}
	out := map[string]string{}
	for name, u := range c.units {
		if text := u.text(); text != "" {
			out[name] = text
		}
	}
	return out, nil
}
