package linter

import (
	"context"
	"slices"
	"sync"
	"testing"
)

func TestProgressGoesThroughTheStages(t *testing.T) {
	var mu sync.Mutex
	var order []Stage
	last := map[Stage]Progress{}
	l, err := New(Options{Progress: func(p Progress) {
		mu.Lock()
		defer mu.Unlock()
		if n := len(order); n == 0 || order[n-1] != p.Stage {
			order = append(order, p.Stage)
		}
		if p.Done >= last[p.Stage].Done {
			last[p.Stage] = p
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := l.Lint(context.Background(), []string{"../fixtures/stacks"}); err != nil {
		t.Fatal(err)
	}
	want := []Stage{StageDiscover, StageTerraform, StageCloudFormation, StageGraph, StagePolicy, StageFinding}
	if !slices.Equal(order, want) {
		t.Errorf("the stages are %v, want %v", order, want)
	}
	for _, stage := range []Stage{StageTerraform, StageCloudFormation} {
		if p := last[stage]; p.Total == 0 || p.Done != p.Total {
			t.Errorf("%s ends with %d of %d", stage, p.Done, p.Total)
		}
	}
}
