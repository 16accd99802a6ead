package graph_test

import (
	"slices"
	"testing"

	"github.com/demarc-dev/demarc/linter/graph"
	"github.com/demarc-dev/demarc/linter/source"
)

func TestPathText(t *testing.T) {
	for _, c := range []struct {
		path graph.Path
		text string
	}{
		{nil, ""},
		{graph.Path{"bucket"}, "bucket"},
		{graph.Path{"ingress", "0", "from_port"}, "ingress.0.from_port"},
		{graph.Path{"tags", "aws:cdk/path *"}, "tags.aws:cdk/path *"},
		{graph.Path{"tags", "a.b"}, `tags["a.b"]`},
		{graph.Path{"a.b"}, `["a.b"]`},
		{graph.Path{"a.b", "c"}, `["a.b"].c`},
		{graph.Path{"a.b", "c.d", "e"}, `["a.b"]["c.d"].e`},
		{graph.Path{"tags", ""}, `tags[""]`},
		{graph.Path{""}, `[""]`},
		{graph.Path{"tags", `["x"]`, "y"}, `tags["[\"x\"]"].y`},
		{graph.Path{"tags", `say "x"`, "\xff"}, "tags.say \"x\".\xff"},
		{graph.Path{"tags", "a.\xff"}, `tags["a.\xff"]`},
	} {
		if got := c.path.String(); got != c.text {
			t.Errorf("%q is written %s, want %s", []string(c.path), got, c.text)
		}
		if got := graph.ParsePath(c.text); !slices.Equal(got, c.path) {
			t.Errorf("%s is read as %q, want %q", c.text, []string(got), []string(c.path))
		}
	}
}

// A policy of the user's own may hand over any text.
func TestParsePathTakesBrokenBracketsAsTheyStand(t *testing.T) {
	for text, want := range map[string]graph.Path{
		`a[0].b`:     {"a[0]", "b"},
		`a["b`:       {`a["b`},
		`a["b"c`:     {`a["b"c`},
		`a["b"]c.d`:  {`a["b"]c`, "d"},
		`["a`:        {`["a`},
		`a["b"]["c"`: {"a", "b", `["c"`},
		`a..b`:       {"a", "", "b"},
	} {
		if got := graph.ParsePath(text); !slices.Equal(got, want) {
			t.Errorf("%s is read as %q, want %q", text, []string(got), []string(want))
		}
	}
}

func FuzzPath(f *testing.F) {
	for _, seed := range []string{"", "a.b", `a["b.c"].d`, `["[]"]`, `a["`, "a[]"} {
		f.Add(seed, seed)
	}
	f.Fuzz(func(t *testing.T, one, other string) {
		p := graph.Path{one, other}
		if got := graph.ParsePath(p.String()); !slices.Equal(got, p) {
			t.Errorf("%q is written %s and read as %q", []string(p), p, []string(got))
		}
		if got := graph.ParsePath(graph.JoinText(graph.Path{one}.String(), graph.Path{other}.String())); !slices.Equal(got, p) {
			t.Errorf("the joined texts of %q are read as %q", []string(p), []string(got))
		}
		again := graph.ParsePath(one)
		if twice := graph.ParsePath(again.String()); !slices.Equal(again, twice) {
			t.Errorf("%s is read as %q and, written anew, as %q", one, []string(again), []string(twice))
		}
	})
}

func TestPathsCoverWhatLiesBelow(t *testing.T) {
	p := graph.ParsePath
	for _, c := range []struct {
		around, path string
		covers       bool
	}{
		{"ingress", "ingress", true},
		{"ingress", "ingress.0.from_port", true},
		{"ingress.0", "ingress.1", false},
		{"ingress.0", "ingress", false},
		{"ingress", "ingress_rule", false},
		{"", "ingress", true},
		{"tags", `tags["a.b"]`, true},
		{"tags.a", `tags["a.b"]`, false},
	} {
		if got := p(c.around).Covers(p(c.path)); got != c.covers {
			t.Errorf("%q covers %q: %v", c.around, c.path, got)
		}
	}
	if got := p("a.b.c").Parent(); got.String() != "a.b" {
		t.Errorf("the parent of a.b.c is %s", got)
	}
	if got := p("").Parent(); len(got) != 0 {
		t.Errorf("the parent of nothing is %s", got)
	}
	base := p("a.b")
	one, other := base.Parent().Join("x"), base.Join("y")
	if base.String() != "a.b" || one.String() != "a.x" || other.String() != "a.b.y" {
		t.Errorf("joined paths share memory: %s %s %s", base, one, other)
	}
}

// spotsText has the values of TestSpots at the places that they name.
const spotsText = `resource "r" "x" {
  block {
    port = 22
  }
}
resource "companion" "c" {
  name = "n"
}
`

func TestSpots(t *testing.T) {
	f := source.NewFile("main.tf", []byte(spotsText))
	within := func(text string) source.Range {
		i := slices.Index([]byte(spotsText), text[0])
		for ; spotsText[i:i+len(text)] != text; i++ {
		}
		return source.Range{File: f, Start: i, End: i + len(text)}
	}
	block := source.Range{File: f, Start: within("block").Start, End: within("  }\n").End - 1}
	owner := &graph.Resource{Address: "companion.c", Header: within(`resource "companion" "c"`)}
	step := graph.Step{Message: "var.port"}
	secret := graph.StringValue("s3cret").AsSensitive()
	r := &graph.Resource{Address: "r.x", Header: within(`resource "r" "x"`), Values: graph.ObjectValue(
		graph.Field{Name: "block", Value: graph.ListValue(graph.ObjectValue(
			graph.Field{Name: "port", NameRange: within("port"), Value: graph.NumberValue("22").At(within("22")).WithVia(step)},
			graph.Field{Name: "unset", Value: graph.NullValue()},
		).At(block))},
		graph.Field{Name: "folded", Value: graph.ObjectValue(
			graph.Field{Name: "name", Value: graph.StringValue("n").At(within(`"n"`))},
			graph.Field{Name: "other", Value: graph.NullValue()},
		).WithOwner(owner)},
		graph.Field{Name: "lost", NameRange: within("name"), Value: graph.UnknownValue()},
		graph.Field{Name: "hidden", Value: graph.Value{Kind: graph.Object, Sensitive: true, Fields: []graph.Field{{Name: "in.side", Value: secret}}}},
	)}
	for _, c := range []struct {
		path      string
		kind      graph.Kind
		at        string
		placed    bool
		owner     *graph.Resource
		via       int
		scopes    int
		sensitive bool
	}{
		{path: "", kind: graph.Object, at: `resource "r" "x"`, placed: true},
		{path: "block.0", kind: graph.Object, at: "block {", placed: true, scopes: 1},
		{path: "block.0.port", kind: graph.Number, at: "port = 22", placed: true, via: 1, scopes: 1},
		{path: "block.0.unset", kind: graph.Null, at: "block {", scopes: 1},
		{path: "block.0.absent", kind: graph.Absent, at: "block {", scopes: 1},
		{path: "block.1.port", kind: graph.Absent, at: `resource "r" "x"`},
		{path: "block.-1", kind: graph.Absent, at: `resource "r" "x"`},
		{path: "folded", kind: graph.Object, at: `resource "companion" "c"`, owner: owner},
		{path: "folded.name", kind: graph.String, at: `"n"`, placed: true, owner: owner},
		{path: "folded.other", kind: graph.Null, at: `resource "companion" "c"`, owner: owner},
		{path: "lost.deep.down", kind: graph.Unknown, at: "name", placed: true},
		{path: `hidden["in.side"]`, kind: graph.String, at: `resource "r" "x"`, sensitive: true},
		{path: "hidden.in.side", kind: graph.Absent, at: `resource "r" "x"`, sensitive: true},
	} {
		s := r.At(graph.ParsePath(c.path))
		text := string(f.Data[s.Range.Start:s.Range.End])
		if s.Value.Kind != c.kind || text != c.at || s.Placed != c.placed || s.Owner != c.owner || len(s.Via) != c.via || len(s.Scopes) != c.scopes || s.Sensitive != c.sensitive {
			t.Errorf("at %q: kind %d, %q placed %v, owner %v, %d hops, %d scopes, sensitive %v", c.path, s.Value.Kind, text, s.Placed, s.Owner, len(s.Via), len(s.Scopes), s.Sensitive)
		}
		if s.Resource != r || s.Path.String() != c.path {
			t.Errorf("at %q: it says it is %s of %v", c.path, s.Path, s.Resource)
		}
	}
}

// A pass is evidence only where somebody, or AWS, gave the value.
func TestBasis(t *testing.T) {
	g := build(graph.Terraform,
		resource("aws_db_instance.d", "aws_db_instance", object("publicly_accessible", graph.BoolValue(true), "kms_key_id", link("aws_kms_key.k"))),
		resource("aws_security_group.s", "aws_security_group", object()),
		resource("aws_security_group.t", "aws_security_group", object()),
		resource("aws_vpc_security_group_ingress_rule.r", "aws_vpc_security_group_ingress_rule",
			object("security_group_id", link("aws_security_group.t"), "cidr_ipv4", str("10.0.0.0/8"))),
		resource("aws_s3_bucket.b", "aws_s3_bucket", object()),
	)
	for _, c := range []struct {
		address, path string
		want          graph.Basis
	}{
		{"aws_db_instance.d", "publicly_accessible", graph.Written},
		{"aws_db_instance.d", "kms_key_id", graph.Written},
		{"aws_db_instance.d", "storage_encrypted", graph.Default},
		{"aws_db_instance.d", "no_such_attribute", graph.Nothing},
		{"aws_security_group.s", "ingress", graph.Nothing},
		{"aws_security_group.t", "ingress", graph.Written},
		{"aws_s3_bucket.b", "versioning", graph.Default},
		{"aws_s3_bucket.b", "versioning.enabled", graph.Default},
		{"aws_s3_bucket.b", "logging", graph.Nothing},
	} {
		if got := find(t, g, c.address).At(graph.ParsePath(c.path)).Basis; got != c.want {
			t.Errorf("%s of %s rests on %d, want %d", c.path, c.address, got, c.want)
		}
	}
}

// A companion that may belong to any role leaves what the others give known.
func TestADoubtJoinsWhatIsKnown(t *testing.T) {
	attached := func(name string, role graph.Value) *graph.Resource {
		return resource("aws_iam_role_policy_attachment."+name, "aws_iam_role_policy_attachment",
			object("role", role, "policy_arn", str("arn:aws:iam::aws:policy/ReadOnlyAccess")))
	}
	g := build(graph.Terraform, resource("aws_iam_role.r", "aws_iam_role", object()),
		attached("known", link("aws_iam_role.r")), attached("lost", unknown("var.role has no default")))
	found := find(t, g, "aws_iam_role.r").Values.Get("policy_attachment")
	if len(found.Items) != 2 || found.Items[0].Kind != graph.Object || found.Items[1].Kind != graph.Unknown {
		t.Errorf("policy_attachment: %s", text(found))
	}
}

func TestScalarsTakeTheirForm(t *testing.T) {
	for _, c := range []struct {
		attribute string
		written   graph.Value
		want      string
	}{
		{"storage_encrypted", str("0"), "false"}, {"storage_encrypted", str("1"), "true"}, {"storage_encrypted", str("FALSE"), "false"},
		{"storage_encrypted", str("yes"), "?"}, {"storage_encrypted", graph.ListValue(str("true")), "true"},
		{"storage_encrypted", graph.ListValue(str("true"), str("true")), "?"},
		{"backup_retention_period", str("07"), "7"}, {"backup_retention_period", str("1.5"), "1.5"}, {"backup_retention_period", graph.BoolValue(true), "?"},
	} {
		g := build(graph.Terraform, resource("aws_db_instance.d", "aws_db_instance", object(c.attribute, c.written)))
		if got := text(find(t, g, "aws_db_instance.d").Values.Get(c.attribute)); got != c.want {
			t.Errorf("%s = %s is %s, want %s", c.attribute, text(c.written), got, c.want)
		}
	}
}

func TestWhoIsAnyone(t *testing.T) {
	for _, c := range []struct {
		principal graph.Value
		want      string
	}{
		{str("*"), "true"}, {object("AWS", str("*")), "true"}, {object("*", str("*")), "true"}, {object("Service", str("*")), "false"},
		{object("AWS", graph.ListValue(str("123456789012"), str("*"))), "true"}, {object("AWS", unknown("var.x")), "?"},
		{object("AWS", graph.ListValue(unknown("var.x"), str("*"))), "true"}, {object("AWS", link("aws_iam_role.r")), "false"},
	} {
		g := build(graph.Terraform, resource("aws_sqs_queue.q", "aws_sqs_queue", object("policy",
			object("Statement", object("Effect", str("Allow"), "Principal", c.principal, "Action", str("*"))))))
		if got := text(find(t, g, "aws_sqs_queue.q").Values.Get("policy", "statements", "0", "principals", "0", "anyone")); got != c.want {
			t.Errorf("%s is anyone: %s, want %s", text(c.principal), got, c.want)
		}
	}
}
