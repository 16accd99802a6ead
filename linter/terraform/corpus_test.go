package terraform

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"sort"
	"strings"
	"testing"
	"time"

	"github.com/demarc-dev/demarc/linter/graph"
	"github.com/demarc-dev/demarc/linter/source"
)

// corpusStats is what was seen in one repository.
type corpusStats struct {
	roots, resources, attributes, unknown int
	reasons                               map[string]int
}

// TestCorpus evaluates all Terraform below the directories in DEMARC_CORPUS,
// each a repository, and tells how much of it is unknown and why:
//
//	DEMARC_CORPUS=/path/to/checkouts go test ./linter/terraform -run TestCorpus -v
func TestCorpus(t *testing.T) {
	corpus := os.Getenv("DEMARC_CORPUS")
	if corpus == "" {
		t.Skip("DEMARC_CORPUS names no directory of repositories")
	}
	repositories, err := filepath.Glob(filepath.Join(corpus, "*"))
	if err != nil || len(repositories) == 0 {
		t.Fatal("no repositories", err)
	}
	all := corpusStats{reasons: map[string]int{}}
	for _, top := range repositories {
		tree, err := source.Open(top)
		if err != nil {
			t.Errorf("%s: %v", top, err)
			continue
		}
		start := time.Now()
		stats, diags := evaluateCorpus(tree)
		tree.Close()
		if stats.roots == 0 {
			continue
		}
		t.Logf("%-50s %5d roots %6d resources %7d attributes %4.1f %% unknown, %d messages, %v", filepath.Base(top),
			stats.roots, stats.resources, stats.attributes, 100*share(stats.unknown, stats.attributes), len(diags), time.Since(start).Round(time.Millisecond))
		for _, d := range diags {
			t.Logf("    %s: %s", place(d), d.Message)
			if strings.Contains(d.Message, "demarc failed") {
				t.Errorf("%s: %s", place(d), d.Message)
			}
		}
		all.add(stats)
	}
	t.Logf("%d roots, %d resources, %d attributes, %.1f %% unknown", all.roots, all.resources, all.attributes, 100*share(all.unknown, all.attributes))
	reasons := sortedKeys(all.reasons)
	sort.SliceStable(reasons, func(i, j int) bool { return all.reasons[reasons[i]] > all.reasons[reasons[j]] })
	for _, r := range reasons {
		t.Logf("%7d %s", all.reasons[r], r)
	}
}

func place(d graph.Diagnostic) string {
	if d.Range.Valid() {
		return fmt.Sprintf("%s:%d", d.File, d.Range.StartPosition().Line)
	}
	return d.File
}

func share(part, whole int) float64 { return float64(part) / float64(max(1, whole)) }

func (s *corpusStats) add(o corpusStats) {
	s.roots, s.resources, s.attributes, s.unknown = s.roots+o.roots, s.resources+o.resources, s.attributes+o.attributes, s.unknown+o.unknown
	for r, n := range o.reasons {
		s.reasons[r] += n
	}
}

func evaluateCorpus(tree *source.Tree) (corpusStats, []graph.Diagnostic) {
	dirs := map[string]bool{}
	source.Walk(context.Background(), tree, ".", nil, func(name string, _ fs.DirEntry) {
		if IsSource(path.Base(name)) {
			dirs[path.Dir(name)] = true
		}
	}, func(string, error) {})
	var roots []Dir
	for _, dir := range sortedKeys(dirs) {
		roots = append(roots, Dir{Name: dir})
	}
	stacks, diags := Load(context.Background(), tree, roots, Options{})
	stats := corpusStats{roots: len(stacks), reasons: map[string]int{}}
	for _, s := range stacks {
		for _, r := range s.Resources {
			stats.resources++
			stats.count(r.Declared)
		}
	}
	return stats, diags
}

// count counts the scalars of a value, and why they are unknown.
func (s *corpusStats) count(v graph.Value) {
	switch v.Kind {
	case graph.List:
		for _, item := range v.Items {
			s.count(item)
		}
	case graph.Object:
		for _, f := range v.Fields {
			s.count(f.Value)
		}
	case graph.Unknown:
		s.attributes++
		s.unknown++
		kinds := map[string]bool{}
		for _, r := range v.Reasons() {
			kinds[kindOfReason(r)] = true
		}
		for kind := range kinds {
			s.reasons[kind]++
		}
	default:
		s.attributes++
	}
}

var names = regexp.MustCompile(`"[^"]*"|\S*[./]\S*|\d+`)

// kindOfReason is a reason without the names in it.
func kindOfReason(r graph.Reason) string { return names.ReplaceAllString(r.Text, "_") }
