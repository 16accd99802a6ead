package graph

// Document is one policy document of the graph, in normal form.
type Document struct {
	ID int
	// Kind is identity, trust, resource, endpoint or scp.
	Kind string
	// Owner is the resource that carries it, at Path.
	Owner *Resource
	Path  Path
	Value Value
}

// document brings a policy into normal form: an Object of version and
// statements, where every statement has all its members as lists. The input
// is an Object (CloudFormation), or JSON text, perhaps with the structure it
// was encoded from. The grammar is IAM's:
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
func document(v Value) Value {
	body := v
	if s, ok := v.Structure(); ok {
		if body = s; v.Sensitive && !body.holdsSensitive() {
			body = body.AsSensitive() // it was read from the text, and not marked in part
		}
	} else if v.Kind == String {
		parsed, err := parseJSON(v.Text, v.Range)
		if err != nil {
			return v.unknownBecause("the policy is not valid JSON")
		}
		if body = parsed; v.Sensitive {
			body = body.AsSensitive()
		}
	}
	switch body.Kind {
	case Object:
	case Unknown:
		return v.WithReasons(body.Reasons()...)
	default:
		return v.unknownBecause("the policy is not an object")
	}
	statements := Value{Kind: List}
	if f, ok := body.Field("Statement"); ok {
		statements.Range = f.Value.Range
		for _, s := range oneOrMany(f.Value) {
			statements.Items = append(statements.Items, statement(s))
		}
	} else if body.Open() {
		statements = Value{Kind: Unknown, Range: body.Range, Meta: body.Meta}
	}
	version, _ := body.Field("Version")
	out := ObjectValue(
		Field{Name: "version", NameRange: version.NameRange, Value: orNull(version.Value)},
		Field{Name: "statements", Value: statements},
	)
	out.Range, out.Meta = v.Range, v.Meta
	return out
}

func oneOrMany(v Value) []Value {
	switch v.Kind {
	case List:
		return v.Items
	case Absent, Null:
		return nil
	}
	return []Value{v}
}

func orNull(v Value) Value {
	if v.Kind == Absent {
		return NullValue()
	}
	return v
}

func statement(s Value) Value {
	if s.Kind != Object {
		if s.Kind != Unknown {
			s = s.unknownBecause("a policy statement is expected here")
		}
		return s
	}
	get := func(name string) Field {
		f, ok := s.Field(name)
		if !ok && s.Open() {
			f.Value = Value{Kind: Unknown, Range: s.Range, Meta: s.Meta}
		}
		return f
	}
	text := func(name, written string) Field {
		f := get(written)
		return Field{Name: name, NameRange: f.NameRange, Value: orNull(f.Value)}
	}
	list := func(name, written string) Field {
		f := get(written)
		return Field{Name: name, NameRange: f.NameRange, Value: stringList(f.Value)}
	}
	mapped := func(name, written string, convert func(Value) Value) Field {
		f := get(written)
		return Field{Name: name, NameRange: f.NameRange, Value: convert(f.Value)}
	}
	sid := text("sid", "Sid")
	if sid.Value.Kind == Unknown { // it only names the statement
		sid.Value = NullValue().At(sid.Value.Range)
	}
	resources := list("resources", "Resource")
	return Value{Kind: Object, Range: s.Range, Meta: s.Meta, Fields: []Field{
		sid,
		text("effect", "Effect"),
		list("actions", "Action"),
		list("not_actions", "NotAction"),
		resources,
		{Name: "every_resource", NameRange: resources.NameRange, Value: holdsStar(resources.Value)},
		list("not_resources", "NotResource"),
		mapped("principals", "Principal", principals),
		mapped("not_principals", "NotPrincipal", principals),
		mapped("conditions", "Condition", conditions),
	}}
}

// stringList is a string or a list of strings as a list.
func stringList(v Value) Value {
	switch v.Kind {
	case Absent, Null:
		return Value{Kind: List}
	case Unknown:
		return v
	}
	out := Value{Kind: List, Range: v.Range, Meta: v.Meta}
	for _, item := range oneOrMany(v) {
		if !item.IsNothing() {
			out.Items = append(out.Items, scalar(item, FormString))
		}
	}
	return out
}

// principals turns "*" and {"AWS": [...]}, and lists of them, into a list of
// {type, identifiers, anyone}. anyone tells whether everybody is among them.
func principals(v Value) Value {
	if v.Kind == Unknown {
		return v
	}
	out := Value{Kind: List, Range: v.Range}
	for _, one := range oneOrMany(v) {
		out.Items = append(out.Items, principalsOf(one)...)
	}
	return out
}

func principalsOf(v Value) []Value {
	switch v.Kind {
	case Unknown:
		return []Value{v}
	case Object:
		var out []Value
		for _, f := range v.Fields {
			identifiers := stringList(f.Value)
			out = append(out, Value{Kind: Object, Range: f.Value.Range, Fields: []Field{
				{Name: "type", NameRange: f.NameRange, Value: StringValue(f.Name)},
				{Name: "identifiers", NameRange: f.NameRange, Value: identifiers},
				{Name: "anyone", NameRange: f.NameRange, Value: anyone(f.Name, identifiers)},
			}})
		}
		if v.Open() {
			out = append(out, Value{Kind: Unknown, Range: v.Range, Meta: v.Meta})
		}
		return out
	case String:
		return []Value{{Kind: Object, Range: v.Range, Fields: []Field{
			{Name: "type", Value: StringValue(v.Text)},
			{Name: "identifiers", Value: ListValue(v)},
			{Name: "anyone", Value: BoolValue(v.Text == "*")},
		}}}
	}
	return nil
}

// anyone tells whether identifiers hold the "*" that stands for everybody.
func anyone(kind string, identifiers Value) Value {
	if kind != "AWS" && kind != "*" {
		return BoolValue(false)
	}
	return holdsStar(identifiers)
}

// holdsStar tells whether "*" is among the texts. One that is not known is none
// when it is another resource's, or when it is known to begin otherwise.
func holdsStar(texts Value) Value {
	var doubt *Value
	for _, v := range oneOrMany(texts) {
		if v.Kind == String && v.Text == "*" {
			return BoolValue(true)
		}
		if v.Kind == Unknown && !v.IsNamed() {
			doubt = &v
		}
	}
	if doubt != nil {
		return *doubt
	}
	return BoolValue(false)
}

// IsNamed reports whether an unknown text is known to name one thing: it is
// another resource's attribute, or the way it begins is known.
func (v Value) IsNamed() bool {
	if v.Meta == nil {
		return false
	}
	if p := v.Meta.Prefix; p != "" && p[0] != '*' && p[0] != '?' {
		return true
	}
	for _, r := range v.Meta.Reasons {
		if r.Needs != "" {
			return false
		}
	}
	return len(v.Meta.Links) > 0
}

// conditions turns {"StringEquals": {"aws:x": "y"}} into a list of
// {test, variable, values}.
func conditions(v Value) Value {
	if v.Kind == Unknown {
		return v
	}
	out := Value{Kind: List, Range: v.Range}
	for _, test := range v.Fields {
		if test.Value.Kind != Object || test.Value.Open() {
			out.Items = append(out.Items, Value{Kind: Unknown, Range: test.Value.Range, Meta: test.Value.Meta})
		}
		for _, variable := range test.Value.Fields {
			out.Items = append(out.Items, Value{Kind: Object, Range: test.NameRange.Through(variable.Value.Range), Fields: []Field{
				{Name: "test", NameRange: test.NameRange, Value: StringValue(test.Name)},
				{Name: "variable", NameRange: variable.NameRange, Value: StringValue(variable.Name)},
				{Name: "values", NameRange: variable.NameRange, Value: stringList(variable.Value)},
			}})
		}
	}
	if v.Open() {
		out.Items = append(out.Items, Value{Kind: Unknown, Range: v.Range, Meta: v.Meta})
	}
	return out
}
