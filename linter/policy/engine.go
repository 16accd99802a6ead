// Package policy judges a graph with the Rego policies: it compiles the
// chapters whose subjects occur, asks all their rules in one query, and turns
// what they say into outcomes.
package policy

import (
	"context"
	"errors"
	"fmt"
	"path"
	"sort"
	"strings"
	"sync"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"
	"github.com/open-policy-agent/opa/v1/topdown"

	"github.com/demarc-dev/demarc/linter/graph"
	"github.com/demarc-dev/demarc/policies"
)

// Options choose what is judged.
type Options struct {
	// Wanted tells which rules to ask.
	Wanted func(*policies.Rule) bool
	// Jobs is the number of chapters judged at a time; less than 1 means 1.
	Jobs int
	// Settings are the rules' options that are not at their default, by rule
	// id and name.
	Settings map[string]map[string]int
	// Passed asks for the resources that pass.
	Passed bool
	// Compiled, if not nil, keeps what is compiled for the next judgement.
	Compiled *Compiled
}

// raw is what a rule emits.
type raw struct {
	subject      int
	path         string
	message, tag string
	inconclusive bool
}

// answer is all that a rule said.
type answer struct {
	rule    *policies.Rule
	emitted []raw
	applies map[int]bool // nil when the rule narrows nothing
}

// Judge evaluates the wanted rules over the graph. When the context ends, what
// was not judged by then is missing from the result.
func Judge(ctx context.Context, g *graph.Graph, o Options) (*Result, error) {
	chapters, wanted := choose(g, o.Wanted)
	result := &Result{PerRule: map[string]*Tally{}, Judged: map[*graph.Resource]bool{}}
	if o.Passed {
		result.Passed = map[string][]Pass{}
	}
	if len(chapters) == 0 || ctx.Err() != nil {
		return result, nil
	}
	compiler, err := o.Compiled.of(chapters)
	if err != nil {
		return nil, err
	}
	in := newInput(g, wanted)
	in.options = settled(chapters, o.Settings)
	doc := in.document(ctx)
	if ctx.Err() != nil {
		return result, nil
	}
	answers, errs := ask(ctx, compiler, doc, chapters, max(1, o.Jobs))
	for _, err := range errs {
		result.Errors = append(result.Errors, err.Error())
	}
	all := judgements(g, answers)
	w := worlds{graph: g, compiler: compiler, options: in.options, types: wanted, answers: answers, jobs: max(1, o.Jobs)}
	for _, err := range w.settle(ctx, all) {
		result.Errors = append(result.Errors, err.Error())
	}
	weigh(answers, all, result)
	return result, nil
}

// chapter is a service with those of its rules that are asked.
type chapter struct {
	files []string
	name  string
	rules []*policies.Rule
}

// choose picks the chapters that have something to judge, and the types they read.
func choose(g *graph.Graph, wanted func(*policies.Rule) bool) ([]chapter, map[string]bool) {
	present := map[string]bool{}
	for _, r := range g.Resources {
		present[r.Type] = true
	}
	for _, d := range g.Documents {
		present["document:"+d.Kind] = true
	}
	var out []chapter
	types := map[string]bool{}
	for _, s := range policies.Services() {
		c := chapter{files: s.Files, name: s.Name}
		for j := range s.Rules {
			if r := &s.Rules[j]; occurs(present, r.Subject) && (wanted == nil || wanted(r)) {
				c.rules = append(c.rules, r)
			}
		}
		if len(c.rules) == 0 {
			continue
		}
		out = append(out, c)
		for _, t := range s.Types {
			types[t] = true
		}
		for _, r := range c.rules {
			for _, t := range r.Subject {
				types[t] = true
			}
		}
	}
	return out, types
}

// settled are the options of the rules that are asked.
func settled(chapters []chapter, settings map[string]map[string]int) map[string]map[string]int {
	out := map[string]map[string]int{}
	for _, c := range chapters {
		for _, r := range c.rules {
			for _, o := range r.Options {
				if out[r.ID] == nil {
					out[r.ID] = map[string]int{}
				}
				out[r.ID][o.Name] = o.Default
				if given, ok := settings[r.ID][o.Name]; ok {
					out[r.ID][o.Name] = given
				}
			}
		}
	}
	return out
}

func occurs(present map[string]bool, subjects []string) bool {
	for _, s := range subjects {
		if present[s] {
			return true
		}
	}
	return false
}

// compile parses and compiles what the chapters' rules need.
func compile(chapters []chapter) (*ast.Compiler, error) {
	texts, err := cut(chapters)
	if err != nil {
		return nil, err
	}
	caps := capabilities()
	modules := make(map[string]*ast.Module, len(texts))
	for name, text := range texts {
		module, err := ast.ParseModuleWithOpts(name, text, ast.ParserOptions{Capabilities: caps})
		if err != nil {
			return nil, fmt.Errorf("parse policies/%s: %w", name, err)
		}
		modules[name] = module
	}
	compiler := ast.NewCompiler().WithCapabilities(caps)
	if compiler.Compile(modules); compiler.Failed() {
		return nil, fmt.Errorf("compile policies: %w", compiler.Errors)
	}
	return compiler, nil
}

// withoutComments blanks whole comment lines, which are half of a chapter and
// would be parsed; line numbers stay.
func withoutComments(text string) string {
	var b strings.Builder
	b.Grow(len(text))
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "#") {
			line = "\n"
		}
		b.WriteString(line)
	}
	return b.String()
}

// ask puts all rules to OPA, in groups of chapters.
func ask(ctx context.Context, compiler *ast.Compiler, doc ast.Value, chapters []chapter, jobs int) ([]answer, []error) {
	groups := deal(chapters, jobs)
	answers := make([][]answer, len(groups))
	errs := make([][]error, len(groups))
	var wg sync.WaitGroup
	for i, rules := range groups {
		wg.Add(1)
		go func() {
			defer wg.Done()
			answers[i], errs[i] = askGroup(ctx, compiler, doc, rules)
		}()
	}
	wg.Wait()
	var all []answer
	var failed []error
	for i := range groups {
		all = append(all, answers[i]...)
		failed = append(failed, errs[i]...)
	}
	sort.SliceStable(all, func(i, j int) bool { return all[i].rule.ID < all[j].rule.ID })
	return all, failed
}

// deal deals chapters into groups of about as many rules.
func deal(chapters []chapter, n int) [][]*policies.Rule {
	groups := make([][]*policies.Rule, min(n, len(chapters)))
	sort.SliceStable(chapters, func(i, j int) bool { return len(chapters[i].rules) > len(chapters[j].rules) })
	for _, c := range chapters {
		least := 0
		for i := range groups {
			if len(groups[i]) < len(groups[least]) {
				least = i
			}
		}
		groups[least] = append(groups[least], c.rules...)
	}
	return groups
}

// askGroup asks several rules in one query. One rule's error must not silence
// the others: after an error each is asked alone.
func askGroup(ctx context.Context, compiler *ast.Compiler, doc ast.Value, rules []*policies.Rule) ([]answer, []error) {
	answers, err := query(ctx, compiler, doc, rules)
	if err == nil || ctx.Err() != nil {
		return answers, nil
	}
	if len(rules) == 1 { // what it said besides the error still counts
		return answers, []error{fmt.Errorf("rule %s could not be evaluated: %w", rules[0].ID, err)}
	}
	var errs []error
	answers = nil
	for _, rule := range rules {
		a, e := askGroup(ctx, compiler, doc, []*policies.Rule{rule})
		answers, errs = append(answers, a...), append(errs, e...)
	}
	return answers, errs
}

func query(ctx context.Context, compiler *ast.Compiler, doc ast.Value, rules []*policies.Rule) ([]answer, error) {
	var terms []*ast.Term
	for _, r := range rules {
		terms = append(terms, ref(r, r.Name))
		if r.Applies {
			terms = append(terms, ref(r, r.Name+"_applies"))
		}
	}
	body := ast.NewBody(ast.Equality.Expr(ast.VarTerm("answers"), ast.ArrayTerm(terms...)))
	var builtinErrors []topdown.Error
	results, err := rego.New(
		rego.Compiler(compiler),
		rego.ParsedQuery(body),
		rego.ParsedInput(doc),
		rego.Function2(matchesDecl, matches),
		rego.Function1(internetDecl, internet),
		rego.Function2(actionDecl, action),
		rego.BuiltinErrorList(&builtinErrors),
	).Eval(ctx)
	if err != nil {
		return nil, err
	}
	if len(results) != 1 {
		return nil, errors.New("the query has no result")
	}
	values, _ := results[0].Bindings["answers"].([]any)
	answers := make([]answer, 0, len(rules))
	for _, r := range rules {
		a := answer{rule: r}
		a.emitted, values = emitted(values[0]), values[1:]
		if r.Applies {
			a.applies, values = subjects(values[0]), values[1:]
		}
		answers = append(answers, a)
	}
	for i := range builtinErrors {
		// A null where a text is due is undefined, which is Rego's own
		// meaning of it and a rule's too: nothing is written there.
		if builtinErrors[i].Code != topdown.TypeErr {
			return answers, &builtinErrors[i]
		}
	}
	return answers, nil
}

func ref(r *policies.Rule, name string) *ast.Term {
	return ast.RefTerm(ast.VarTerm("data"), ast.StringTerm("demarc"), ast.StringTerm(path.Dir(r.ID)), ast.StringTerm(name))
}

// emitted reads the findings a rule returned.
func emitted(v any) []raw {
	items, _ := v.([]any)
	out := make([]raw, 0, len(items))
	for _, item := range items {
		m, _ := item.(map[string]any)
		text := func(key string) string {
			s, _ := m[key].(string)
			return s
		}
		inconclusive, _ := m["inconclusive"].(bool)
		out = append(out, raw{number(m["subject"]), text("path"), text("message"), text("tag"), inconclusive})
	}
	return out
}

// subjects reads the resources a rule narrowed its subjects to.
func subjects(v any) map[int]bool {
	items, _ := v.([]any)
	out := make(map[int]bool, len(items))
	for _, item := range items {
		out[number(item)] = true
	}
	return out
}

func number(v any) int {
	if n, ok := v.(interface{ Int64() (int64, error) }); ok {
		if i, err := n.Int64(); err == nil {
			return int(i)
		}
	}
	return -1
}
