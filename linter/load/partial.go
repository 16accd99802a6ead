package load

import (
	"path"
	"slices"

	"github.com/demarc-dev/demarc/linter/finding"
	"github.com/demarc-dev/demarc/linter/source"
	"github.com/demarc-dev/demarc/linter/terraform"
)

// Partial are the files that were named one by one out of directories that
// make up one module each. The rest of such a directory is read, since
// Terraform reads it as one, and not reported on.
type Partial struct {
	named, dirs map[string]bool
}

// Partial finds them among the scanned paths.
func (s *Scan) Partial() Partial {
	p := Partial{map[string]bool{}, map[string]bool{}}
	var whole []string
	for _, given := range s.Paths {
		name, err := s.Tree.Rel(given)
		if err != nil {
			continue
		}
		if info, err := s.Tree.Stat(name); err == nil && info.IsDir() {
			whole = append(whole, name)
		} else if terraform.IsSource(path.Base(name)) {
			p.named[name] = true
		}
	}
	for name := range p.named {
		if dir := path.Dir(name); !slices.ContainsFunc(whole, func(w string) bool { return source.Holds(w, dir) }) {
			p.dirs[dir] = true
		}
	}
	return p
}

// LeavesOut reports whether a file is only read because of others.
func (p Partial) LeavesOut(name string) bool { return p.dirs[path.Dir(name)] && !p.named[name] }

// Own are the findings in the named files, and those that they cause elsewhere;
// left is how many others there are.
func (p Partial) Own(findings []finding.Finding, shown func(string) string) (own []finding.Finding, left int) {
	if len(p.dirs) == 0 {
		return findings, 0
	}
	named, dirs := map[string]bool{}, map[string]bool{}
	for name := range p.named {
		named[shown(name)] = true
	}
	for name := range p.dirs {
		dirs[path.Dir(shown(path.Join(name, "x")))] = true
	}
	for _, f := range findings {
		files := []string{f.Location.File}
		for _, related := range f.Related {
			files = append(files, related.Location.File)
		}
		concerned := slices.ContainsFunc(files, func(file string) bool { return dirs[path.Dir(file)] })
		if concerned && !slices.ContainsFunc(files, func(file string) bool { return named[file] }) {
			left++
			continue
		}
		own = append(own, f)
	}
	return own, left
}
