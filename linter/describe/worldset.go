package describe

import (
	"math/bits"
	"slices"
)

// worldSet is a set of variants, by index.
type worldSet []uint64

func newWorldSet(n int) worldSet { return make(worldSet, (n+63)/64) }

func (s worldSet) add(i int)      { s[i/64] |= 1 << (i % 64) }
func (s worldSet) has(i int) bool { return s[i/64]&(1<<(i%64)) != 0 }

func (s worldSet) within(o worldSet) bool {
	for i := range s {
		if s[i]&^o[i] != 0 {
			return false
		}
	}
	return true
}

func (s worldSet) meets(o worldSet) bool {
	for i := range s {
		if s[i]&o[i] != 0 {
			return true
		}
	}
	return false
}

func (s worldSet) and(o worldSet) worldSet {
	out := make(worldSet, len(s))
	for i := range s {
		out[i] = s[i] & o[i]
	}
	return out
}

// or is the union with a set that may be nil.
func (s worldSet) or(o worldSet) worldSet {
	out := slices.Clone(s)
	for i := range o {
		out[i] |= o[i]
	}
	return out
}

func (s worldSet) without(o worldSet) worldSet {
	out := make(worldSet, len(s))
	for i := range s {
		out[i] = s[i] &^ o[i]
	}
	return out
}

func (s worldSet) count() (n int) {
	for _, word := range s {
		n += bits.OnesCount64(word)
	}
	return n
}

// first is the least index of a set, or -1.
func (s worldSet) first() int {
	for i, word := range s {
		if word != 0 {
			return i*64 + bits.TrailingZeros64(word)
		}
	}
	return -1
}
