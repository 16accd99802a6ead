package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// linePage writes the responsibility report of a fixture as a page.
func linePage(t *testing.T, args ...string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "line.html")
	if _, err := run(append([]string{"responsibility", "--format", "html", "--output", file}, args...)); err != nil {
		t.Fatal(err)
	}
	return file
}

// visible counts the elements that take room on the page.
func (b *browser) visible(selector string) string {
	b.t.Helper()
	return b.eval(`[...document.querySelectorAll(` + "`" + selector + "`" + `)].filter(e => e.getClientRects().length).length`)
}

func (b *browser) wantVisible(selector, n, why string) {
	b.t.Helper()
	if got := b.visible(selector); got != n {
		b.t.Errorf("%s: %s of %s are visible, want %s", why, got, selector, n)
	}
}

// lowContrast finds texts whose contrast with what is behind them is below
// WCAG 2.1's level AA: 4.5, or 3 for large texts
// (https://www.w3.org/TR/WCAG21/#contrast-minimum).
const lowContrast = `(() => {
	const parse = (c) => { const m = c.match(/[\d.]+/g).map(Number); return { r: m[0], g: m[1], b: m[2], a: m.length > 3 ? m[3] : 1 } }
	const over = (a, b) => ({ r: a.r * a.a + b.r * (1 - a.a), g: a.g * a.a + b.g * (1 - a.a), b: a.b * a.a + b.b * (1 - a.a), a: 1 })
	const light = (c) => { const f = (v) => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; return 0.2126 * f(c.r) + 0.7152 * f(c.g) + 0.0722 * f(c.b) }
	const behind = (e) => {
		const layers = []
		for (; e; e = e.parentElement) { const c = parse(getComputedStyle(e).backgroundColor); layers.push(c); if (c.a === 1) break }
		return layers.reverse().reduce((below, c) => over(c, below), { r: 255, g: 255, b: 255, a: 1 })
	}
	let looked = 0
	const found = new Set()
	const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
	while (texts.nextNode()) {
		const e = texts.currentNode.parentElement
		if (!texts.currentNode.data.trim() || !e.getClientRects().length || e.matches("script, style, option")) continue
		const s = getComputedStyle(e), back = behind(e), front = over(parse(s.color), back)
		const [a, b] = [light(front), light(back)].sort((x, y) => y - x)
		const ratio = (a + 0.05) / (b + 0.05), size = parseFloat(s.fontSize)
		looked++
		if (ratio < (size >= 24 || size >= 18.66 && s.fontWeight >= 700 ? 3 : 4.5)) found.add(e.tagName + "." + e.className + " " + s.color + " on " + Math.round(back.r) + "," + Math.round(back.g) + "," + Math.round(back.b) + ": " + ratio.toFixed(2))
	}
	return JSON.stringify({ looked, found: [...found] })
})()`

func (b *browser) wantContrast(why string) {
	b.t.Helper()
	var out struct {
		Looked int
		Found  []string
	}
	if err := json.Unmarshal([]byte(b.eval(lowContrast)), &out); err != nil {
		b.t.Fatal(err)
	}
	if out.Looked < 100 {
		b.t.Errorf("%s: %d texts were looked at", why, out.Looked)
	}
	for _, f := range out.Found {
		b.t.Errorf("%s: too little contrast: %s", why, f)
	}
}

func TestLinePageInBrowser(t *testing.T) {
	b := newBrowser(t)
	b.open(linePage(t, "../../fixtures/stacks/web-app/terraform"))
	b.look(1280, 1600, "light", "screen")
	b.shots("line")
	b.wantNoComplaints()
	const rows = ".control-row"
	b.wantVisible(rows, "111", "at first")
	b.wantVisible(".drawn .chip", "111", "the drawn line")
	if got := b.eval(`(() => { const at = (s) => document.querySelector(s).getBoundingClientRect(); return at(".theirs").right < at(".drawn .border").left && at(".drawn .border").right < at(".ours").left })()`); got != "true" {
		t.Error("the line does not stand between AWS's side and yours")
	}
	if got := b.eval(`[...document.querySelectorAll(".theirs .chip")].every(e => e.classList.contains("aws")) && !document.querySelector(".ours .chip.aws")`); got != "true" {
		t.Error("a control stands on the wrong side")
	}

	// Tiles, clauses and fields filter.
	count := b.eval(`document.querySelector(".tile.broken b").textContent`)
	b.click(".tile.broken")
	b.wantVisible(rows, count, "state broken")
	if got := b.eval(`[...document.querySelectorAll(".control-row")].filter(e => e.getClientRects().length).every(e => e.dataset.state === "broken")`); got != "true" {
		t.Error("another state is shown")
	}
	b.click(".tile.broken")
	b.click(`.clause[data-value="AUDIT:3"]`)
	audit := b.eval(`[...document.querySelectorAll(".control-row")].filter(e => e.dataset.clause.split(" ").includes("AUDIT:3")).length`)
	b.wantVisible(rows, audit, "a clause")
	if got := b.eval(`document.getElementById("clause").value`); got != "AUDIT:3" || audit == "0" {
		t.Errorf("the filter says %q for %s controls", got, audit)
	}
	b.click("#clear")
	b.set("area", "incident")
	b.wantVisible(rows, "5", "an area")
	b.wantVisible("[data-group]", "1", "areas without a control are hidden")
	b.set("text", "nothing like it")
	b.wantVisible(rows, "0", "no match")
	b.wantVisible("#none", "1", "an empty list says so")
	b.click("#clear")

	// A chip leads to its control, even if a filter hides it.
	b.set("state", "kept")
	b.click(`.chip[href="#NW-3"]`)
	if got := b.await(`document.querySelector(".control-row[open]")?.id`); got != "NW-3" {
		t.Errorf("the chip leads to %q", got)
	}
	if got := b.eval(`document.getElementById("NW-3").querySelector(".evidence").textContent`); !strings.Contains(got, "security.tf:") || !strings.Contains(got, "vpc/ingress-ssh") || !strings.Contains(got, "SSH (22) is open to the internet") {
		t.Errorf("the evidence is %q", got)
	}
	const inView = `(() => { const r = document.querySelector("#NW-3 > summary").getBoundingClientRect(); return r.top >= 0 && r.bottom <= innerHeight })()`
	if got := b.await(inView); got != "true" {
		t.Error("the control that a chip leads to is not in view")
	}
	b.shoot("line-control")

	// The keyboard does it all.
	b.eval(`document.activeElement.blur(); document.getElementById("clear").click(); document.activeElement.blur()`)
	b.press("/", 191)
	b.write("dp-2")
	b.wantVisible(rows, "1", "typed")
	b.press("Escape", 27)
	b.wantVisible(rows, "111", "escaped")
	b.eval(`document.querySelector(".way summary").focus()`)
	b.press("Enter", 13)
	if got := b.eval(`document.querySelector(".way[open] .hops")?.textContent`); !strings.Contains(got, "internet gateway") || !strings.Contains(got, "security group") {
		t.Errorf("an opened way shows %q", got)
	}
	if got := b.eval(`[...document.querySelectorAll("a, button, summary, input, select")].filter(e => e.tabIndex < 0).length`); got != "0" {
		t.Errorf("the keyboard does not reach %s controls", got)
	}
	b.eval(`document.querySelectorAll("details").forEach((e, i) => { e.open = i < 40 }); document.getElementById("exposed").scrollIntoView()`)
	b.shoot("line-exposed")
	for _, scheme := range []string{"light", "dark"} {
		b.look(1280, 1600, scheme, "screen")
		b.wantContrast(scheme)
	}
	b.look(1280, 1600, "light", "print")
	b.wantContrast("print")
	b.look(1280, 1600, "light", "")
	if size := b.print("line"); size < 10_000 {
		t.Errorf("the print is %d bytes", size)
	}
	b.wantNoComplaints()
}

// A selection, and a directory in which nothing can be judged, make a page too.
func TestOtherLinePagesInBrowser(t *testing.T) {
	b := newBrowser(t)
	b.open(linePage(t, "--only", "data", "../../fixtures/stacks/web-app/cloudformation"))
	b.look(1280, 1600, "light", "screen")
	b.wantVisible(".control-row", "23", "one area")
	b.wantNoComplaints()
	b.open(linePage(t, t.TempDir()))
	b.wantVisible(".control-row", "111", "an empty directory")
	if got := b.eval(`document.querySelector("#exposed p").textContent`); got != "There is nothing here that the internet could reach." {
		t.Errorf("the page says %q", got)
	}
	b.wantNoComplaints()
}

func TestJapaneseLinePageInBrowser(t *testing.T) {
	b := newBrowser(t)
	b.open(linePage(t, "--lang", "ja", "../../fixtures/stacks/web-app/terraform"))
	b.look(1280, 1600, "light", "screen")
	b.shots("line-ja")
	if got := b.eval(`document.documentElement.lang`); got != "ja" {
		t.Errorf("the page's language is %q", got)
	}
	b.set("text", "多要素認証")
	if got := b.eval(`[...document.querySelectorAll(".control-row")].filter(e => e.getClientRects().length).map(e => e.id).join(" ")`); got != "ID-2" {
		t.Errorf("Japanese words find %q", got)
	}
	b.click("#clear")
	b.wantContrast("Japanese")
	b.wantNoComplaints()
}

// A framework of the reader's own has ids of any kind, and no clauses.
func TestFrameworkLinePageInBrowser(t *testing.T) {
	file := filepath.Join(t.TempDir(), "acme.yaml")
	const framework = `
title: ACME <baseline>
controls:
  - {id: ACME-1, title: Storage is private, area: storage, rules: [s3/public-access-block]}
  - {id: "PCI:12.6", title: Staff are trained, evidence: none}
`
	if err := os.WriteFile(file, []byte(framework), 0o600); err != nil {
		t.Fatal(err)
	}
	b := newBrowser(t)
	b.open(linePage(t, "--framework", file, "../../fixtures/stacks/web-app/terraform"))
	b.look(1280, 1600, "light", "screen")
	b.shots("line-framework")
	b.wantVisible(".control-row", "2", "the framework's controls")
	b.wantVisible("#h-clauses", "0", "clauses of which there are none")
	if got := b.eval(`document.querySelector("h1").textContent`); !strings.Contains(got, "ACME <baseline>") {
		t.Errorf("the headline is %q", got)
	}
	b.set("state", "broken")
	b.wantVisible(".control-row", "1", "a state")
	b.click(`.chip.yours`)
	if got := b.await(`document.querySelector(".control-row[open]")?.id`); got != "PCI:12.6" {
		t.Errorf("the chip leads to %q", got)
	}
	b.wantNoComplaints()
}
