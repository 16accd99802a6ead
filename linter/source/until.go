package source

import "context"

// Until returns the result of work, or false when the context ends first. Then
// work goes on by itself and its result is lost: Until is for what takes long
// and cannot be interrupted, as parsers that others wrote. A panic of work is
// one of the caller's.
func Until[T any](ctx context.Context, work func() T) (result T, done bool) {
	if ctx.Done() == nil {
		return work(), true
	}
	type outcome struct {
		result   T
		panicked any
	}
	ended := make(chan outcome, 1)
	go func() {
		var o outcome
		defer func() {
			o.panicked = recover()
			ended <- o
		}()
		o.result = work()
	}()
	select {
	case <-ctx.Done():
		return result, false
	case o := <-ended:
		if o.panicked != nil {
			panic(o.panicked)
		}
		return o.result, true
	}
}
