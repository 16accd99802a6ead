package policies

import (
	"testing"
	"unicode"
)

// Every control and clause has its Japanese, and no Japanese stands there
// without its control or clause.
func TestControlsSpeakJapanese(t *testing.T) {
	ja, err := japanese()
	if err != nil {
		t.Fatal(err)
	}
	check := func(what, text string) {
		for _, r := range text {
			if unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana) {
				return
			}
		}
		t.Errorf("%s has no Japanese: %q", what, text)
	}
	aspects, questions := 0, 0
	for _, c := range Controls() {
		check(c.ID, ja.Controls[c.ID])
		for _, a := range c.Aspects {
			check(a.ID, ja.Aspects[a.ID])
			aspects++
		}
	}
	for _, f := range Frameworks() {
		check(f.ID, ja.Titles[f.ID])
		for _, c := range f.Clauses {
			check(f.ID+":"+c.ID, ja.Frameworks[f.ID][c.ID])
			if c.Question != "" {
				check(f.ID+":"+c.ID, ja.Questions[f.ID][c.ID])
				questions++
			}
		}
		if len(ja.Frameworks[f.ID]) != len(f.Clauses) {
			t.Errorf("%d clauses of %s are translated, it has %d", len(ja.Frameworks[f.ID]), f.ID, len(f.Clauses))
		}
	}
	if len(ja.Controls) != len(Controls()) || len(ja.Aspects) != aspects || len(ja.Questions["audit"]) != questions || len(ja.Frameworks) != len(Frameworks()) {
		t.Errorf("%d controls, %d aspects, %d questions and %d frameworks are translated; there are %d, %d, %d and %d",
			len(ja.Controls), len(ja.Aspects), len(ja.Questions["audit"]), len(ja.Frameworks), len(Controls()), aspects, questions, len(Frameworks()))
	}
}

// A translation leaves the tables as they are.
func TestTranslationIsACopy(t *testing.T) {
	before, title, aspect := Controls()[0].Ask, Frameworks()[0].Clauses[0].Title, Controls()[0].Aspects[0].Ask
	controls, frameworks, err := In("ja")
	if err != nil {
		t.Fatal(err)
	}
	if controls[0].Ask == before || frameworks[0].Clauses[0].Title == title || controls[0].Aspects[0].Ask == aspect {
		t.Error("nothing is translated")
	}
	if Controls()[0].Ask != before || Frameworks()[0].Clauses[0].Title != title || Controls()[0].Aspects[0].Ask != aspect {
		t.Error("the English tables changed")
	}
	if _, _, err := In("tlh"); err == nil {
		t.Error("a language that nobody wrote is no error")
	}
}
