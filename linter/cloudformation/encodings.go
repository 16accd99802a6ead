package cloudformation

import (
	"math/big"
	"net/netip"
	"strconv"

	"github.com/demarc-dev/demarc/linter/graph"
)

// base64 is Fn::Base64. The encoded text keeps the plain one as its
// structure, for whoever looks for secrets in user data.
func (e *evaluator) base64(argument, n *node) graph.Value {
	v := e.eval(argument)
	g := gather(v)
	if g.unknown {
		return g.unknownAt(n.at()).WithStructure(v)
	}
	plain, ok := text(v)
	if !ok {
		return unknown(n, "Fn::Base64 takes a text")
	}
	encoded, ok := e.encodeBase64(n, plain)
	if !ok || !e.loader.spend(len(encoded)/64) {
		return unknown(n, "Fn::Base64 takes a text")
	}
	return g.into(graph.Value{Kind: graph.String, Text: encoded, Range: n.at()}).WithStructure(v)
}

// zones is Fn::GetAZs: stand-ins, like the pseudo parameters.
func (e *evaluator) zones(argument, n *node) graph.Value {
	v := e.eval(argument)
	g := gather(v)
	if g.unknown {
		return g.unknownAt(n.at())
	}
	region, ok := text(v)
	if !ok && !v.IsNothing() {
		return unknown(n, "Fn::GetAZs takes a region")
	}
	if region == "" {
		region, _ = text(e.pseudo("AWS::Region", n))
	}
	out := graph.Value{Kind: graph.List, Range: n.at()}
	for _, zone := range e.zonesOf(n, region) {
		name, _ := zone.(string)
		out.Items = append(out.Items, graph.Value{Kind: graph.String, Text: name, Range: n.at()})
	}
	return out
}

// cidr is Fn::Cidr: count blocks of bits host bits each, out of one block.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-cidr.html
func (e *evaluator) cidr(argument, n *node) graph.Value {
	args, ok := e.arguments(argument, 3)
	if !ok {
		return unknown(n, "Fn::Cidr takes a block, a count and a number of bits")
	}
	g := gather(args...)
	if g.unknown {
		return g.unknownAt(n.at())
	}
	block, _ := text(args[0])
	prefix, err := netip.ParsePrefix(block)
	if err != nil {
		return unknown(n, strconv.Quote(block)+" is no CIDR block")
	}
	bits, ok := smallNumber(args[2])
	if !ok {
		return unknown(n, "Fn::Cidr's number of bits is no number")
	}
	count, ok := smallNumber(args[1])
	if !ok || count < 1 || count > 256 {
		return unknown(n, "Fn::Cidr's count is no number from 1 to 256")
	}
	blocks, ok := subnets(prefix, count, bits)
	if !ok {
		return unknown(n, block+" has no room for that many blocks")
	}
	out := graph.Value{Kind: graph.List, Range: n.at()}
	for _, b := range blocks {
		out.Items = append(out.Items, graph.Value{Kind: graph.String, Text: b, Range: n.at()})
	}
	return g.into(out)
}

func smallNumber(v graph.Value) (int, bool) {
	digits, _ := text(v)
	i, err := strconv.Atoi(digits)
	return i, err == nil && i >= 0
}

// subnets lists the first count blocks with the given number of host bits.
func subnets(prefix netip.Prefix, count, bits int) ([]string, bool) {
	length := prefix.Addr().BitLen() - bits
	if length < prefix.Bits() {
		return nil, false
	}
	if room := length - prefix.Bits(); room < 16 && count > 1<<room {
		return nil, false
	}
	first := prefix.Masked().Addr().AsSlice()
	at := new(big.Int).SetBytes(first)
	step := new(big.Int).Lsh(big.NewInt(1), uint(bits))
	out := make([]string, count)
	for i := range out {
		address, _ := netip.AddrFromSlice(at.FillBytes(make([]byte, len(first))))
		out[i] = netip.PrefixFrom(address, length).String()
		at.Add(at, step)
	}
	return out, true
}

// length is Fn::Length of the language extensions.
func (e *evaluator) length(argument, n *node) graph.Value {
	v := e.eval(argument)
	if v.Kind == graph.Unknown {
		return gather(v).unknownAt(n.at())
	}
	if v.Kind != graph.List {
		return unknown(n, "Fn::Length takes a list")
	}
	return graph.Value{Kind: graph.Number, Text: strconv.Itoa(len(v.Items)), Range: n.at()}
}

// toJSON is Fn::ToJsonString of the language extensions. The text keeps the
// value as its structure, which may be known in part where the text is not.
func (e *evaluator) toJSON(argument, n *node) graph.Value {
	v := e.eval(argument)
	g := gather(v)
	if g.unknown {
		return g.unknownAt(n.at()).WithStructure(v)
	}
	text := v.JSON()
	if len(text) > maxText || !e.loader.spend(len(text)/64) {
		return unknown(n, "the text is too long")
	}
	return g.into(graph.Value{Kind: graph.String, Text: text, Range: n.at()}).WithStructure(v)
}
