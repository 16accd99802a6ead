package policy

import (
	"context"
	"testing"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/demarc-dev/demarc/linter/graph"
	"github.com/demarc-dev/demarc/policies"
)

func object(pairs ...any) graph.Value {
	v := graph.ObjectValue()
	for i := 0; i < len(pairs); i += 2 {
		v.Fields = append(v.Fields, graph.Field{Name: pairs[i].(string), Value: pairs[i+1].(graph.Value)})
	}
	return v
}

func text(s string) graph.Value { return graph.StringValue(s) }

func port(n string) graph.Value { return graph.NumberValue(n) }

func unknownBecause(reason string) graph.Value {
	return graph.UnknownValue(graph.Reason{Text: reason, Needs: "var.x"})
}

func ingress(rules ...graph.Value) graph.Value {
	return object("ingress", graph.ListValue(rules...))
}

func rule(cidr, from, to graph.Value) graph.Value {
	return object("protocol", text("tcp"), "cidr_blocks", graph.ListValue(cidr), "from_port", from, "to_port", to)
}

// TestOutcomes holds four rules of four kinds against absent, known, unknown
// and partly unknown values.
func TestOutcomes(t *testing.T) {
	world, private := text("0.0.0.0/0"), text("10.0.0.0/8")
	missing := unknownBecause("var.x has no default")
	key := missing.WithLinks(graph.Link{Address: "aws_kms_key.k", Attribute: "arn"})
	statement := func(principal, condition graph.Value) graph.Value {
		return object("policy", object("Statement", graph.ListValue(object(
			"Effect", text("Allow"), "Principal", principal, "Action", text("sqs:*"), "Resource", text("*"), "Condition", condition))))
	}
	narrowed := object("ArnEquals", object("aws:SourceArn", text("arn:aws:sns:eu-west-1:111122223333:t")))
	tests := []struct {
		name, rule, declared string
		values               graph.Value
		want                 string // pass, fail, inconclusive or none
		why                  string
	}{
		{"absent", "rds/storage-encryption", "aws_db_instance", object(), "fail", ""},
		{"known bad", "rds/storage-encryption", "aws_db_instance", object("storage_encrypted", graph.BoolValue(false)), "fail", ""},
		{"known good", "rds/storage-encryption", "aws_db_instance", object("storage_encrypted", graph.BoolValue(true)), "pass", ""},
		{"unknown", "rds/storage-encryption", "aws_db_instance", object("storage_encrypted", missing), "inconclusive", "var.x"},
		{"a replica takes its source's", "rds/storage-encryption", "aws_db_instance", object("replicate_source_db", key), "none", ""},
		{"perhaps a replica", "rds/storage-encryption", "aws_db_instance", object("replicate_source_db", missing), "inconclusive", "var.x"},

		{"no key", "cloudtrail/kms-encryption", "aws_cloudtrail", object(), "fail", ""},
		{"a link is a key", "cloudtrail/kms-encryption", "aws_cloudtrail", object("kms_key_id", key), "pass", ""},
		{"unknown key", "cloudtrail/kms-encryption", "aws_cloudtrail", object("kms_key_id", missing), "inconclusive", "var.x"},

		{"open to the world", "vpc/ingress-ssh", "aws_security_group", ingress(rule(world, port("22"), port("22"))), "fail", ""},
		{"in a range", "vpc/ingress-ssh", "aws_security_group", ingress(rule(world, port("20"), port("30"))), "fail", ""},
		{"private", "vpc/ingress-ssh", "aws_security_group", ingress(rule(private, port("22"), port("22"))), "pass", ""},
		{"another port", "vpc/ingress-ssh", "aws_security_group", ingress(rule(world, port("443"), port("443"))), "pass", ""},
		{"unknown address", "vpc/ingress-ssh", "aws_security_group", ingress(rule(missing, port("22"), port("22"))), "inconclusive", "var.x"},
		{"unknown address, another port", "vpc/ingress-ssh", "aws_security_group", ingress(rule(missing, port("443"), port("443"))), "pass", ""},
		{"unknown port, private", "vpc/ingress-ssh", "aws_security_group", ingress(rule(private, missing, missing)), "pass", ""},
		{"unknown port, open", "vpc/ingress-ssh", "aws_security_group", ingress(rule(world, missing, missing)), "inconclusive", "var.x"},
		{"a failure beats an unknown", "vpc/ingress-ssh", "aws_security_group",
			ingress(rule(missing, port("22"), port("22")), rule(world, port("22"), port("22"))), "fail", ""},

		{"anyone", "sqs/policy-public", "aws_sqs_queue", statement(text("*"), graph.NullValue()), "fail", ""},
		{"anyone of AWS", "sqs/policy-public", "aws_sqs_queue", statement(object("AWS", text("*")), graph.NullValue()), "fail", ""},
		{"narrowed", "sqs/policy-public", "aws_sqs_queue", statement(text("*"), narrowed), "pass", ""},
		{"a service", "sqs/policy-public", "aws_sqs_queue", statement(object("Service", text("sns.amazonaws.com")), graph.NullValue()), "pass", ""},
		{"unknown condition", "sqs/policy-public", "aws_sqs_queue", statement(text("*"), missing), "inconclusive", "var.x"},
		{"unknown principal", "sqs/policy-public", "aws_sqs_queue", statement(missing, graph.NullValue()), "inconclusive", "var.x"},
		{"unknown policy", "sqs/policy-public", "aws_sqs_queue", object("policy", missing), "inconclusive", "var.x"},
		{"no policy", "sqs/policy-public", "aws_sqs_queue", object(), "pass", ""},
	}
	for _, test := range tests {
		t.Run(test.rule+" "+test.name, func(t *testing.T) {
			r := &graph.Resource{Address: "r", DeclaredType: test.declared, Declared: test.values}
			g := graph.Build(context.Background(), policies.Schema(), []*graph.Stack{{Root: ".", Language: graph.Terraform, Resources: []*graph.Resource{r}}})
			result, err := Judge(context.Background(), g, Options{Wanted: func(r *policies.Rule) bool { return r.ID == test.rule }})
			if err != nil {
				t.Fatal(err)
			}
			if len(result.Errors) > 0 {
				t.Fatal(result.Errors)
			}
			tally := *result.PerRule[test.rule]
			got := map[Tally]string{{Pass: 1}: "pass", {Fail: 1}: "fail", {Inconclusive: 1}: "inconclusive", {NotApplicable: 1}: "none"}[tally]
			if got != test.want {
				t.Errorf("got %v, want %s: %+v", tally, test.want, result.Outcomes)
			}
			if test.why != "" && (len(result.Outcomes) == 0 || len(result.Outcomes[0].Why) == 0 || result.Outcomes[0].Why[0].Needs != test.why) {
				t.Errorf("it does not say that it needs %s: %+v", test.why, result.Outcomes)
			}
		})
	}
}

func TestWildcard(t *testing.T) {
	for _, c := range []struct {
		pattern, text string
		want          bool
	}{
		{"*", "s3:getobject", true}, {"s3:*", "s3:getobject", true}, {"s3:get*", "s3:putobject", false},
		{"s3:?et*", "s3:getobject", true}, {"s3:*object", "s3:getobject", true}, {"s3:*object", "s3:getobjects", false},
		{"", "", true}, {"", "a", false}, {"a**b", "ab", true}, {"a*b*c", "aXXbYYbZc", true},
	} {
		if got := wildcard(c.pattern, c.text); got != c.want {
			t.Errorf("wildcard(%q, %q) = %t", c.pattern, c.text, got)
		}
	}
}

// TestCapabilitiesAreClosed holds that a policy that reaches out of a scan does not
// compile, and that no host may be asked: a nil list would allow any.
func TestCapabilitiesAreClosed(t *testing.T) {
	c := capabilities()
	if c.AllowNet == nil || len(c.AllowNet) > 0 {
		t.Errorf("policies may ask the hosts %v", c.AllowNet)
	}
	compile := func(body string) error {
		module, err := ast.ParseModuleWithOpts("p.rego", "package p\n\nr := x if {\n\tx := "+body+"\n}\n", ast.ParserOptions{Capabilities: c})
		if err != nil {
			return err
		}
		compiler := ast.NewCompiler().WithCapabilities(c)
		compiler.Compile(map[string]*ast.Module{"p.rego": module})
		if compiler.Failed() {
			return compiler.Errors
		}
		return nil
	}
	if err := compile(`count("a")`); err != nil {
		t.Fatalf("what is allowed does not compile: %v", err)
	}
	for _, call := range []string{
		`http.send({"method": "get", "url": "http://localhost"})`, `opa.runtime()`, `time.now_ns()`, `rand.intn("a", 5)`,
		`uuid.rfc4122("a")`, `net.lookup_ip_addr("localhost")`, `crypto.sha256("a")`, `io.jwt.decode("a")`, `rego.parse_module("a", "package a")`,
		`providers.aws.sign_req({}, {}, 1)`, `trace("a")`, `json.match_schema({}, {"$ref": "http://localhost/schema"})`,
		`json.verify_schema({})`, `graphql.is_valid("a", "b")`, `yaml.unmarshal("a")`,
	} {
		if compile(call) == nil {
			t.Errorf("policies may call %s", call)
		}
	}
}
