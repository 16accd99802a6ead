package cloudformation

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"regexp"
	"sort"
	"testing"
	"time"

	"github.com/demarc-dev/demarc/linter/graph"
	"github.com/demarc-dev/demarc/linter/source"
)

// TestCorpus loads every template below the directory that the environment
// variable DEMARC_TEMPLATES names and prints what it saw: run it with -v on a
// collection of real templates.
func TestCorpus(t *testing.T) {
	dir := os.Getenv("DEMARC_TEMPLATES")
	if dir == "" {
		t.Skip("DEMARC_TEMPLATES is not set")
	}
	tree, err := source.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer tree.Close()
	var c corpus
	c.reasons = map[string]int{}
	started := time.Now()
	source.Walk(context.Background(), tree, ".", nil, func(name string, _ fs.DirEntry) {
		if IsCandidate(name) {
			c.load(t, tree, name)
		}
	}, func(name string, err error) { t.Errorf("%s: %v", name, err) })
	t.Logf("%d candidates, %d templates, %d stacks, %d resources, %d gaps, %d MB, %v",
		c.candidates, c.templates, c.stacks, c.resources, c.gaps, c.bytes>>20, time.Since(started).Round(time.Millisecond))
	t.Logf("%d scalar values in base stacks, %d unknown (%.1f %%), %d of them with links", c.values, c.unknown, 100*float64(c.unknown)/float64(max(c.values, 1)), c.linked)
	type row struct {
		reason string
		count  int
	}
	var rows []row
	for reason, count := range c.reasons {
		rows = append(rows, row{reason, count})
	}
	sort.Slice(rows, func(i, j int) bool { return rows[i].count > rows[j].count })
	for _, r := range rows[:min(len(rows), 25)] {
		t.Logf("%6d %5.1f %% %s", r.count, 100*float64(r.count)/float64(c.unknown), r.reason)
	}
}

type corpus struct {
	candidates, templates, stacks, resources, gaps, bytes int
	values, unknown, linked                               int
	reasons                                               map[string]int
}

var anyName = regexp.MustCompile(`(parameter|mapping|condition|macro|stack|output) \S+|^\S+ (is made by the SAM|is neither|is no resource)|entry .*|\$\{.*\}`)

func (c *corpus) load(t *testing.T, tree *source.Tree, name string) {
	c.candidates++
	started := time.Now()
	stacks, diagnostics := Load(context.Background(), tree, name, Options{})
	if took := time.Since(started); took > 300*time.Millisecond {
		t.Logf("%s took %v", name, took)
	}
	for _, d := range diagnostics {
		where := d.File
		if d.Range.Valid() {
			where += fmt.Sprint(":", d.Range.StartPosition().Line)
		}
		t.Logf("%s: %s", where, d.Message)
	}
	if len(stacks) == 0 {
		return
	}
	c.templates++
	c.stacks += len(stacks)
	c.bytes += len(stacks[0].Files[0].Data)
	c.resources += len(stacks[0].Resources)
	c.gaps += len(stacks[0].Gaps)
	for _, r := range stacks[0].Resources {
		c.count(r.Declared)
		if problem := rangeProblem(r.Declared); problem != "" && r.Origin == nil {
			t.Errorf("%s: %s: %s", name, r.Address, problem)
		}
	}
}

func (c *corpus) count(v graph.Value) {
	for _, item := range v.Items {
		c.count(item)
	}
	for _, f := range v.Fields {
		c.count(f.Value)
	}
	if v.Kind == graph.List || v.Kind == graph.Object {
		return
	}
	c.values++
	if v.Kind == graph.Unknown {
		c.unknown++
		if len(v.Links()) > 0 {
			c.linked++
		}
		for _, r := range v.Reasons()[:min(1, len(v.Reasons()))] {
			c.reasons[anyName.ReplaceAllString(r.Text, "$1$2 X")]++
		}
		if len(v.Reasons()) == 0 {
			c.reasons["(none)"]++
		}
	}
}

// rangeProblem checks what must hold for all ranges: they are valid, a key's
// text names the key, members lie inside what holds them.
func rangeProblem(v graph.Value) string {
	for _, f := range v.Fields {
		if f.Name == "NotificationConfiguration" || f.Name == "LambdaConfig" {
			continue // SAM adds to them what stands elsewhere
		}
		if !f.NameRange.Valid() {
			return f.Name + " has no place"
		}
		text := string(f.NameRange.File.Data[f.NameRange.Start:f.NameRange.End])
		if key := regexp.MustCompile(`^["']?(.*?)["']?$`).ReplaceAllString(text, "$1"); key != f.Name && !regexp.MustCompile(`[\\$&*]`).MatchString(text) {
			return fmt.Sprintf("%s stands at %q", f.Name, text)
		}
		if f.Value.Range.Valid() && f.Value.Range.File == f.NameRange.File && f.Value.Range.End < f.Value.Range.Start {
			return f.Name + " ends before it starts"
		}
		if v.Range.Valid() && f.Value.Range.Valid() && v.Range.File == f.Value.Range.File && !v.Range.Contains(f.Value.Range) && v.Range.Start <= f.Value.Range.Start && f.Value.Range.Start < v.Range.End {
			return f.Name + " ends after what holds it"
		}
		if problem := rangeProblem(f.Value); problem != "" {
			return f.Name + "." + problem
		}
	}
	for i, item := range v.Items {
		if !item.Range.Valid() {
			return fmt.Sprint(i, " has no place")
		}
		if problem := rangeProblem(item); problem != "" {
			return fmt.Sprint(i, ".", problem)
		}
	}
	return ""
}
