package policy

import (
	"slices"
	"sync"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/demarc-dev/demarc/linter/graph"
)

// Compiled keeps compiled chapters from one judgement to the next. The zero
// value is ready to use. It may be used by several goroutines at a time.
type Compiled struct {
	mu    sync.Mutex
	kept  []compiled // the latest used last
	count int
}

// compiled are chapters, and the ids of the rules that they were cut to.
type compiled struct {
	rules    map[string]bool
	compiler *ast.Compiler
}

// maxCompiled is how many sets of rules are kept.
const maxCompiled = 4

// Compiles is how often something was compiled so far.
func (c *Compiled) Compiles() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.count
}

// Prepare compiles what a judgement of the graph would.
func (c *Compiled) Prepare(g *graph.Graph, o Options) error {
	chapters, _ := choose(g, o.Wanted)
	_, err := c.of(chapters)
	return err
}

// of compiles chapters, unless what is kept has all their rules: a rule that is
// not asked costs nothing.
func (c *Compiled) of(chapters []chapter) (*ast.Compiler, error) {
	if c == nil {
		return compile(chapters)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for i, k := range c.kept {
		if k.has(chapters) {
			c.kept = append(slices.Delete(c.kept, i, i+1), k)
			return k.compiler, nil
		}
	}
	c.count++
	compiler, err := compile(chapters)
	if err != nil {
		return nil, err
	}
	rules := map[string]bool{}
	for _, chapter := range chapters {
		for _, r := range chapter.rules {
			rules[r.ID] = true
		}
	}
	if len(c.kept) == maxCompiled {
		c.kept = slices.Delete(c.kept, 0, 1)
	}
	c.kept = append(c.kept, compiled{rules, compiler})
	return compiler, nil
}

func (k compiled) has(chapters []chapter) bool {
	for _, chapter := range chapters {
		for _, r := range chapter.rules {
			if !k.rules[r.ID] {
				return false
			}
		}
	}
	return true
}
