package graph

import (
	"slices"
	"strconv"
	"strings"
)

// Path leads from a resource to a value inside it, outermost step first: names
// of attributes and of maps' keys, and the indexes of lists' members in decimal
// digits. Whether a number is an index or a key is for the value to say that it
// is followed through. The empty Path is the resource itself.
type Path []string

// ParsePath reads a Path's text form. Every text is some path: a bracket that
// is not well formed is part of a name.
func ParsePath(text string) Path {
	if text == "" {
		return nil
	}
	if !strings.Contains(text, "[") {
		return strings.Split(text, ".")
	}
	var p Path
	for {
		name, rest := firstStep(text)
		p = append(p, name)
		if rest == "" {
			return p
		}
		if text = rest; text[0] == '.' {
			text = text[1:]
		}
	}
}

// firstStep cuts the first step off a path's text. What is left begins with
// the dot or the bracket of the next one.
func firstStep(text string) (name, rest string) {
	if name, rest, ok := bracketed(text); ok {
		return name, rest
	}
	for i := 0; i < len(text); i++ {
		if text[i] == '.' {
			return text[:i], text[i:]
		}
		if text[i] == '[' && i > 0 {
			if _, _, ok := bracketed(text[i:]); ok {
				return text[:i], text[i:]
			}
		}
	}
	return text, ""
}

// bracketed reads ["name"] at the beginning of a text, where a step ends after it.
func bracketed(text string) (name, rest string, ok bool) {
	if !strings.HasPrefix(text, `["`) {
		return "", "", false
	}
	quoted, err := strconv.QuotedPrefix(text[1:])
	if err != nil {
		return "", "", false
	}
	rest, ok = strings.CutPrefix(text[1+len(quoted):], "]")
	if !ok || rest != "" && rest[0] != '.' && rest[0] != '[' {
		return "", "", false
	}
	name, err = strconv.Unquote(quoted)
	return name, rest, err == nil
}

// String is the path's text form, which ParsePath reads back: the steps joined
// with dots, and a step that is empty or has a dot or a bracket of its own in
// brackets and quotes, with Go's escapes: ingress.0.from_port, tags["a.b"].
func (p Path) String() string {
	switch len(p) {
	case 0:
		return ""
	case 1:
		if !needsBrackets(p[0]) {
			return p[0]
		}
	}
	var b strings.Builder
	for i, name := range p {
		switch {
		case needsBrackets(name):
			b.WriteString("[" + strconv.Quote(name) + "]")
		case i > 0:
			b.WriteByte('.')
			fallthrough
		default:
			b.WriteString(name)
		}
	}
	return b.String()
}

// JoinText joins the text forms of a path and of what leads on from there.
func JoinText(text, rest string) string {
	if text == "" || rest == "" || strings.HasPrefix(rest, `["`) {
		return text + rest
	}
	return text + "." + rest
}

func needsBrackets(name string) bool { return name == "" || strings.ContainsAny(name, ".[]") }

// Join is the path with further steps.
func (p Path) Join(names ...string) Path { return slices.Concat(p, names) }

// Index is the path of a member of the list at p.
func (p Path) Index(i int) Path { return p.Join(strconv.Itoa(i)) }

// Parent is the path of what is around; the empty path is its own.
func (p Path) Parent() Path { return p[:max(0, len(p)-1):max(0, len(p)-1)] }

// Covers reports whether o is p, or lies below it.
func (p Path) Covers(o Path) bool { return len(p) <= len(o) && slices.Equal(p, o[:len(p)]) }

// Get follows a path and returns what stands there: Absent where nothing does,
// Unknown below an unknown value.
func (v Value) Get(path ...string) Value {
	for _, name := range path {
		switch v.Kind {
		case Unknown:
			return v
		case Object:
			f, ok := v.Field(name)
			switch {
			case ok:
				v = f.Value
			case v.Open():
				return Value{Kind: Unknown, Range: v.Range, Meta: v.Meta}
			default:
				return Value{}
			}
		case List:
			item, ok := v.member(name)
			if !ok {
				return Value{}
			}
			v = item
		default:
			return Value{}
		}
	}
	return v
}

// member is the member of a List at an index in decimal digits.
func (v Value) member(index string) (Value, bool) {
	i, err := strconv.Atoi(index)
	if err != nil || i < 0 || i >= len(v.Items) {
		return Value{}, false
	}
	return v.Items[i], true
}

// Unknowns visits what is unknown at and below v, with its path from v. The
// step "*" stands for the members that an open object may have besides. The
// path is the visitor's until it returns: clone it to keep it.
func (v Value) Unknowns(visit func(path Path, unknown Value)) { v.UnknownsAt(nil, visit) }

// UnknownsAt is Unknowns with the paths told from where v stands.
func (v Value) UnknownsAt(at Path, visit func(path Path, unknown Value)) {
	if v.Kind == Unknown {
		visit(at, v)
		return
	}
	for i, item := range v.Items {
		if item.mayHide() {
			item.UnknownsAt(append(at, strconv.Itoa(i)), visit)
		}
	}
	for _, f := range v.Fields {
		if f.Value.mayHide() {
			f.Value.UnknownsAt(append(at, f.Name), visit)
		}
	}
	if v.Open() {
		visit(append(at, "*"), v)
	}
}

// mayHide reports whether something unknown can be found at or below v, which
// spares the path to most scalars.
func (v Value) mayHide() bool { return v.Kind >= List || v.Meta != nil }
