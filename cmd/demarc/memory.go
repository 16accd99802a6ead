package main

import (
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

// A scan allocates much and ends soon: garbage is collected when the heap has grown
// to several times what is alive, as long as that is below heapSlack.
const (
	sparing   = 400       // percent of what is alive
	usual     = 100       // Go's own
	heapSlack = 450 << 20 // bytes
)

// collectSparingly sets how often garbage is collected, again after each collection.
func collectSparingly() {
	debug.SetGCPercent(sparing)
	adapt(sparing)
}

// cycle is an object that nothing holds: it is finalized once a collection.
type cycle struct{ _ [16]byte }

func adapt(percent int) {
	runtime.SetFinalizer(&cycle{}, func(*cycle) {
		sample := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
		metrics.Read(sample)
		wanted := percentFor(sample[0].Value.Uint64())
		if wanted != percent {
			debug.SetGCPercent(wanted)
		}
		adapt(wanted)
	})
}

// percentFor is how much the heap may grow over so many live bytes.
func percentFor(live uint64) int {
	if live == 0 || live*(sparing+100)/100 <= heapSlack {
		return sparing
	}
	return max(usual, int(heapSlack*100/live)-100) //nolint:gosec // of a quotient below 500
}
