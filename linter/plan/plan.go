// Package plan reads what `terraform show -json` writes of a plan or a state
// (https://developer.hashicorp.com/terraform/internals/json-format) into the
// resource graph. Values come from the plan; where the configuration it was
// made of is at hand, ranges, links and the parts of unknown values come from
// there, by address.
package plan

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"sort"
	"strings"

	"github.com/demarc-dev/demarc/linter/graph"
	"github.com/demarc-dev/demarc/linter/source"
)

// Plan is a plan or a state that was read.
type Plan struct {
	file      *source.File
	document  document
	resources []*planned
	changes   map[string]*resourceChange
	modules   map[string]*configModule // by address without keys
	instances map[string][]string      // full addresses, by module instance and name in it
	present   map[string]bool          // full addresses, those of module instances too
	calls     map[string][]string      // module instances, by address without keys
}

// planned is one resource instance, in the module instance that holds it.
type planned struct {
	module string
	*resource
}

type document struct {
	FormatVersion string            `json:"format_version"`
	Errored       bool              `json:"errored"`
	PlannedValues *values           `json:"planned_values"`
	Values        *values           `json:"values"` // of a state
	PriorState    *stateIn          `json:"prior_state"`
	Changes       []*resourceChange `json:"resource_changes"`
	Configuration *struct {
		RootModule *configModule `json:"root_module"`
	} `json:"configuration"`
}

type stateIn struct {
	Values *values `json:"values"`
}

type values struct {
	RootModule *module `json:"root_module"`
}

type module struct {
	Address   string      `json:"address"`
	Resources []*resource `json:"resources"`
	Children  []*module   `json:"child_modules"`
}

type resource struct {
	Address   string         `json:"address"`
	Mode      string         `json:"mode"`
	Type      string         `json:"type"`
	Name      string         `json:"name"`
	Values    map[string]any `json:"values"`
	Sensitive any            `json:"sensitive_values"`
	Deposed   string         `json:"deposed_key"`
}

type resourceChange struct {
	Address string `json:"address"`
	Deposed string `json:"deposed"`
	Change  struct {
		Actions        []string `json:"actions"`
		AfterUnknown   any      `json:"after_unknown"`
		AfterSensitive any      `json:"after_sensitive"`
	} `json:"change"`
}

type configModule struct {
	Resources []*configResource `json:"resources"`
	Calls     map[string]*struct {
		Expressions map[string]any `json:"expressions"`
		Module      *configModule  `json:"module"`
	} `json:"module_calls"`
	Outputs map[string]*struct {
		Expression any `json:"expression"`
	} `json:"outputs"`
}

type configResource struct {
	Address     string         `json:"address"`
	Expressions map[string]any `json:"expressions"`
	ForEach     any            `json:"for_each_expression"`
}

// Is reports whether a file is the JSON of a plan or a state: by its members,
// or by its beginning where it is broken.
func Is(data []byte) bool {
	if !bytes.Contains(data, []byte(`"format_version"`)) {
		return false
	}
	if members, whole := memberNames(data); whole {
		for _, name := range []string{"planned_values", "resource_changes", "values", "prior_state"} {
			if members[name] && members["format_version"] {
				return true
			}
		}
		// A state without resources has nothing else.
		return len(members) <= 2 && members["format_version"] && members["terraform_version"]
	}
	for _, name := range []string{`"planned_values"`, `"resource_changes"`, `"terraform_version"`} {
		if bytes.Contains(data, []byte(name)) {
			return bytes.IndexByte(data, '{') < bytes.Index(data, []byte(`"format_version"`)) // cut off
		}
	}
	return false
}

// memberNames are the names of an object's members, found without decoding what
// they are: a plan is large. whole is false where the text ends before the
// object does, or goes on behind it.
func memberNames(data []byte) (names map[string]bool, whole bool) {
	names = map[string]bool{}
	depth, last := 0, ""
	for i := 0; i < len(data); i++ {
		switch c := data[i]; c {
		case '{', '[':
			if depth == 0 && c == '[' {
				return nil, false
			}
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				return names, len(bytes.TrimSpace(data[i+1:])) == 0
			}
		case ':':
			if depth == 1 {
				names[last] = true
			}
		case '"':
			from := i + 1
			for i++; i < len(data) && data[i] != '"'; i++ {
				if data[i] == '\\' {
					i++
				}
			}
			if depth == 1 && i < len(data) {
				last = string(data[from:i])
			}
		}
	}
	return nil, false
}

// Foreign says what to do with a file that Terraform wrote, but not for others
// to read; "" for any other.
func Foreign(data []byte) string {
	const advice = ": run `terraform show -json %s > plan.json` and scan that"
	if bytes.HasPrefix(data, []byte("PK\x03\x04")) && bytes.Contains(data, []byte("tfplan")) { // a zip of files named so
		return "a plan in Terraform's own format" + fmt.Sprintf(advice, "PLANFILE")
	}
	if isLog(data) {
		return "the log of terraform plan -json, which holds no values: run `terraform plan -out PLANFILE`" + strings.Replace(fmt.Sprintf(advice, "PLANFILE"), ": run", ", then", 1)
	}
	var raw struct {
		Version *int   `json:"version"`
		Lineage string `json:"lineage"`
	}
	if bytes.Contains(data, []byte(`"lineage"`)) && json.Unmarshal(data, &raw) == nil && raw.Version != nil && raw.Lineage != "" {
		return "a state in Terraform's own format" + fmt.Sprintf(advice, "STATEFILE")
	}
	return ""
}

// isLog reports whether data is the machine-readable log of a Terraform command.
// https://developer.hashicorp.com/terraform/internals/machine-readable-ui
func isLog(data []byte) bool {
	const head = 4096
	if !bytes.Contains(bytes.ReplaceAll(data[:min(len(data), head)], []byte{0}, nil), []byte(`"@level"`)) {
		return false
	}
	var line struct {
		Level  string `json:"@level"`
		Module string `json:"@module"`
	}
	document := first(decoded(data))
	return json.Unmarshal(document, &line) == nil && line.Level != "" && line.Module != ""
}

// Read reads the JSON of a plan or a state. The plan is nil where the
// diagnostics say why there is none.
func Read(f *source.File) (*Plan, []graph.Diagnostic) {
	p := &Plan{
		file: f, changes: map[string]*resourceChange{}, modules: map[string]*configModule{},
		instances: map[string][]string{}, present: map[string]bool{}, calls: map[string][]string{},
	}
	decoder := json.NewDecoder(bytes.NewReader(f.Data))
	decoder.UseNumber()
	if err := decoder.Decode(&p.document); err != nil {
		return nil, []graph.Diagnostic{p.problem(err)}
	}
	major, _, _ := strings.Cut(p.document.FormatVersion, ".")
	if major != "0" && major != "1" {
		return nil, []graph.Diagnostic{{File: f.Path, Message: fmt.Sprintf("its format_version is %q: demarc reads version 1", p.document.FormatVersion)}}
	}
	var diags []graph.Diagnostic
	if p.document.Errored {
		diags = append(diags, graph.Diagnostic{File: f.Path, Message: "terraform plan ended with an error: resources may be missing from it"})
	}
	if c := p.document.Configuration; c != nil && c.RootModule != nil {
		p.configured("", c.RootModule)
	}
	for _, c := range p.document.Changes {
		if c != nil && c.Deposed == "" {
			p.changes[c.Address] = c
		}
	}
	for _, from := range []struct {
		values   *values
		onlyData bool
	}{{p.document.PlannedValues, false}, {p.document.Values, false}, {p.prior(), true}} {
		if from.values != nil && from.values.RootModule != nil {
			diags = append(diags, p.collect(from.values.RootModule, from.onlyData)...)
		}
	}
	return p, diags
}

func (p *Plan) prior() *values {
	if p.document.PriorState == nil {
		return nil
	}
	return p.document.PriorState.Values
}

// problem explains an error of the decoder.
func (p *Plan) problem(err error) graph.Diagnostic {
	d := graph.Diagnostic{File: p.file.Path}
	at := func(offset int64) {
		from := max(0, min(int(offset)-1, len(p.file.Data)))
		d.Range = source.Range{File: p.file, Start: from, End: min(from+1, len(p.file.Data))}
	}
	var syntax *json.SyntaxError
	var wrong *json.UnmarshalTypeError
	switch {
	case errors.As(err, &wrong):
		at(wrong.Offset)
		d.Message = fmt.Sprintf("is no plan as terraform show -json writes it: %s must not be a %s", wrong.Field, wrong.Value)
	case errors.As(err, &syntax):
		at(syntax.Offset)
		d.Message = "is no valid JSON: " + syntax.Error() + "; write it again with terraform show -json"
	default:
		d.Message = "ends too early: write it again with terraform show -json"
	}
	return d
}

// configured indexes the configuration's modules.
func (p *Plan) configured(address string, m *configModule) {
	p.modules[address] = m
	for name, c := range m.Calls {
		if c != nil && c.Module != nil {
			p.configured(join(address, "module."+name), c.Module)
		}
	}
}

func join(module, rest string) string {
	if module == "" {
		return rest
	}
	return module + "." + rest
}

// collect adds the resources of a module and of those below it.
func (p *Plan) collect(m *module, onlyData bool) []graph.Diagnostic {
	var diags []graph.Diagnostic
	if identity := graph.StripKeys(m.Address); m.Address != "" && !onlyData {
		p.calls[identity] = append(p.calls[identity], m.Address)
		p.present[m.Address] = true
	}
	for _, r := range m.Resources {
		switch {
		case r == nil || r.Deposed != "" || onlyData && r.Mode != "data" || r.Mode == "ephemeral":
			continue
		case r.Address == "" || r.Type == "" || r.Name == "":
			diags = append(diags, graph.Diagnostic{File: p.file.Path, Message: fmt.Sprintf("a resource has no address, type or name: %q", r.Address)})
			continue
		case p.present[r.Address] || p.forgets(r):
			continue
		}
		p.present[r.Address] = true
		p.resources = append(p.resources, &planned{m.Address, r})
		key := join(m.Address, r.local())
		p.instances[key] = append(p.instances[key], r.Address)
	}
	for _, child := range m.Children {
		if child != nil {
			diags = append(diags, p.collect(child, onlyData)...)
		}
	}
	return diags
}

// forgets reports whether a plan only drops a resource from the state, and so
// says nothing of what it is.
// https://developer.hashicorp.com/terraform/language/block/removed
func (p *Plan) forgets(r *resource) bool {
	c := p.changes[r.Address]
	return c != nil && len(c.Change.Actions) == 1 && c.Change.Actions[0] == "forget"
}

// local is the resource's address in its module, without its key.
func (r *resource) local() string {
	if r.Mode == "data" {
		return "data." + r.Type + "." + r.Name
	}
	return r.Type + "." + r.Name
}

// Fits reports whether a configuration declares a resource of the plan.
func (p *Plan) Fits(configuration *graph.Stack) bool {
	own := make(map[string]bool, len(p.resources))
	for _, r := range p.resources {
		own[graph.StripKeys(r.Address)] = true
	}
	for _, r := range configuration.Resources {
		if own[r.Identity()] {
			return true
		}
	}
	return false
}

// Stack makes a stack of the plan. configuration is what it was made of,
// evaluated; nil where that is not at hand.
func (p *Plan) Stack(configuration *graph.Stack) *graph.Stack {
	s := &graph.Stack{Root: p.file.Path, Plan: p.file.Path, Language: graph.Terraform}
	c := &converter{plan: p, links: map[linkKey][]graph.Link{}, configs: p.configs()}
	if configuration != nil {
		s.Root, s.Files = configuration.Root, configuration.Files
	}
	from := newOrigins(configuration)
	for _, r := range p.resources {
		out := &graph.Resource{Address: r.Address, DeclaredType: r.Type, Data: r.Mode == "data"}
		written := from.find(r.Address)
		if written != nil {
			out.Header, out.Block, out.Calls = written.Header, written.Block, placed(written.Calls, r.module)
		} else if gap := from.gap(r.Address); gap != nil {
			out.Header, out.Block = gap.Range, gap.Range
		}
		// A plan was made with inputs that are given: what the source says of
		// other ones is no part of it.
		out.Declared = c.resource(r, written).WithoutAlternatives()
		s.Resources = append(s.Resources, out)
	}
	sort.SliceStable(s.Resources, func(i, j int) bool { return before(s.Resources[i], s.Resources[j]) })
	return s
}

// before orders resources as they are written, those without a place last.
func before(a, b *graph.Resource) bool {
	switch {
	case a.Block.Valid() != b.Block.Valid():
		return a.Block.Valid()
	case !a.Block.Valid() || a.Block.File == b.Block.File && a.Block.Start == b.Block.Start:
		return a.Address < b.Address
	case a.Block.File != b.Block.File:
		return a.Block.File.Path < b.Block.File.Path
	}
	return a.Block.Start < b.Block.Start
}

// configs are the plan's configured resources by address without keys.
func (p *Plan) configs() map[string]*configResource {
	out := map[string]*configResource{}
	for address, m := range p.modules {
		for _, r := range m.Resources {
			if r != nil {
				out[join(address, r.Address)] = r
			}
		}
	}
	return out
}

// origins finds what the configuration says of an address.
type origins struct {
	exact    map[string]*graph.Resource
	identity map[string]*graph.Resource
	gaps     []*graph.Gap
}

func newOrigins(s *graph.Stack) origins {
	o := origins{map[string]*graph.Resource{}, map[string]*graph.Resource{}, nil}
	if s == nil {
		return o
	}
	o.gaps = s.Gaps
	for _, r := range s.Resources {
		o.exact[r.Address] = r
		if identity := r.Identity(); o.identity[identity] == nil {
			o.identity[identity] = r
		}
	}
	return o
}

func (o origins) find(address string) *graph.Resource {
	if r := o.exact[address]; r != nil {
		return r
	}
	return o.identity[graph.StripKeys(address)]
}

// gap is the module call that leads to a resource of a module whose source is
// not at hand.
func (o origins) gap(address string) *graph.Gap {
	identity := graph.StripKeys(address)
	for _, g := range o.gaps {
		if strings.HasPrefix(identity, graph.StripKeys(g.Address)+".") {
			return g
		}
	}
	return nil
}

// placed are module calls with the keys that the plan has for them.
func placed(calls []graph.Call, module string) []graph.Call {
	out := append([]graph.Call(nil), calls...)
	for i := len(out) - 1; i >= 0 && module != ""; i-- {
		out[i].Address = module
		module, _, _ = caller(module)
	}
	return out
}
