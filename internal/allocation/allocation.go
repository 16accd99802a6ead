// Package allocation counts what a test's subject allocates. A count is the same
// on a busy machine and on a quiet one, which a duration is not, and work that
// grows without end allocates without end.
package allocation

import "runtime"

// Of runs f and returns the bytes that the process allocated meanwhile,
// whether or not they were freed again.
func Of(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}
