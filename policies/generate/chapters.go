package main

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/demarc-dev/demarc/policies"
)

// chapter is a service's rules: <service>.rego, or a folder <service> of themes
// in one package.
type chapter struct {
	name, title  string
	files, types []string
	rules        []rule
}

// rule is what a rule's METADATA says, to a scan and to people.
type rule struct {
	policies.Rule
	prose   policies.Prose
	aspects aspects
}

// readChapters reads all chapters below a directory, sorted by service.
func readChapters(dir string) ([]chapter, error) {
	root := os.DirFS(dir)
	files, err := chapterFiles(root)
	if err != nil {
		return nil, err
	}
	lib, err := readLibrary(dir)
	if err != nil {
		return nil, err
	}
	var chapters []chapter
	for _, service := range slices.Sorted(maps.Keys(files)) {
		c, err := readChapter(root, lib, service, files[service])
		if err != nil {
			return nil, err
		}
		chapters = append(chapters, c)
	}
	return chapters, nil
}

// chapterFiles are the names of the chapters' files by service, sorted.
func chapterFiles(root fs.FS) (map[string][]string, error) {
	files := map[string][]string{}
	for _, pattern := range []string{"*.rego", "*/*.rego"} {
		names, err := fs.Glob(root, pattern)
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			service, _, folder := strings.Cut(name, "/")
			if service == "lib" || strings.HasSuffix(name, "_test.rego") {
				continue
			}
			service = strings.TrimSuffix(service, ".rego")
			if folder && len(files[service]) > 0 && files[service][0] == service+".rego" {
				return nil, fmt.Errorf("%s.rego stands beside the folder %s: a chapter is one of them", service, service)
			}
			files[service] = append(files[service], name)
		}
	}
	return files, nil
}

func readChapter(root fs.FS, lib library, service string, files []string) (chapter, error) {
	c := chapter{name: service, files: files}
	var modules []*ast.Module
	for _, name := range files {
		text, err := fs.ReadFile(root, name)
		if err != nil {
			return c, err
		}
		module, err := ast.ParseModuleWithOpts(name, string(text), ast.ParserOptions{ProcessAnnotation: true})
		if err != nil {
			return c, fmt.Errorf("%s: %w", name, err)
		}
		if written := strings.TrimPrefix(module.Package.Path.String(), "data.demarc."); written != service {
			return c, fmt.Errorf("%s: the package is demarc.%s: demarc.%s is expected", name, written, service)
		}
		if path.Base(name) == service+".rego" {
			c.title = chapterTitle(string(text))
		}
		modules = append(modules, module)
		c.types = union(c.types, lib.typesRead(module))
	}
	if c.title == "" {
		return c, fmt.Errorf("%s: a comment that says what the chapter is about is missing above the package of %s.rego", service, service)
	}
	var err error
	if c.rules, err = readRules(service, modules); err != nil {
		return c, err
	}
	return c, checkOptions(modules, c.rules)
}

// chapterTitle is the comment that a chapter begins with.
func chapterTitle(text string) string {
	head, _, _ := strings.Cut("\n"+text, "\npackage ")
	head = strings.Join(strings.Fields(strings.ReplaceAll(head, "#", " ")), " ")
	return strings.TrimSuffix(head, ".")
}

// readRules reads the METADATA of a chapter's rules, sorted by id.
func readRules(service string, modules []*ast.Module) ([]rule, error) {
	var rules []rule
	seen, narrowed := map[string]bool{}, map[string]bool{}
	for _, module := range modules {
		for _, r := range module.Rules {
			if name, ok := strings.CutSuffix(r.Head.Name.String(), "_applies"); ok {
				narrowed[name] = true
			}
			read, err := readRule(service, r)
			if err != nil {
				return nil, err
			}
			if read == nil {
				continue
			}
			if seen[read.ID] {
				return nil, fmt.Errorf("%s: METADATA stands on more than one of its bodies", read.ID)
			}
			seen[read.ID] = true
			rules = append(rules, *read)
		}
	}
	for i := range rules {
		rules[i].Applies = narrowed[rules[i].Name]
	}
	slices.SortFunc(rules, func(a, b rule) int { return strings.Compare(a.ID, b.ID) })
	return rules, nil
}

// checkOptions holds the options that a chapter asks for against those that
// its rules declare.
func checkOptions(modules []*ast.Module, rules []rule) error {
	asked := map[[2]string]bool{}
	for _, module := range modules {
		ast.WalkTerms(module, func(t *ast.Term) bool {
			call, ok := t.Value.(ast.Call)
			if !ok || call[0].String() != "value.option" || len(call) != 3 {
				return false
			}
			rule, _ := call[1].Value.(ast.String)
			name, _ := call[2].Value.(ast.String)
			asked[[2]string{string(rule), string(name)}] = true
			return false
		})
	}
	var errs []error
	for _, r := range rules {
		for _, o := range r.Options {
			if key := [2]string{r.ID, o.Name}; asked[key] {
				delete(asked, key)
			} else {
				errs = append(errs, fmt.Errorf("%s: nothing asks for value.option(%q, %q)", r.ID, r.ID, o.Name))
			}
		}
	}
	for key := range asked {
		errs = append(errs, fmt.Errorf("value.option(%q, %q): that rule has no such option", key[0], key[1]))
	}
	return errors.Join(errs...)
}
