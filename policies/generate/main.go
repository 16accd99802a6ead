// Command generate writes the Go tables from the schema tables, the rules'
// METADATA, their aliases, the controls and the standards, what rules say to people into
// prose/, and the rules' pages into docs. Run it with go generate ./policies.
package main

import (
	"log"
	"maps"
	"os"
	"path/filepath"
)

func main() {
	log.SetFlags(0)
	dir := "."
	if len(os.Args) > 1 {
		dir = os.Args[1]
	}
	out, err := generate(dir)
	if err != nil {
		log.Fatal("generate: ", err)
	}
	for name, text := range out {
		if err := write(filepath.Join(dir, name), text); err != nil {
			log.Fatal("generate: ", err)
		}
	}
}

func write(name, text string) error {
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	return os.WriteFile(name, []byte(text), 0o644)
}

// generate returns the files that are made of a directory of policies, by
// their name relative to it.
func generate(dir string) (map[string]string, error) {
	types, err := readSchema(filepath.Join(dir, "schema"))
	if err != nil {
		return nil, err
	}
	model, err := readControls(filepath.Join(dir, "controls.yaml"))
	if err != nil {
		return nil, err
	}
	chapters, err := readChapters(dir)
	if err != nil {
		return nil, err
	}
	if err := addAliases(filepath.Join(dir, "aliases.yaml"), chapters); err != nil {
		return nil, err
	}
	controls, standards, err := readStandards(os.DirFS(dir))
	if err != nil {
		return nil, err
	}
	addSecurityHub(controls, chapters)
	if err := model.addRules(chapters); err != nil {
		return nil, err
	}
	if err := check(types, chapters); err != nil {
		return nil, err
	}
	out, err := tables(types, chapters, model)
	if err != nil {
		return nil, err
	}
	maps.Copy(out, proseFiles(chapters))
	docs := pages(dir, chapters, model)
	if docs["coverage.md"], err = coverage(filepath.Join(dir, "peers.yaml"), chapters); err != nil {
		return nil, err
	}
	docs["standards.md"] = standardsPage(controls, standards, chapters)
	for name, text := range docs {
		out["../docs/"+name] = text
	}
	return out, nil
}
