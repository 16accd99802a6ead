package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/demarc-dev/demarc/linter"
	"github.com/demarc-dev/demarc/linter/finding"
	"github.com/demarc-dev/demarc/linter/report"
)

const (
	progressAfter = 500 * time.Millisecond // a scan that ends sooner shows none
	progressEvery = 100 * time.Millisecond
	progressWidth = 24 // of the bar, in columns
)

// stopwatch follows a scan: it knows how long each stage took, and draws how
// far it is.
type stopwatch struct {
	screen io.Writer // nil: nothing is drawn
	done   chan struct{}
	drawer sync.WaitGroup

	mu     sync.Mutex
	now    linter.Progress
	since  time.Time // the stage began
	stages []stageTime
}

type stageTime struct {
	stage linter.Stage
	took  time.Duration
}

// progressOn returns where to draw progress: on a terminal that can, else nowhere.
func progressOn(f *os.File, quiet bool) io.Writer {
	if quiet || !isTerminal(f) || os.Getenv("TERM") == "dumb" || os.Getenv("CI") != "" {
		return nil
	}
	return f
}

func newStopwatch(screen io.Writer) *stopwatch {
	return &stopwatch{screen: screen, done: make(chan struct{})}
}

// start begins to draw, after a while.
func (s *stopwatch) start() {
	if s.screen == nil {
		return
	}
	s.drawer.Go(func() {
		wait := time.NewTimer(progressAfter)
		defer wait.Stop()
		drawn := false
		for {
			select {
			case <-s.done:
				if drawn {
					fmt.Fprint(s.screen, "\r\x1b[K")
				}
				return
			case <-wait.C:
				s.mu.Lock()
				line := progressLine(s.now)
				s.mu.Unlock()
				fmt.Fprint(s.screen, "\r"+line+"\x1b[K")
				drawn = true
				wait.Reset(progressEvery)
			}
		}
	})
}

// tell takes what the linter tells of its progress.
func (s *stopwatch) tell(p linter.Progress) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if p.Stage != s.now.Stage {
		s.lap()
		s.now = p
	}
	// Goroutines may overtake each other on the way here.
	s.now.Done = max(s.now.Done, p.Done)
}

// lap ends the stage under way.
func (s *stopwatch) lap() {
	if s.now.Stage != "" {
		s.stages = append(s.stages, stageTime{s.now.Stage, time.Since(s.since)})
	}
	s.since = time.Now()
}

// stop ends the last stage and wipes what was drawn.
func (s *stopwatch) stop() {
	s.mu.Lock()
	s.lap()
	s.now = linter.Progress{}
	s.mu.Unlock()
	close(s.done)
	s.drawer.Wait()
}

// doing says what a stage does, in words.
var doing = map[linter.Stage]string{
	linter.StageDiscover:       "finding files",
	linter.StageTerraform:      "reading Terraform",
	linter.StageCloudFormation: "reading CloudFormation",
	linter.StageGraph:          "joining resources",
	linter.StagePolicy:         "judging resources",
	linter.StageFinding:        "sorting findings",
}

// progressLine is a bar with counts, shorter than any terminal is wide.
func progressLine(p linter.Progress) string {
	text := doing[p.Stage]
	switch {
	case p.Total == 0 && p.Done == 0:
		return text
	case p.Total == 0:
		return fmt.Sprintf("%s: %d", text, p.Done)
	case p.Stage == linter.StagePolicy: // all at once
		return fmt.Sprintf("judging %d resources", p.Total)
	}
	full := progressWidth * min(p.Done, p.Total) / p.Total
	return fmt.Sprintf("[%s%s] %s: %d of %d", strings.Repeat("#", full), strings.Repeat("-", progressWidth-full), text, p.Done, p.Total)
}

// statistics writes what the rules said, and where the time went.
func (s *stopwatch) statistics(w io.Writer, r *finding.Report) error {
	if err := report.Statistics(w, r); err != nil {
		return err
	}
	var total time.Duration
	for _, t := range s.stages {
		total += t.took
	}
	for _, t := range s.stages {
		fmt.Fprintf(w, "%8.0f ms  %s\n", t.took.Seconds()*1000, t.stage)
	}
	_, err := fmt.Fprintf(w, "%8.0f ms  in all, without starting up and writing\n", total.Seconds()*1000)
	return err
}
