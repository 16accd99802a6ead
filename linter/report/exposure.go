package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/demarc-dev/demarc/linter/finding"
)

// ExposureWriter writes what the internet reaches in one form.
type ExposureWriter func(w io.Writer, exposures []finding.Exposure, o Options) error

var exposureFormats = forms[ExposureWriter]{{"text", ExposureText}, {"mermaid", ExposureMermaid}, {"json", ExposureJSON}}

// ExposureFormat returns the writer of a form of demarc graph --exposed.
func ExposureFormat(name string) (ExposureWriter, error) {
	return exposureFormats.find(name, " with --exposed")
}

// reach says to people whether the internet reaches a resource.
func (w *words) reach(r finding.Reach) string {
	switch r {
	case finding.Reached:
		return w.Exposure.Reached
	case finding.Unreached:
		return w.Exposure.Unreached
	}
	return w.Exposure.Unknown
}

// reachCounts are the answers that occur, with their numbers.
func (w *words) reachCounts(exposures []finding.Exposure) string {
	var parts []string
	for _, reach := range finding.Reaches {
		if n := len(reachedBy(exposures, reach)); n > 0 {
			parts = append(parts, w.Counts.State.with(n, "state", w.reach(reach)))
		}
	}
	if len(parts) == 0 {
		return w.Exposure.None
	}
	return w.Exposure.Summary.with("resources", w.Counts.Resources.with(len(exposures)), "parts", w.list(parts))
}

func reachedBy(exposures []finding.Exposure, reach finding.Reach) []finding.Exposure {
	var out []finding.Exposure
	for _, e := range exposures {
		if e.Reach == reach {
			out = append(out, e)
		}
	}
	return out
}

// mostPaths is how many ways to a resource people are shown.
const mostPaths = 3

// ExposureText writes every way for a terminal, a hop a line, and for what is
// not reached the hops that close it.
func ExposureText(out io.Writer, exposures []finding.Exposure, o Options) error {
	paint := palette(o.Color)
	var b strings.Builder
	w := english()
	b.WriteString(w.reachCounts(exposures) + "\n")
	styles := map[finding.Reach]string{finding.Reached: "high", finding.MaybeReached: "inconclusive", finding.Unreached: "bold"}
	for _, reach := range finding.Reaches {
		for _, e := range reachedBy(exposures, reach) {
			fmt.Fprintf(&b, "\n%s  %s  %s\n", paint(styles[reach], w.reach(reach)), paint("bold", clean(e.Address)), place(e.Location))
			for i, p := range e.Paths {
				if i == mostPaths {
					fmt.Fprintf(&b, "  and %s; --format json has all\n", finding.Plural(len(e.Paths)-i, "further way"))
					break
				}
				writePath(&b, e, p, paint)
			}
		}
	}
	_, err := io.WriteString(out, b.String())
	return err
}

// hopMarks stand before a hop.
var hopMarks = map[string]string{"open": ">", "unknown": "?", "closed": "x"}

func writePath(b *strings.Builder, e finding.Exposure, p finding.Path, paint painter) {
	if e.Reach != finding.Unreached {
		b.WriteString("  internet" + english().pathNote(e, p) + "\n")
	}
	for _, h := range p.Hops {
		if e.Reach == finding.Unreached && h.State != "closed" {
			continue
		}
		fmt.Fprintf(b, "    %s %-16s  %s\n", hopMarks[h.State], h.Kind, clean(hopText(h)))
		const indent = "                        "
		if h.Location.Start != nil {
			b.WriteString(indent + lineStart(place(h.Location)) + "\n")
		}
		for _, f := range h.Findings {
			fmt.Fprintf(b, "%s%s %s: %s\n", indent, paint(label(f), label(f)), clean(f.Rule), clean(f.Message))
		}
	}
}

// pathNote tells which instance a way leads to, and when it is there.
func (w *words) pathNote(e finding.Exposure, p finding.Path) string {
	note := ""
	if p.Instance != e.Address {
		note = w.Exposure.Instance.with("instance", clean(p.Instance))
	}
	if p.When != "" {
		note += w.Exposure.When.with("when", clean(p.When))
	}
	return note
}

// hopText is a hop's text with what is unknown about it.
func hopText(h finding.Hop) string {
	text := h.Text
	for i, why := range h.Why {
		switch i {
		case 0:
			text += ": " + why.Reason
		case 1, 2:
			text += "; " + why.Reason
		}
	}
	return text
}

type exposureDocument struct {
	Schema    int            `json:"schema"`
	Counts    map[string]int `json:"counts"`
	Resources []exposureJSON `json:"resources"`
}

type exposureJSON struct {
	finding.Exposure
	Paths []pathJSON `json:"paths"`
}

type pathJSON struct {
	Instance string    `json:"instance"`
	When     *string   `json:"when"`
	Hops     []hopJSON `json:"hops"`
}

type hopJSON struct {
	finding.Hop
	Findings []evidenceJSON `json:"findings"`
}

// ExposureJSON writes what the internet reaches for programs.
func ExposureJSON(w io.Writer, exposures []finding.Exposure, _ Options) error {
	out := exposureDocument{Schema: 1, Counts: map[string]int{}, Resources: []exposureJSON{}}
	for _, reach := range finding.Reaches {
		out.Counts[string(reach)] = len(reachedBy(exposures, reach))
	}
	for _, e := range exposures {
		r := exposureJSON{Exposure: e, Paths: []pathJSON{}}
		for _, p := range e.Paths {
			path := pathJSON{Instance: p.Instance, Hops: []hopJSON{}}
			if p.When != "" {
				path.When = &p.When
			}
			for _, h := range p.Hops {
				path.Hops = append(path.Hops, hopJSON{h, evidence(h.Findings)})
			}
			r.Paths = append(r.Paths, path)
		}
		out.Resources = append(out.Resources, r)
	}
	return WriteJSON(w, out)
}

// ExposureMermaid draws the ways as a flowchart that begins at the internet.
// Ways share the hops that they begin with; dotted arrows are unknown.
func ExposureMermaid(w io.Writer, exposures []finding.Exposure, _ Options) error {
	c := chart{ids: map[string]int{}, drawn: map[string]bool{}}
	c.nodes.WriteString("flowchart LR\n  internet((\"internet\"))\n")
	for _, reach := range []finding.Reach{finding.Reached, finding.MaybeReached} {
		for _, e := range reachedBy(exposures, reach) {
			for _, p := range e.Paths {
				c.add(e, p)
			}
		}
	}
	text := c.nodes.String() + c.edges.String() + mermaidClasses()
	if c.left > 0 {
		text += fmt.Sprintf("  cut[%s]\n", mermaidText("not shown: "+finding.Plural(c.left, "way")))
	}
	_, err := io.WriteString(w, text)
	return err
}

type chart struct {
	nodes, edges strings.Builder
	ids          map[string]int
	drawn        map[string]bool
	arrows, left int
}

// add draws a way, if Mermaid still takes it.
func (c *chart) add(e finding.Exposure, p finding.Path) {
	const room = 5000 // for what a way adds
	if f := graphFormats["mermaid"]; c.arrows+len(p.Hops)+1 > f.edges || c.nodes.Len()+c.edges.Len() > f.bytes-room {
		c.left++
		return
	}
	from := "internet"
	arrow := func(to, style string) {
		if line := "  " + from + " " + style + " " + to + "\n"; !c.drawn[line] {
			c.drawn[line] = true
			c.edges.WriteString(line)
			c.arrows++
		}
		from = to
	}
	style := "-->"
	for _, h := range p.Hops {
		if h.State != "open" {
			style = "-.->"
		}
		lines := []string{h.Kind, clean(shorten(hopText(h), 120))}
		class := ""
		if len(h.Findings) > 0 {
			class = label(h.Findings[0])
			for _, group := range byRule(h.Findings) {
				lines = append(lines, clean(group[0].Rule))
			}
		} else if h.State == "unknown" {
			class = "inconclusive"
		}
		// The root and what comes before are part of what a box is: a shared later hop would
		// draw ways that are not there.
		arrow(c.node(e.Root+"\n"+from+"\n"+strings.Join(lines, "\n"), class, lines), style)
	}
	class := "inconclusive"
	if e.Reach == finding.Reached {
		class = "high"
	}
	arrow(c.node("resource "+e.Root+"\n"+e.Address, class, []string{clean(e.Address)}), style)
}

// node is the name of a box, which is made when it is first asked for.
func (c *chart) node(key, class string, lines []string) string {
	id, ok := c.ids[key]
	if !ok {
		id = len(c.ids)
		c.ids[key] = id
		fmt.Fprintf(&c.nodes, "  h%d[%s]", id, mermaidText(lines...))
		if class != "" {
			c.nodes.WriteString(":::" + class)
		}
		c.nodes.WriteString("\n")
	}
	return fmt.Sprintf("h%d", id)
}
