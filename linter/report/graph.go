package report

import (
	"fmt"
	"io"
	"sort"
	"strings"

	"github.com/demarc-dev/demarc/linter/diagram"
	"github.com/demarc-dev/demarc/linter/finding"
)

// GraphFormat is a form in which a diagram is written.
type GraphFormat struct {
	write func(d *diagram.Diagram) string
	// most is how many nodes, edges and bytes the form's programs take; 0 is
	// any number.
	nodes, edges, bytes int
}

// graphFormats are the forms by name. Graphviz lays out some hundreds of nodes
// in seconds. Mermaid refuses more than 500 edges and 50,000 characters unless
// it is configured otherwise, which GitHub and GitLab do not let a page do
// (https://mermaid.js.org/config/schema-docs/config.html, maxEdges, maxTextSize).
var graphFormats = map[string]GraphFormat{
	"dot":     {write: dot, nodes: 500},
	"mermaid": {write: mermaid, edges: 500, bytes: 50_000},
	"json":    {write: graphJSON},
}

// GraphFormats lists the forms of a diagram, the default first.
var GraphFormats = []string{"dot", "mermaid", "json"}

// Graph returns the form of a diagram by its name.
func Graph(name string) (GraphFormat, error) {
	if f, ok := graphFormats[name]; ok {
		return f, nil
	}
	return GraphFormat{}, fmt.Errorf("unknown format %q: use %s", name, strings.Join(GraphFormats, ", "))
}

// Write writes not more than limit nodes, those with the worst findings; 0
// writes as many as the form's programs take. It tells what was left out.
func (f GraphFormat) Write(w io.Writer, d *diagram.Diagram, limit int) (diagram.Cut, error) {
	most := limit
	if most == 0 {
		most = len(d.Nodes)
		if f.nodes > 0 {
			most = min(most, f.nodes)
		}
	}
	fits := func(nodes int) bool {
		shown := d.Largest(nodes)
		return (f.edges == 0 || len(shown.Edges) <= f.edges) && (f.bytes == 0 || len(f.write(shown)) <= f.bytes)
	}
	if limit == 0 && !fits(most) {
		most = sort.Search(most, func(n int) bool { return !fits(n + 1) })
	}
	shown := d.Largest(most)
	_, err := io.WriteString(w, f.write(shown))
	return shown.Cut, err
}

// CutText says what a diagram leaves out, or "".
func CutText(c diagram.Cut) string {
	if c == (diagram.Cut{}) {
		return ""
	}
	return fmt.Sprintf("not shown: %s and %s", finding.Plural(c.Nodes, "resource"), finding.Plural(c.Edges, "reference"))
}

// nodeColors are fill and border of a node by its state. Black text on every
// fill has a contrast of more than 9:1.
var nodeColors = []struct{ state, fill, border string }{
	{"critical", "#f3b6cf", "#9d174d"}, {"high", "#f9c4a8", "#c2410c"}, {"medium", "#f2dc9b", "#a16207"},
	{"low", "#bfd7ee", "#3a6ea5"}, {"inconclusive", "#e2e4e6", "#6f7a83"}, {"", "#ffffff", "#9aa5ad"},
}

// nodeText are the lines of a node: its name, its type where the name does not
// tell it, and how many there are.
func nodeText(n diagram.Node) []string {
	lines := []string{clean(n.Name())}
	if !strings.Contains(n.Address, n.DeclaredType+".") {
		lines = append(lines, clean(n.DeclaredType))
	}
	if n.Instances > 1 {
		lines = append(lines, fmt.Sprintf("%d instances", n.Instances))
	}
	if n.External {
		lines = append(lines, "outside the stack")
	}
	return lines
}

// ruleTexts are the rules of a node's findings, each with its state.
func ruleTexts(n diagram.Node) []string {
	var out []string
	for _, group := range byRule(n.Findings) {
		out = append(out, label(group[0])+" "+clean(group[0].Rule))
	}
	return out
}

// dot writes the language of Graphviz (https://graphviz.org/doc/info/lang.html).
func dot(d *diagram.Diagram) string {
	var b strings.Builder
	// Without newrank, Graphviz 2.42 fails on some nested clusters.
	b.WriteString("digraph demarc {\n  rankdir=LR;\n  newrank=true;\n  node [shape=box, style=\"filled,rounded\", fontname=\"Helvetica\", fontsize=10];\n  edge [fontname=\"Helvetica\", fontsize=8, color=\"#6f7a83\", fontcolor=\"#5b6670\"];\n  graph [fontname=\"Helvetica\", fontsize=11, style=rounded, color=\"#9aa5ad\"];\n")
	if text := CutText(d.Cut); text != "" {
		fmt.Fprintf(&b, "  label=%s;\n  labelloc=t;\n", dotText(text))
	}
	clusters := 0
	var group func(g *diagram.Group, indent string)
	group = func(g *diagram.Group, indent string) {
		fmt.Fprintf(&b, "%ssubgraph cluster_%d {\n%s  label=%s;\n", indent, clusters, indent, dotText(clean(g.Title)))
		clusters++
		for _, i := range g.Nodes {
			n := d.Nodes[i]
			style := nodeStyle(n)
			fmt.Fprintf(&b, "%s  n%d [label=%s, fillcolor=%q, color=%q", indent, i, dotText(nodeText(n)...), style.fill, style.border)
			if n.External {
				b.WriteString(`, style="filled,rounded,dashed"`)
			}
			if rules := ruleTexts(n); len(rules) > 0 {
				fmt.Fprintf(&b, ", tooltip=%s", dotText(rules...))
			}
			b.WriteString("];\n")
		}
		for _, child := range g.Groups {
			group(child, indent+"  ")
		}
		b.WriteString(indent + "}\n")
	}
	for _, g := range d.Groups() {
		group(g, "  ")
	}
	for _, e := range d.Edges {
		fmt.Fprintf(&b, "  n%d -> n%d [label=%s];\n", e.From, e.To, dotText(clean(e.Attribute)))
	}
	return b.String() + "}\n"
}

func nodeStyle(n diagram.Node) (style struct{ state, fill, border string }) {
	state := n.State()
	for _, style = range nodeColors {
		if style.state == state {
			break
		}
	}
	return style
}

// dotText is a quoted text of several lines. Graphviz reads a backslash as the
// start of an escape.
func dotText(lines ...string) string {
	escaped := make([]string, len(lines))
	for i, line := range lines {
		escaped[i] = strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(line)
	}
	return `"` + strings.Join(escaped, `\n`) + `"`
}

// mermaid writes a flowchart of Mermaid (https://mermaid.js.org/syntax/flowchart.html).
func mermaid(d *diagram.Diagram) string {
	var b strings.Builder
	b.WriteString("flowchart LR\n")
	if text := CutText(d.Cut); text != "" {
		fmt.Fprintf(&b, "  cut[%s]\n", mermaidText(text))
	}
	groups := 0
	var group func(g *diagram.Group, indent string)
	group = func(g *diagram.Group, indent string) {
		fmt.Fprintf(&b, "%ssubgraph g%d[%s]\n", indent, groups, mermaidText(clean(g.Title)))
		groups++
		for _, i := range g.Nodes {
			n := d.Nodes[i]
			fmt.Fprintf(&b, "%s  n%d[%s]", indent, i, mermaidText(nodeText(n)...))
			if state := n.State(); state != "" {
				b.WriteString(":::" + state)
			}
			b.WriteString("\n")
		}
		for _, child := range g.Groups {
			group(child, indent+"  ")
		}
		b.WriteString(indent + "end\n")
	}
	for _, g := range d.Groups() {
		group(g, "  ")
	}
	for _, e := range d.Edges {
		fmt.Fprintf(&b, "  n%d -->|%s| n%d\n", e.From, mermaidText(clean(e.Attribute)), e.To)
	}
	return b.String() + mermaidClasses()
}

func mermaidClasses() string {
	var b strings.Builder
	for _, c := range nodeColors {
		if c.state != "" {
			fmt.Fprintf(&b, "  classDef %s fill:%s,stroke:%s,color:#000000\n", c.state, c.fill, c.border)
		}
	}
	return b.String()
}

// mermaidText is a quoted text of several lines. Every character that could
// mean something to Mermaid, Markdown or HTML becomes an entity code.
func mermaidText(lines ...string) string {
	var b strings.Builder
	b.WriteByte('"')
	for i, line := range lines {
		if i > 0 {
			b.WriteString("<br/>")
		}
		for _, r := range line {
			if r < 0x80 && strings.ContainsRune("\"#<>&`\\|{}[]();%*~$'", r) {
				fmt.Fprintf(&b, "#%d;", r)
			} else {
				b.WriteRune(r)
			}
		}
	}
	b.WriteByte('"')
	return b.String()
}

type graphDocument struct {
	Schema int         `json:"schema"`
	Nodes  []graphNode `json:"nodes"`
	Edges  []graphEdge `json:"edges"`
	Cut    graphCut    `json:"not_shown"`
}

type graphNode struct {
	ID           int            `json:"id"`
	Root         string         `json:"root"`
	Module       string         `json:"module"`
	Address      string         `json:"address"`
	Type         string         `json:"type"`
	DeclaredType string         `json:"declared_type"`
	Instances    int            `json:"instances"`
	External     bool           `json:"external"`
	State        string         `json:"state"`
	Findings     []evidenceJSON `json:"findings"`
}

type graphEdge struct {
	From      int    `json:"from"`
	To        int    `json:"to"`
	Attribute string `json:"attribute"`
}

type graphCut struct {
	Nodes int `json:"nodes"`
	Edges int `json:"edges"`
}

func graphJSON(d *diagram.Diagram) string {
	out := graphDocument{Schema: 1, Nodes: []graphNode{}, Edges: []graphEdge{}, Cut: graphCut(d.Cut)}
	for i, n := range d.Nodes {
		out.Nodes = append(out.Nodes, graphNode{
			ID: i, Root: n.Root, Module: n.Module(), Address: n.Address, Type: n.Type, DeclaredType: n.DeclaredType,
			Instances: n.Instances, External: n.External, State: n.State(), Findings: evidence(n.Findings),
		})
	}
	for _, e := range d.Edges {
		out.Edges = append(out.Edges, graphEdge(e))
	}
	var b strings.Builder
	_ = WriteJSON(&b, out) // plain fields and a builder cannot fail
	return b.String()
}
