package silence

import (
	"bytes"
	"strings"

	"github.com/demarc-dev/demarc/linter/source"
)

// keywords are what every comment that silences contains one of; the comments
// of a file without them are not asked for.
var keywords = [][]byte{
	[]byte("demarc"), []byte("Demarc"), []byte("DEMARC"), []byte(":skip="), []byte(":ignore:"), []byte("kics-scan"),
}

// InComments reads the silencers that stand in comments of files, in the order
// they are written.
func InComments(files []*source.File) []*Silencer {
	var out []*Silencer
	for _, f := range files {
		if mentioned(f.Data) {
			out = append(out, inFile(f)...)
		}
	}
	return out
}

func mentioned(data []byte) bool {
	for _, k := range keywords {
		if bytes.Contains(data, k) {
			return true
		}
	}
	return false
}

// comment is one comment of a file, with the lines that it stands on.
type comment struct {
	source.Comment
	line, endLine int
	alone         bool // nothing else stands on its lines
}

func inFile(f *source.File) []*Silencer {
	all := placed(f)
	targets := belowRuns(all)
	code := firstCode(f, all)
	var out []*Silencer
	for i, c := range all {
		for _, s := range parseComment(string(f.Data[c.Start:c.End])) {
			if s.reach.shape == wholeFile && c.Start > code {
				continue // kics reads them at the top of a file only
			}
			s.Kind, s.At = Comment, source.Range{File: f, Start: c.Start, End: c.End}
			s.reach.line, s.reach.endLine, s.reach.target = c.line, c.endLine, targets[i]
			out = append(out, s)
		}
	}
	return out
}

// placed finds the lines of a file's comments.
func placed(f *source.File) []comment {
	starts := source.LineStarts(f.Data)
	var out []comment
	for _, c := range f.Comments() {
		one := comment{Comment: c, line: lineAt(starts, c.Start), endLine: lineAt(starts, c.End)}
		end := len(f.Data)
		if one.endLine < len(starts) {
			end = starts[one.endLine]
		}
		before, after := f.Data[starts[one.line-1]:c.Start], f.Data[c.End:end]
		one.alone = len(bytes.TrimSpace(before)) == 0 && len(bytes.TrimSpace(after)) == 0
		out = append(out, one)
	}
	return out
}

// firstCode is the offset of the first text that is no comment and no
// document marker, or the file's length.
func firstCode(f *source.File, all []comment) int {
	at := 0
	for _, c := range all {
		if between := strings.TrimSpace(string(f.Data[at:c.Start])); between != "" && between != "---" {
			return at
		}
		at = c.End
	}
	return len(f.Data)
}

// belowRuns gives for each comment the first line below the run of comments
// that it stands in, or 0 where it shares its line with code.
func belowRuns(all []comment) []int {
	targets := make([]int, len(all))
	for i := len(all) - 1; i >= 0; i-- {
		switch c := all[i]; {
		case !c.alone:
		case i+1 < len(all) && all[i+1].alone && all[i+1].line == c.endLine+1:
			targets[i] = targets[i+1]
		default:
			targets[i] = c.endLine + 1
		}
	}
	return targets
}
