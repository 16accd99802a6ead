package linter

import (
	"path"
	"path/filepath"
	"strings"

	"github.com/demarc-dev/demarc/linter/baseline"
	"github.com/demarc-dev/demarc/linter/finding"
	"github.com/demarc-dev/demarc/linter/load"
	"github.com/demarc-dev/demarc/linter/rules"
	"github.com/demarc-dev/demarc/linter/source"
	"github.com/demarc-dev/demarc/linter/terraform"
)

// Baseline is the content of a baseline file.
type Baseline = baseline.Baseline

// BaselinePath is the file that holds the baseline of a scan of the paths: at
// the top of the repository that holds them, or of root if it is not "".
func BaselinePath(paths []string, root string) (string, error) {
	top, err := load.Confinement(paths, root)
	if err != nil {
		return "", err
	}
	return source.FromHere(filepath.Join(top, baseline.FileName)), nil
}

// LoadBaseline reads a baseline. A file that is not there is fs.ErrNotExist.
func LoadBaseline(name string) (*Baseline, error) { return baseline.Load(name) }

// matcher is how findings of the scan are found again in an earlier state.
func (s *scan) matcher() baseline.Matcher {
	var moves []baseline.Move
	for _, m := range terraform.MovedIn(s.files()) {
		moves = append(moves, baseline.Move{Root: m.Dir, From: m.From, To: m.To})
	}
	for _, layer := range s.Config.Layers() {
		for _, r := range layer.Renames {
			moves = append(moves, baseline.Move{Root: baseline.AnyRoot, From: r.From, To: r.To})
		}
	}
	return baseline.Matcher{Moves: moves, Exists: s.Exists}
}

// judged returns a test whether the scan could have found the finding of an
// entry again: its file was read, or is gone from a directory that was
// scanned, and its rule took part. Where something could not be analysed
// nothing is sure, in the whole directory: its files make up one module.
func (l *Linter) judged(s *scan, r *finding.Report) func(finding.Entry) bool {
	for _, e := range r.Coverage.Errors {
		if e.File == "" { // a rule's error, say, which is about all files
			return func(finding.Entry) bool { return false }
		}
	}
	unsure := map[string]bool{}
	for _, d := range s.Diagnostics {
		name := d.File
		if d.Range.Valid() {
			name = d.Range.File.Path
		}
		unsure[name], unsure[path.Dir(name)] = true, true
	}
	read := map[string]bool{}
	for _, f := range s.files() {
		read[f.Path] = true
	}
	var dirs []string
	for _, p := range s.Paths {
		if name, err := s.Tree.Rel(p); err == nil {
			dirs = append(dirs, name)
		}
	}
	partial := s.Partial()
	return func(e finding.Entry) bool {
		if partial.LeavesOut(e.File) {
			return false
		}
		if !l.asks(e.Rule) && rules.Known(e.Rule) {
			return false
		}
		if unsure[path.Dir(e.File)] {
			return false
		}
		if read[e.File] {
			return true
		}
		for _, dir := range dirs {
			if dir == "." || e.File == dir || strings.HasPrefix(e.File, dir+"/") {
				return e.File == "" || !s.Exists(e.File)
			}
		}
		return false
	}
}
