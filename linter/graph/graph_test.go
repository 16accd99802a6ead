package graph_test

import (
	"context"
	"strings"
	"testing"

	"github.com/demarc-dev/demarc/linter/graph"
	"github.com/demarc-dev/demarc/policies"
)

// str, object and list spell declared values.
func str(s string) graph.Value { return graph.StringValue(s) }

func object(pairs ...any) graph.Value {
	v := graph.ObjectValue()
	for i := 0; i < len(pairs); i += 2 {
		v.Fields = append(v.Fields, graph.Field{Name: pairs[i].(string), Value: pairs[i+1].(graph.Value)})
	}
	return v
}

func unknown(reason string) graph.Value { return graph.UnknownValue(graph.Reason{Text: reason}) }

func link(address string) graph.Value {
	return unknown("known after apply").WithLinks(graph.Link{Address: address, Attribute: "id"})
}

func resource(address, declared string, values graph.Value) *graph.Resource {
	return &graph.Resource{Address: address, DeclaredType: declared, Declared: values}
}

func build(language graph.Language, resources ...*graph.Resource) *graph.Graph {
	return graph.Build(context.Background(), policies.Schema(), []*graph.Stack{{Root: ".", Language: language, Resources: resources}})
}

func find(t *testing.T, g *graph.Graph, address string) *graph.Resource {
	t.Helper()
	for _, r := range g.Resources {
		if r.Address == address {
			return r
		}
	}
	t.Fatalf("no resource %s", address)
	return nil
}

// text writes a value in one line: ? is unknown, - is null.
func text(v graph.Value) string {
	switch v.Kind {
	case graph.Unknown:
		return "?"
	case graph.Bool:
		if v.Bool {
			return "true"
		}
		return "false"
	case graph.Number, graph.String:
		return v.Text
	case graph.List:
		var parts []string
		for _, item := range v.Items {
			parts = append(parts, text(item))
		}
		return "[" + strings.Join(parts, " ") + "]"
	case graph.Object:
		var parts []string
		for _, f := range v.Fields {
			if s := text(f.Value); s != "-" && s != "[]" {
				parts = append(parts, f.Name+":"+s)
			}
		}
		return "{" + strings.Join(parts, " ") + "}"
	}
	return "-"
}

func TestBothLanguagesMeanTheSame(t *testing.T) {
	tests := []struct {
		name, path, want          string
		terraform, cloudformation graph.Value
		types                     [2]string
	}{
		{
			name: "bool from text", path: "storage_encrypted", want: "true",
			types:          [2]string{"aws_db_instance", "AWS::RDS::DBInstance"},
			terraform:      object("storage_encrypted", graph.BoolValue(true)),
			cloudformation: object("StorageEncrypted", str("True")),
		},
		{
			name: "absent takes the default", path: "storage_encrypted", want: "false",
			types:     [2]string{"aws_db_instance", "AWS::RDS::DBInstance"},
			terraform: object(), cloudformation: object(),
		},
		{
			name: "mapped text", path: "internal", want: "true",
			types:          [2]string{"aws_lb", "AWS::ElasticLoadBalancingV2::LoadBalancer"},
			terraform:      object("internal", graph.BoolValue(true)),
			cloudformation: object("Scheme", str("internal")),
		},
		{
			name: "key-value list", path: "access_logs.enabled", want: "true",
			types:     [2]string{"aws_lb", "AWS::ElasticLoadBalancingV2::LoadBalancer"},
			terraform: object("access_logs", graph.ListValue(object("enabled", graph.BoolValue(true)))),
			cloudformation: object("LoadBalancerAttributes", graph.ListValue(
				object("Key", str("access_logs.s3.enabled"), "Value", str("true")))),
		},
		{
			name: "not a number", path: "backup_retention_period", want: "?",
			types:          [2]string{"aws_db_instance", "AWS::RDS::DBInstance"},
			terraform:      object("backup_retention_period", str("abc")),
			cloudformation: object("BackupRetentionPeriod", str("abc")),
		},
		{
			name: "scalar where a list is due", path: "ingress", want: "[{protocol:tcp from_port:22 to_port:22 cidr_blocks:[0.0.0.0/0] self:false}]",
			types: [2]string{"aws_security_group", "AWS::EC2::SecurityGroup"},
			terraform: object("ingress", graph.ListValue(object(
				"protocol", str("tcp"), "from_port", graph.NumberValue("22"), "to_port", str("22"), "cidr_blocks", graph.ListValue(str("0.0.0.0/0"))))),
			cloudformation: object("SecurityGroupIngress", object(
				"IpProtocol", str("tcp"), "FromPort", str("22"), "ToPort", graph.NumberValue("22"), "CidrIp", str("0.0.0.0/0"))),
		},
		{
			name: "tags", path: "tags", want: "{Owner:data}",
			types:          [2]string{"aws_s3_bucket", "AWS::S3::Bucket"},
			terraform:      object("tags", object("Owner", str("data"))),
			cloudformation: object("Tags", graph.ListValue(object("Key", str("Owner"), "Value", str("data")))),
		},
		{
			name: "unknown below", path: "versioning.enabled", want: "?",
			types:          [2]string{"aws_s3_bucket", "AWS::S3::Bucket"},
			terraform:      object("versioning", unknown("var.v has no default")),
			cloudformation: object("VersioningConfiguration", object("Status", unknown("parameter V has no default"))),
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			for i, declared := range []graph.Value{test.terraform, test.cloudformation} {
				language := []graph.Language{graph.Terraform, graph.CloudFormation}[i]
				g := build(language, resource("r", test.types[i], declared))
				if got := text(find(t, g, "r").Values.Get(strings.Split(test.path, ".")...)); got != test.want {
					t.Errorf("%s: %s is %s, want %s", language, test.path, got, test.want)
				}
			}
		})
	}
}

// TestTextAndEntriesAsBlocks reads blocks out of a JSON text, and out of the
// entries of an object.
func TestTextAndEntriesAsBlocks(t *testing.T) {
	const group = "AWS::DocDB::DBClusterParameterGroup"
	for name, c := range map[string]struct {
		declared string
		value    graph.Value
		want     string
	}{
		"entries":           {group, object("Parameters", object("tls", str("enabled"), "audit_logs", str("ddl"))), "[{name:tls value:enabled} {name:audit_logs value:ddl}]"},
		"JSON text":         {group, object("Parameters", str(`{"tls": "enabled"}`)), "[{name:tls value:enabled}]"},
		"bad JSON":          {group, object("Parameters", str(`{"tls": `)), "[?]"},
		"an unknown entry":  {group, object("Parameters", object("tls", unknown("no default"))), "[{name:tls value:?}]"},
		"open":              {group, object("Parameters", object("tls", str("enabled")).AsOpen()), "[{name:tls value:enabled} ?]"},
		"unknown":           {group, object("Parameters", unknown("no default")), "[?]"},
		"unknown, encoding": {group, object("Parameters", unknown("later").WithStructure(object("tls", str("enabled")))), "[{name:tls value:enabled}]"},
		"other text":        {group, object("Parameters", str("tls")), "[]"},
	} {
		r := find(t, build(graph.CloudFormation, resource("G", c.declared, c.value)), "G")
		if got := text(r.Values.Get("parameter")); got != c.want {
			t.Errorf("%s: got %s, want %s", name, got, c.want)
		}
	}
}

func TestFolding(t *testing.T) {
	versioned := func(bucket graph.Value, status string) graph.Value {
		return object("bucket", bucket, "versioning_configuration", graph.ListValue(object("status", str(status))))
	}
	maybe := func(r *graph.Resource) *graph.Resource {
		r.Maybe = &graph.Reason{Text: "var.create has no default"}
		return r
	}
	tests := []struct {
		name      string
		resources []*graph.Resource
		want      map[string]string // address -> versioning.enabled
	}{
		{"by link", []*graph.Resource{
			resource("aws_s3_bucket.b", "aws_s3_bucket", object()),
			resource("aws_s3_bucket_versioning.v", "aws_s3_bucket_versioning", versioned(link("aws_s3_bucket.b"), "Enabled")),
		}, map[string]string{"aws_s3_bucket.b": "true"}},
		{"by instance key", []*graph.Resource{
			resource(`aws_s3_bucket.b["x"]`, "aws_s3_bucket", object()),
			resource(`aws_s3_bucket.b["y"]`, "aws_s3_bucket", object()),
			resource(`aws_s3_bucket_versioning.v["x"]`, "aws_s3_bucket_versioning", versioned(link(`aws_s3_bucket.b["x"]`), "Enabled")),
		}, map[string]string{`aws_s3_bucket.b["x"]`: "true", `aws_s3_bucket.b["y"]`: "false"}},
		{"unknown key is any instance", []*graph.Resource{
			resource(`aws_s3_bucket.b["x"]`, "aws_s3_bucket", object()),
			resource(`aws_s3_bucket_versioning.v["*"]`, "aws_s3_bucket_versioning", versioned(link(`aws_s3_bucket.b["*"]`), "Enabled")),
		}, map[string]string{`aws_s3_bucket.b["x"]`: "true"}},
		{"by unique name", []*graph.Resource{
			resource("aws_s3_bucket.b", "aws_s3_bucket", object("bucket", str("logs"))),
			resource("aws_s3_bucket_versioning.v", "aws_s3_bucket_versioning", versioned(str("logs"), "Enabled")),
		}, map[string]string{"aws_s3_bucket.b": "true"}},
		{"companion beats inline", []*graph.Resource{
			resource("aws_s3_bucket.b", "aws_s3_bucket", object("versioning", graph.ListValue(object("enabled", graph.BoolValue(true))))),
			resource("aws_s3_bucket_versioning.v", "aws_s3_bucket_versioning", versioned(link("aws_s3_bucket.b"), "Suspended")),
		}, map[string]string{"aws_s3_bucket.b": "false"}},
		{"two that differ", []*graph.Resource{
			resource("aws_s3_bucket.b", "aws_s3_bucket", object()),
			resource("aws_s3_bucket_versioning.v", "aws_s3_bucket_versioning", versioned(link("aws_s3_bucket.b"), "Suspended")),
			resource("aws_s3_bucket_versioning.w", "aws_s3_bucket_versioning", versioned(link("aws_s3_bucket.b"), "Enabled")),
		}, map[string]string{"aws_s3_bucket.b": "?"}},
		{"parent unknown", []*graph.Resource{
			resource("aws_s3_bucket.b", "aws_s3_bucket", object()),
			resource("aws_s3_bucket_versioning.v", "aws_s3_bucket_versioning", versioned(unknown("var.bucket has no default"), "Enabled")),
		}, map[string]string{"aws_s3_bucket.b": "?", "aws_s3_bucket_versioning.v": "true"}},
		{"parent outside", []*graph.Resource{
			resource("aws_s3_bucket.b", "aws_s3_bucket", object()),
			resource("aws_s3_bucket_versioning.v", "aws_s3_bucket_versioning", versioned(str("elsewhere"), "Suspended")),
		}, map[string]string{"aws_s3_bucket.b": "false", "aws_s3_bucket_versioning.v": "false"}},
		{"companion that may not exist", []*graph.Resource{
			resource("aws_s3_bucket.b", "aws_s3_bucket", object()),
			maybe(resource("aws_s3_bucket_versioning.v[0]", "aws_s3_bucket_versioning", versioned(link("aws_s3_bucket.b"), "Enabled"))),
		}, map[string]string{"aws_s3_bucket.b": "?"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			g := build(graph.Terraform, test.resources...)
			if len(g.Resources) != len(test.want) {
				t.Errorf("%d resources, want %d", len(g.Resources), len(test.want))
			}
			for address, want := range test.want {
				if got := text(find(t, g, address).Values.Get("versioning", "enabled")); got != want {
					t.Errorf("%s is %s, want %s", address, got, want)
				}
			}
		})
	}
}

func TestGroupRulesJoinTheirGroup(t *testing.T) {
	port := func(n string) graph.Value {
		return object("security_group_id", link("aws_security_group.g"), "ip_protocol", str("tcp"),
			"from_port", graph.NumberValue(n), "to_port", graph.NumberValue(n), "cidr_ipv4", str("10.0.0.0/8"))
	}
	g := build(graph.Terraform,
		resource("aws_security_group.g", "aws_security_group", object("ingress", graph.ListValue(object("from_port", graph.NumberValue("443"))))),
		resource("aws_vpc_security_group_ingress_rule.a", "aws_vpc_security_group_ingress_rule", port("22")),
		resource("aws_vpc_security_group_egress_rule.a", "aws_vpc_security_group_egress_rule", port("53")),
		resource("aws_security_group_rule.a", "aws_security_group_rule", object("type", str("ingress"), "security_group_id", link("aws_security_group.g"), "from_port", graph.NumberValue("80"))),
	)
	group := find(t, g, "aws_security_group.g")
	var ports []string
	for _, rule := range group.Values.Get("ingress").Items {
		ports = append(ports, text(rule.Get("from_port")))
	}
	if got := strings.Join(ports, " "); got != "443 22 80" {
		t.Errorf("ingress ports %s", got)
	}
	if got := group.At(graph.ParsePath("ingress.1.cidr_blocks")).Owner; got == nil || got.Address != "aws_vpc_security_group_ingress_rule.a" {
		t.Errorf("owner of the second rule: %v", got)
	}
	if got := len(group.Values.Get("egress").Items); got != 1 {
		t.Errorf("%d egress rules", got)
	}
}

func TestPolicyInNormalForm(t *testing.T) {
	const json = `{"Version": "2012-10-17", "Statement": {"Sid": "A", "Effect": "Allow", "Principal": {"AWS": "*"},
		"Action": "s3:GetObject", "Resource": ["*"], "Condition": {"Bool": {"aws:SecureTransport": false}}}}`
	const want = "{version:2012-10-17 statements:[{sid:A effect:Allow actions:[s3:GetObject] resources:[*] every_resource:true " +
		"principals:[{type:AWS identifiers:[*] anyone:true}] conditions:[{test:Bool variable:aws:SecureTransport values:[false]}]}]}"
	statement := object("Sid", str("A"), "Effect", str("Allow"), "Principal", object("AWS", str("*")), "Action", str("s3:GetObject"),
		"Resource", graph.ListValue(str("*")), "Condition", object("Bool", object("aws:SecureTransport", graph.BoolValue(false))))
	structure := object("Version", str("2012-10-17"), "Statement", graph.ListValue(statement))
	for name, v := range map[string]graph.Value{
		"text": str(json), "object": structure, "structure of an unknown text": unknown("known after apply").WithStructure(structure),
	} {
		g := build(graph.Terraform, resource("aws_iam_policy.p", "aws_iam_policy", object("policy", v)))
		if len(g.Documents) != 1 {
			t.Fatalf("%s: %d documents", name, len(g.Documents))
		}
		if got := text(g.Documents[0].Value); got != want {
			t.Errorf("%s:\n got %s\nwant %s", name, got, want)
		}
	}
	g := build(graph.Terraform, resource("aws_iam_policy.p", "aws_iam_policy", object("policy", str("{nonsense"))))
	if got := g.Documents[0].Value; got.Kind != graph.Unknown || got.Reasons()[0].Text != "the policy is not valid JSON" {
		t.Errorf("nonsense gives %v", got)
	}
}

func TestReferences(t *testing.T) {
	g := build(graph.Terraform,
		resource("aws_vpc.a", "aws_vpc", object()),
		resource("aws_vpc.b", "aws_vpc", object()),
		resource("aws_flow_log.a", "aws_flow_log", object("vpc_id", link("aws_vpc.a"))),
	)
	if got := len(find(t, g, "aws_vpc.a").Referrers("aws_flow_log.vpc_id")); got != 1 {
		t.Errorf("aws_vpc.a has %d flow logs", got)
	}
	b := find(t, g, "aws_vpc.b")
	if len(b.Referrers("aws_flow_log.vpc_id")) != 0 || len(g.MayReference(b, "aws_flow_log.vpc_id")) != 0 {
		t.Error("aws_vpc.b has, or may have, a flow log")
	}
	g = build(graph.Terraform,
		resource("aws_vpc.a", "aws_vpc", object()),
		resource("aws_flow_log.a", "aws_flow_log", object("vpc_id", unknown("var.vpc has no default"))),
	)
	if got := g.MayReference(find(t, g, "aws_vpc.a"), "aws_flow_log.vpc_id"); len(got) != 1 || got[0].Text != "var.vpc has no default" {
		t.Errorf("an unknown target may be the VPC: %v", got)
	}
}

func TestStripKeys(t *testing.T) {
	for address, want := range map[string]string{
		`module.a["x.y"].aws_s3_bucket.b[0]`: "module.a.aws_s3_bucket.b",
		`aws_s3_bucket.b["we]ird\"key"]`:     "aws_s3_bucket.b",
		"Child/Bucket":                       "Child/Bucket",
	} {
		if got := graph.StripKeys(address); got != want {
			t.Errorf("StripKeys(%s) = %s, want %s", address, got, want)
		}
	}
}
