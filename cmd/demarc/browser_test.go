package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// htmlOf scans Terraform source and returns the file of its HTML report.
func htmlOf(t *testing.T, source string) string {
	t.Helper()
	dir := t.TempDir()
	file := filepath.Join(t.TempDir(), "report.html")
	for _, archive := range strings.Split(source, "-- ") {
		name, text, found := strings.Cut(archive, " --\n")
		if !found {
			continue
		}
		name = filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := run([]string{"scan", "--quiet", "--rule", "vpc/ingress-ssh", "--rule", "sns/encryption", "--format", "html=" + file, dir}); err != nil {
		t.Fatal(err)
	}
	return file
}

// some Terraform with n security groups that are open to the world, in several
// files, and as many topics without encryption.
func openGroups(n int) string {
	var b strings.Builder
	for i := range n {
		if i%50 == 0 {
			fmt.Fprintf(&b, "-- part%02d/main.tf --\n", i/50)
		}
		fmt.Fprintf(&b, "resource \"aws_security_group\" \"g%d\" {\n  ingress {\n    protocol = \"tcp\"\n    from_port = 22\n    to_port = 22\n    cidr_blocks = [\"0.0.0.0/0\"]\n  }\n}\n", i)
		fmt.Fprintf(&b, "resource \"aws_sns_topic\" \"t%d\" {\n  name = \"t%d\"\n}\n", i, i)
	}
	return b.String()
}

const shownRows = `[...document.querySelectorAll(".finding")].filter(e => e.getClientRects().length).length`

func (b *browser) rows() int {
	b.t.Helper()
	n, err := strconv.Atoi(b.eval(shownRows))
	if err != nil {
		b.t.Fatal(err)
	}
	return n
}

func (b *browser) wantRows(n int, why string) {
	b.t.Helper()
	if got := b.rows(); got != n {
		b.t.Errorf("%s: %d findings are shown, want %d", why, got, n)
	}
}

func (b *browser) set(id, value string) {
	b.t.Helper()
	b.eval(fmt.Sprintf(`(() => { const e = document.getElementById(%q); e.value = %q; e.dispatchEvent(new Event("input", {bubbles: true})) })()`, id, value))
}

func (b *browser) wantNoComplaints() {
	b.t.Helper()
	for _, c := range b.complaints() {
		b.t.Errorf("the browser complains: %s", c)
	}
}

// shots are the ways in which a report is looked at.
func (b *browser) shots(name string) {
	b.t.Helper()
	b.eval(`scrollTo(0, 0)`)
	for _, view := range []struct {
		name          string
		width, height int
		scheme        string
	}{{"wide", 1280, 1600, "light"}, {"dark", 1280, 1600, "dark"}, {"narrow", 400, 2400, "light"}} {
		b.look(view.width, view.height, view.scheme, "screen")
		if over := b.eval(`document.documentElement.scrollWidth - document.documentElement.clientWidth`); over != "0" {
			b.t.Errorf("%s: the page is %s pixels too wide", view.name, over)
		}
		b.shoot(name + "-" + view.name)
	}
	b.look(1280, 1600, "light", "")
}

func TestHTMLInBrowser(t *testing.T) {
	b := newBrowser(t)

	b.open(htmlOf(t, openGroups(5)))
	b.look(1280, 1600, "light", "screen")
	b.shots("ten")
	b.wantNoComplaints()
	b.wantRows(10, "at first")
	if title := b.eval(`document.querySelector("h1").textContent`); title != "10 findings on the customer's side" {
		t.Errorf("the page is titled %q", title)
	}

	b.click(".tile.high")
	b.wantRows(5, "severity high")
	if got := b.eval(`document.querySelector(".tile.high").getAttribute("aria-pressed") + document.getElementById("severity").value`); got != "truehigh" {
		t.Errorf("the tile and the filter say %q", got)
	}
	b.click(".tile.high")
	b.wantRows(10, "severity taken back")
	b.click(`.area[data-value="data"]`)
	b.wantRows(5, "one of the rules serves data protection")
	b.click(`.area[data-value="infrastructure"]`)
	b.wantRows(5, "area infrastructure")
	b.click("#clear")
	b.wantRows(10, "cleared")
	b.set("service", "sns")
	b.wantRows(5, "service sns")
	b.set("text", "T3")
	b.wantRows(1, "service sns and the text T3")
	b.set("text", "nothing like it")
	b.wantRows(0, "no match")
	if got := b.eval(`document.getElementById("none").hidden`); got != "false" {
		t.Error("an empty list says nothing")
	}
	b.click("#clear")
	b.set("file", "part00")
	b.wantRows(10, "file")
	b.set("file", "elsewhere")
	b.wantRows(0, "another file")
	b.click("#clear")

	// The keyboard does it all: / goes to the text, the tiles and rows are buttons.
	b.eval(`document.activeElement.blur()`)
	b.press("/", 191)
	b.write("g2")
	b.wantRows(1, "typed")
	b.press("Escape", 27)
	b.wantRows(10, "escaped")
	b.eval(`document.querySelector(".finding summary").focus()`)
	b.press("Enter", 13)
	if got := b.eval(`document.querySelector(".finding").open && document.querySelector(".finding mark").textContent`); !strings.Contains(got, "0.0.0.0/0") {
		t.Errorf("an opened finding shows %q", got)
	}
	b.click(".finding[open] .more a")
	if got := b.await(`document.querySelector(".about[open]")?.id`); got != "rule-vpc-ingress-ssh" {
		t.Errorf("the link leads to %q", got)
	}
	b.shoot("ten-rule")
	b.click(".about[open] [data-show]")
	b.wantRows(5, "findings of a rule")
	b.eval(`document.querySelector(".finding:not([hidden])").open = true`)
	b.shoot("ten-opened")
	if size := b.print("ten"); size < 10_000 {
		t.Errorf("the print is %d bytes", size)
	}
	b.wantNoComplaints()
}

func TestHTMLWithoutFindingsInBrowser(t *testing.T) {
	b := newBrowser(t)
	b.open(htmlOf(t, "-- main.tf --\nresource \"aws_sns_topic\" \"t\" {\n  name = \"t\"\n  kms_master_key_id = \"alias/k\"\n}\n"))
	b.shots("none")
	b.wantNoComplaints()
	b.wantRows(0, "nothing found")
	if got := b.eval(`document.querySelector(".good").textContent`); !strings.HasPrefix(got, "Nothing to do: ") {
		t.Errorf("the page says %q", got)
	}
}

// Many findings stay fast: a filter lays the page out once, not once a row.
func TestHTMLWithManyFindingsInBrowser(t *testing.T) {
	if testing.Short() {
		t.Skip("2,000 findings take a while")
	}
	b := newBrowser(t)
	file := htmlOf(t, openGroups(1000))
	if other := os.Getenv("DEMARC_REPORT"); other != "" {
		b.open(other)
		b.shots("other")
		b.eval(`document.querySelectorAll(".finding").forEach((e, i) => { e.open = i < 3 })`)
		b.eval(`document.getElementById("findings").scrollIntoView()`)
		b.shoot("other-findings")
		b.print("other")
		b.wantNoComplaints()
	}
	b.open(file)
	b.look(1280, 1600, "light", "screen")
	b.wantRows(2000, "at first")
	laid := b.layouts()
	b.eval(`(() => { const e = document.getElementById("text");
		for (const text of ["g1", "g12", "g12 ssh", "", "sns", ""]) { e.value = text; e.dispatchEvent(new Event("input", {bubbles: true})); document.body.offsetHeight; } })()`)
	if laid = b.layouts() - laid; laid < 6 || laid > 2*6 {
		t.Errorf("six filters of 2,000 findings lay the page out %d times", laid)
	}
	b.shots("many")
	b.wantNoComplaints()
}

// Names of files and keys are text on the page, whatever is in them.
func TestHostileHTMLInBrowser(t *testing.T) {
	const evil = `<img src=x onerror=document.title=1><script>document.title=2<`
	b := newBrowser(t)
	b.open(htmlOf(t, "-- "+evil+`/main.tf --
resource "aws_security_group" "g" {
  for_each = toset(["</details><img src=y onerror=document.title=3>", "\" onclick=\"document.title=4", "{{.}}"])
  ingress {
    description = each.value
    protocol    = "tcp"
    from_port   = 22
    to_port     = 22
    cidr_blocks = ["0.0.0.0/0"]
  }
}
`))
	b.eval(`document.querySelectorAll("details").forEach(e => { e.open = true })`)
	b.wantRows(1, "one line is one finding")
	b.wantNoComplaints()
	if got := b.eval(`document.querySelectorAll("img, script:not(:last-child), [onclick], [onerror]").length + document.title`); got != "0demarc: 1 finding on the customer's side" {
		t.Errorf("the page was changed: %s", got)
	}
	if got := b.eval(`document.querySelector(".finding").textContent`); !strings.Contains(got, evil) || !strings.Contains(got, `["</details><img`) {
		t.Errorf("the names are not shown: %s", got)
	}
}
