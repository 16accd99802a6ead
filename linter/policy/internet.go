package policy

import (
	"cmp"
	"net/netip"
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"
	"github.com/open-policy-agent/opa/v1/types"
)

// internetDecl is demarc.internet(cidrs): whether address ranges are together
// the internet. That is half of IPv4, since who names a half means to name the
// other one too, or half of the part of IPv6 that is given out.
// https://www.iana.org/assignments/ipv6-unicast-address-assignments
var internetDecl = &rego.Function{
	Name: "demarc.internet",
	Decl: types.NewFunction(types.Args(types.NewArray(nil, types.A)), types.B),
}

func internet(_ rego.BuiltinContext, cidrs *ast.Term) (*ast.Term, error) {
	list, ok := cidrs.Value.(*ast.Array)
	if !ok {
		return nil, nil
	}
	var ranges []netip.Prefix
	list.Foreach(func(t *ast.Term) {
		if text, ok := t.Value.(ast.String); ok {
			if p, err := netip.ParsePrefix(string(text)); err == nil {
				ranges = append(ranges, p.Masked())
			}
		}
	})
	return ast.InternedTerm(areInternet(ranges)), nil
}

// given are the addresses that are given out, of both versions.
var given = []netip.Prefix{netip.MustParsePrefix("0.0.0.0/0"), netip.MustParsePrefix("2000::/3")}

// areInternet reports whether some ranges hold at least half of what is given
// out of one version.
func areInternet(ranges []netip.Prefix) bool {
	return slices.ContainsFunc(given, func(all netip.Prefix) bool { return share(all, ranges) >= 0.5 })
}

// share is the part of all that the ranges hold together.
func share(all netip.Prefix, ranges []netip.Prefix) float64 {
	var within []netip.Prefix
	for _, r := range ranges {
		switch {
		case !r.Overlaps(all):
		case r.Bits() <= all.Bits():
			return 1
		default:
			within = append(within, r)
		}
	}
	// Of two ranges that meet one holds the other, and comes first.
	slices.SortFunc(within, func(a, b netip.Prefix) int {
		return cmp.Or(a.Addr().Compare(b.Addr()), a.Bits()-b.Bits())
	})
	sum := 0.0
	var last netip.Prefix
	for _, r := range within {
		if !last.IsValid() || !last.Overlaps(r) {
			last = r
			sum += 1 / float64(uint64(1)<<min(r.Bits()-all.Bits(), 63))
		}
	}
	return sum
}
