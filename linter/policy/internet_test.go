package policy

import (
	"net/netip"
	"strings"
	"testing"
)

func TestAreInternet(t *testing.T) {
	for cidrs, want := range map[string]bool{
		"":                                     false,
		"0.0.0.0/0":                            true,
		"::/0":                                 true,
		"128.0.0.0/1":                          true,
		"64.0.0.0/2":                           false,
		"64.0.0.0/2 64.0.0.0/3 64.0.0.0/2":     false,
		"64.0.0.0/2 192.0.0.0/2":               true,
		"0.0.0.0/3 32.0.0.0/3 96.0.0.0/3":      false,
		"0.0.0.0/3 32.0.0.0/3 96.0.0.0/3 ::/9": false,
		"0.0.0.0/3 32.0.0.0/3 96.0.0.0/3 128.0.0.0/3": true,
		"8000::/1":          false,
		"2000::/3":          true,
		"2000::/4":          true,
		"2000::/5 3000::/5": true,
		"2000::/5":          false,
	} {
		var ranges []netip.Prefix
		for _, text := range strings.Fields(cidrs) {
			ranges = append(ranges, netip.MustParsePrefix(text))
		}
		if got := areInternet(ranges); got != want {
			t.Errorf("%q: %t, want %t", cidrs, got, want)
		}
	}
}
