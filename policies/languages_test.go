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
	for _, c := range Controls() {
		check(c.ID, ja.Controls[c.ID])
	}
	if got, want := len(ja.Controls), len(Controls()); got != want {
		t.Errorf("%d controls are translated, there are %d", got, want)
	}
	for _, f := range Frameworks() {
		for i := range f.Titles {
			check(f.ID, ja.Frameworks[f.ID][i+1])
		}
		if len(ja.Frameworks[f.ID]) != len(f.Titles) {
			t.Errorf("%d clauses of %s are translated, it has %d", len(ja.Frameworks[f.ID]), f.ID, len(f.Titles))
		}
	}
	if len(ja.Frameworks) != len(Frameworks()) {
		t.Errorf("%d frameworks are translated, there are %d", len(ja.Frameworks), len(Frameworks()))
	}
}

// A translation leaves the tables as they are.
func TestTranslationIsACopy(t *testing.T) {
	before, titles := Controls()[0].Ask, Frameworks()[0].Titles[0]
	controls, frameworks, err := In("ja")
	if err != nil {
		t.Fatal(err)
	}
	if controls[0].Ask == before || frameworks[0].Titles[0] == titles {
		t.Error("nothing is translated")
	}
	if Controls()[0].Ask != before || Frameworks()[0].Titles[0] != titles {
		t.Error("the English tables changed")
	}
	if _, _, err := In("tlh"); err == nil {
		t.Error("a language that nobody wrote is no error")
	}
}
