package main

import (
	"flag"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/spf13/pflag"
)

var update = flag.Bool("update", false, "rewrite the expected output in testdata/script")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"demarc": main})
}

// The scripts are the command line's specification; -update accepts new output
// of their cmp lines.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		Cmds:                map[string]func(*testscript.TestScript, bool, []string){"exits": exits},
	})
}

// exits runs demarc and checks the exit code: exits CODE ARGS...
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE ARGS...")
	}
	// The last line on standard error tells the code, and must not lie: the
	// script checks it with stderr, this checks that the process agrees.
	err := ts.Exec("demarc", args[1:]...)
	got := "0"
	if err != nil {
		got = strings.TrimPrefix(err.Error(), "exit status ")
	}
	if got != args[0] {
		ts.Fatalf("exit code %s, want %s", got, args[0])
	}
}

func TestEveryFlagIsExplained(t *testing.T) {
	for name, c := range commands() {
		help := c.help()
		c.flags().VisitAll(func(f *pflag.Flag) {
			if !strings.Contains(help, "--"+f.Name) || !strings.HasSuffix(strings.TrimSpace(f.Usage), ".") {
				t.Errorf("%s --%s is not explained by a sentence", name, f.Name)
			}
		})
		for _, line := range strings.Split(help, "\n") {
			if len(line) > 100 {
				t.Errorf("%s --help has a long line: %s", name, line)
			}
		}
	}
}

func TestEveryVerbHasHelp(t *testing.T) {
	for _, v := range verbs() {
		if _, ok := commands()[v.name]; !ok && v.name != "help" {
			t.Errorf("%s has no help", v.name)
		}
		if !strings.Contains(overview(), "  "+v.name+" ") {
			t.Errorf("%s is not in the overview", v.name)
		}
	}
}
