package allocation

import "testing"

var kept []byte

func TestOfCountsBytes(t *testing.T) {
	const size = 8 << 20
	if got := Of(func() { kept = make([]byte, size) }); got < size || got > 2*size {
		t.Errorf("an allocation of %d bytes counts as %d", size, got)
	}
	if got := Of(func() {}); got > size {
		t.Errorf("nothing counts as %d bytes", got)
	}
}
