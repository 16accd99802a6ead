package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/demarc-dev/demarc/linter/diagram"
	"github.com/demarc-dev/demarc/linter/finding"
)

const hostileName = "a\"];evil\n\\\x1b[31m\u202e</b><script>`#quot;%%{init}%%|-->x"

func hostileDiagram() *diagram.Diagram {
	return &diagram.Diagram{
		Nodes: []diagram.Node{
			{Root: hostileName, Modules: []string{hostileName}, Address: hostileName, Type: hostileName, DeclaredType: hostileName, Instances: 2, External: true,
				Findings: []finding.Finding{{Rule: hostileName, Severity: finding.High, Status: finding.Fail}}},
			{Root: hostileName, Address: "b", Instances: 1},
		},
		Edges: []diagram.Edge{{From: 0, To: 1, Attribute: hostileName}},
	}
}

// Names of the scanned tree are text in a diagram, whatever is in them: every
// line has the form that its language gives it.
func TestGraphsEscapeNames(t *testing.T) {
	quoted := `"(?:[^"\\]|\\[\\"n])*"`
	entities := `"(?:[^"#<>&;` + "`" + `\\|{}\[\]()%]|#\d+;|<br/>)*"`
	for name, line := range map[string]*regexp.Regexp{
		"dot": regexp.MustCompile(`^(digraph demarc \{|\}| *subgraph cluster_\d+ \{| *label=` + quoted + `;| *\}| *(rankdir=LR|newrank=true|labelloc=t);| *(node|edge|graph) \[.*\];| *n\d+ \[label=` + quoted +
			`, fillcolor="#\w+", color="#\w+"(, style="filled,rounded,dashed")?(, tooltip=` + quoted + `)?\];| *n\d+ -> n\d+ \[label=` + quoted + `\];)$`),
		"mermaid": regexp.MustCompile(`^(flowchart LR| *subgraph g\d+\[` + entities + `\]| *end| *n\d+\[` + entities + `\](:::\w+)?| *n\d+ -->\|` + entities + `\| n\d+| *classDef \w+ [\w:#,-]+)$`),
	} {
		form, err := Graph(name)
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if _, err := form.Write(&b, hostileDiagram(), 0); err != nil {
			t.Fatal(err)
		}
		for _, text := range strings.Split(strings.TrimSuffix(b.String(), "\n"), "\n") {
			if !line.MatchString(text) {
				t.Errorf("%s: %q is no line of a diagram", name, text)
			}
		}
		if strings.ContainsAny(b.String(), "\x1b\u202e") {
			t.Errorf("%s has control characters", name)
		}
	}
}

// manyNodes has n nodes in a chain; the last have findings.
func manyNodes(n int) *diagram.Diagram {
	d := &diagram.Diagram{}
	for i := range n {
		node := diagram.Node{Root: ".", Address: fmt.Sprintf("aws_sns_topic.with_a_name_of_some_length_%d", i), Instances: 1}
		if i >= n-3 {
			node.Findings = []finding.Finding{{Rule: "sns/encryption", Severity: finding.Medium, Status: finding.Fail}}
		}
		d.Nodes = append(d.Nodes, node)
		if i > 0 {
			d.Edges = append(d.Edges, diagram.Edge{From: i - 1, To: i, Attribute: "next"})
		}
	}
	return d
}

// A large diagram is cut to what its programs take, the worst findings stay,
// and the diagram says what it leaves out; JSON has all.
func TestLargeGraphsAreCut(t *testing.T) {
	for name, atMost := range map[string]int{"dot": 500, "mermaid": 1000, "json": 3000} {
		form, err := Graph(name)
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		cut, err := form.Write(&b, manyNodes(3000), 0)
		if err != nil {
			t.Fatal(err)
		}
		shown := 3000 - cut.Nodes
		if shown > atMost || shown < min(atMost, 300) {
			t.Errorf("%s shows %d nodes, want at most %d", name, shown, atMost)
		}
		if name == "mermaid" && (b.Len() > 50_000 || strings.Count(b.String(), "-->") > 500) {
			t.Errorf("mermaid would refuse %d bytes and %d edges", b.Len(), strings.Count(b.String(), "-->"))
		}
		if name != "json" && !strings.Contains(b.String(), fmt.Sprintf("not shown: %d resources and %d references", cut.Nodes, cut.Edges)) {
			t.Errorf("%s does not say what it leaves out", name)
		}
		if !strings.Contains(b.String(), "_2999") {
			t.Errorf("%s leaves out a resource with a finding", name)
		}
	}
	form, _ := Graph("json")
	var b bytes.Buffer
	if cut, err := form.Write(&b, manyNodes(30), 4); err != nil || cut.Nodes != 26 {
		t.Errorf("a limit of 4 leaves out %d of 30 (%v)", cut.Nodes, err)
	}
	var out struct{ Nodes []struct{ State string } }
	if err := json.Unmarshal(b.Bytes(), &out); err != nil || len(out.Nodes) != 4 {
		t.Errorf("%d nodes (%v), want 4", len(out.Nodes), err)
	}
}
