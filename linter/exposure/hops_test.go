package exposure_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/demarc-dev/demarc/linter/cloudformation"
	"github.com/demarc-dev/demarc/linter/exposure"
	"github.com/demarc-dev/demarc/linter/graph"
	"github.com/demarc-dev/demarc/linter/source"
	"github.com/demarc-dev/demarc/linter/terraform"
	"github.com/demarc-dev/demarc/policies"
)

// threeTier are the judged resources of testdata, by what they are,
// in both languages.
var threeTier = map[string][2]string{
	"balancer": {"aws_lb.web", "Web"}, "app": {"aws_instance.app", "App"}, "admin": {"aws_instance.admin", "Admin"},
	"database": {"aws_db_instance.database", "Database"}, "hook": {"aws_lambda_function_url.hook", "HookUrl"},
}

var inBoth = []string{"main.tf", "template.yaml"}

func read(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", file))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// exposed judges a source of one file.
func exposed(t *testing.T, file, text string) map[string]exposure.Verdict {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, file), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	tree, err := source.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer tree.Close()
	var stacks []*graph.Stack
	var diags []graph.Diagnostic
	if strings.HasSuffix(file, ".tf") {
		stacks, diags = terraform.Load(context.Background(), tree, []terraform.Dir{{Name: ".", Named: true}}, terraform.Options{})
	} else {
		stacks, diags = cloudformation.Load(context.Background(), tree, file, cloudformation.Options{})
	}
	for _, d := range diags {
		t.Fatalf("%s: %s", d.File, d.Message)
	}
	out := map[string]exposure.Verdict{}
	for _, v := range exposure.Of(graph.Build(context.Background(), policies.Schema(), stacks)) {
		out[v.Resource.Address] = v
	}
	return out
}

type edit struct{ old, new string }

func (e edit) in(t *testing.T, source string) string {
	t.Helper()
	if strings.Count(source, e.old) != 1 {
		t.Fatalf("%q stands %d times in the source, want once", e.old, strings.Count(source, e.old))
	}
	return strings.Replace(source, e.old, e.new, 1)
}

// TestExposureHops closes one hop after another, and makes one after another
// unknown, and holds what that does to the ways.
func TestExposureHops(t *testing.T) {
	const all = "balancer app admin database"
	for _, c := range []struct {
		name       string
		edits      [2]edit
		hop        string // that is closed or unknown
		resources  string // those whose path it breaks
		unresolved bool   // it becomes unknown
	}{
		{name: "gateway detached", hop: "internet gateway", resources: all, edits: [2]edit{
			{"\"aws_internet_gateway\" \"main\" {\n  vpc_id = aws_vpc.main.id\n", "\"aws_internet_gateway\" \"main\" {\n"},
			{"  GatewayAttachment:\n    Type: AWS::EC2::VPCGatewayAttachment\n    Properties:\n      VpcId: !Ref Vpc\n      InternetGatewayId: !Ref Gateway\n", ""}}},
		{name: "route to a NAT gateway", hop: "route", resources: all, edits: [2]edit{
			{"gateway_id             = aws_internet_gateway.main.id", "nat_gateway_id = \"nat-1\""}, {"GatewayId: !Ref Gateway\n  PrivateTable", "NatGatewayId: nat-1\n  PrivateTable"}}},
		{name: "route for a part", hop: "route", resources: all, edits: [2]edit{
			{`destination_cidr_block = "0.0.0.0/0"`, `destination_cidr_block = "203.0.113.0/24"`}, {"DestinationCidrBlock: 0.0.0.0/0", "DestinationCidrBlock: 203.0.113.0/24"}}},
		{name: "subnet with the private table", hop: "route", resources: all, edits: [2]edit{
			{"subnet_id      = aws_subnet.public.id\n  route_table_id = aws_route_table.public.id", "subnet_id      = aws_subnet.public.id\n  route_table_id = aws_route_table.private.id"},
			{"RouteTableId: !Ref PublicTable # association", "RouteTableId: !Ref PrivateTable"}}},
		{name: "subnet with no table", hop: "route", resources: all, edits: [2]edit{
			{"\"aws_route_table_association\" \"public\" {\n  subnet_id      = aws_subnet.public.id", "\"aws_route_table_association\" \"public\" {\n  subnet_id      = aws_subnet.private.id"},
			{"SubnetId: !Ref Public\n      RouteTableId", "SubnetId: !Ref Private\n      RouteTableId"}}},
		{name: "network ACL denies", hop: "network ACL", resources: all, edits: [2]edit{
			{"rule_number    = 100\n  protocol       = \"-1\"\n  rule_action    = \"allow\"", "rule_number    = 100\n  protocol       = \"-1\"\n  rule_action    = \"deny\""}, {"RuleAction: allow # in", "RuleAction: deny"}}},
		{name: "network ACL lets no replies out", hop: "network ACL", resources: all, edits: [2]edit{
			{"egress         = true\n  protocol       = \"-1\"\n  rule_action    = \"allow\"", "egress         = true\n  protocol       = \"-1\"\n  rule_action    = \"deny\""}, {"RuleAction: allow # out", "RuleAction: deny"}}},
		{name: "no public address", hop: "public address", resources: "admin", edits: [2]edit{
			{"associate_public_ip_address = true", "associate_public_ip_address = false"}, {"AssociatePublicIpAddress: true", "AssociatePublicIpAddress: false"}}},
		{name: "the subnet gives no address", hop: "public address", resources: "admin", edits: [2]edit{
			{"associate_public_ip_address = true", ""}, {"AssociatePublicIpAddress: true", "Description: x"}}},
		{name: "group for some addresses", hop: "security group", resources: "admin", edits: [2]edit{
			{`cidr_ipv4         = "0.0.0.0/0"`, `cidr_ipv4 = "203.0.113.7/32"`}, {"ToPort: 22, CidrIp: 0.0.0.0/0", "ToPort: 22, CidrIp: 203.0.113.7/32"}}},
		{name: "internal balancer", hop: "load balancer", resources: "balancer app", edits: [2]edit{
			{"internal        = false", "internal = true"}, {"Scheme: internet-facing", "Scheme: internal"}}},
		{name: "balancer's group closed", hop: "security group", resources: "balancer app", edits: [2]edit{
			{`cidr_blocks = ["0.0.0.0/0"] # balancer`, `cidr_blocks = ["10.0.0.0/8"]`}, {"ToPort: 443, CidrIp: 0.0.0.0/0", "ToPort: 443, CidrIp: 10.0.0.0/8"}}},
		{name: "listener at another port", hop: "security group", resources: "balancer app", edits: [2]edit{
			{"= 443 # listener", "= 8443"}, {"Port: 443 # listener", "Port: 8443"}}},
		{name: "no listener", hop: "listener", resources: "balancer", edits: [2]edit{
			{"load_balancer_arn = aws_lb.web.arn", "load_balancer_arn = \"arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/a/1\""},
			{"LoadBalancerArn: !Ref Web", "LoadBalancerArn: arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/a/1"}}},
		{name: "not a target", hop: "route", resources: "app", edits: [2]edit{
			{"target_id        = aws_instance.app.id", "target_id = aws_instance.admin.id"}, {"Id: !Ref App\n", "Id: !Ref Admin\n"}}},
		{name: "the app's group admits another group", hop: "security group", resources: "app", edits: [2]edit{
			{"source_security_group_id = aws_security_group.balancer.id", "source_security_group_id = aws_security_group.admin.id"}, {"SourceSecurityGroupId: !GetAtt BalancerGroup.GroupId", "SourceSecurityGroupId: !GetAtt AdminGroup.GroupId"}}},
		{name: "the app's group admits another port", hop: "security group", resources: "app", edits: [2]edit{
			{"from_port                = 8080\n  to_port                  = 8080 # app", "from_port = 9090\n  to_port = 9090"}, {"FromPort: 8080\n      ToPort: 8080 # app", "FromPort: 9090\n      ToPort: 9090"}}},
		{name: "the app's network ACL denies", hop: "network ACL", resources: "app", edits: [2]edit{
			{"to_port        = 8080\n  rule_action    = \"allow\"", "to_port        = 8080\n  rule_action    = \"deny\""}, {"RuleAction: allow # private", "RuleAction: deny"}}},
		{name: "private database", hop: "public address", resources: "database", edits: [2]edit{
			{"publicly_accessible    = true", "publicly_accessible = false"}, {"PubliclyAccessible: true", "PubliclyAccessible: false"}}},
		{name: "the database's group admits another port", hop: "security group", resources: "database", edits: [2]edit{
			{"from_port   = 5432\n    to_port     = 5432 # database", "from_port   = 3306\n    to_port     = 3306"}, {"FromPort: 5432, ToPort: 5432", "FromPort: 3306, ToPort: 3306"}}},
		{name: "the database's subnets are private", hop: "route", resources: "database", edits: [2]edit{
			{"subnet_ids = [aws_subnet.public.id]", "subnet_ids = [aws_subnet.private.id]"}, {"SubnetIds: [!Ref Public] # database", "SubnetIds: [!Ref Private]"}}},
		{name: "callers sign in", hop: "authorization", resources: "hook", edits: [2]edit{
			{`authorization_type = "NONE"`, `authorization_type = "AWS_IAM"`}, {"AuthType: NONE\n  HookPermission", "AuthType: AWS_IAM\n  HookPermission"}}},

		{name: "unknown gateway", hop: "route", resources: all, unresolved: true, edits: [2]edit{
			{"gateway_id             = aws_internet_gateway.main.id", "gateway_id = var.unknown"}, {"GatewayId: !Ref Gateway\n  PrivateTable", "GatewayId: !Ref Unknown\n  PrivateTable"}}},
		{name: "unknown destination", hop: "route", resources: all, unresolved: true, edits: [2]edit{
			{`destination_cidr_block = "0.0.0.0/0"`, `destination_cidr_block = var.unknown`}, {"DestinationCidrBlock: 0.0.0.0/0", "DestinationCidrBlock: !Ref Unknown"}}},
		{name: "unknown table", hop: "route", resources: all, unresolved: true, edits: [2]edit{
			{"subnet_id      = aws_subnet.public.id\n  route_table_id = aws_route_table.public.id", "subnet_id      = aws_subnet.public.id\n  route_table_id = var.unknown"},
			{"RouteTableId: !Ref PublicTable # association", "RouteTableId: !Ref Unknown"}}},
		{name: "unknown subnet of an association", hop: "route", resources: all, unresolved: true, edits: [2]edit{
			{"\"aws_route_table_association\" \"public\" {\n  subnet_id      = aws_subnet.public.id", "\"aws_route_table_association\" \"public\" {\n  subnet_id      = var.unknown"},
			{"SubnetId: !Ref Public\n      RouteTableId", "SubnetId: !Ref Unknown\n      RouteTableId"}}},
		{name: "unknown action of the network ACL", hop: "network ACL", resources: all, unresolved: true, edits: [2]edit{
			{"rule_number    = 100\n  protocol       = \"-1\"\n  rule_action    = \"allow\"", "rule_number    = 100\n  protocol       = \"-1\"\n  rule_action    = var.unknown"}, {"RuleAction: allow # in", "RuleAction: !Ref Unknown"}}},
		{name: "unknown network ACL", hop: "network ACL", resources: all, unresolved: true, edits: [2]edit{
			{"subnet_id      = aws_subnet.public.id\n  network_acl_id = aws_network_acl.public.id", "subnet_id      = aws_subnet.public.id\n  network_acl_id = var.unknown"},
			{"NetworkAclId: !Ref PublicAcl # association", "NetworkAclId: !Ref Unknown"}}},
		{name: "unknown subnet", hop: "subnet", resources: "admin", unresolved: true, edits: [2]edit{
			{"subnet_id                   = aws_subnet.public.id", "subnet_id = var.unknown"}, {"SubnetId: !Ref Public # admin", "SubnetId: !Ref Unknown"}}},
		{name: "unknown public address", hop: "public address", resources: "admin", unresolved: true, edits: [2]edit{
			{"associate_public_ip_address = true", "associate_public_ip_address = var.unknown"}, {"AssociatePublicIpAddress: true", "AssociatePublicIpAddress: !Ref Unknown"}}},
		{name: "unknown addresses", hop: "security group", resources: "admin", unresolved: true, edits: [2]edit{
			{`cidr_ipv4         = "0.0.0.0/0"`, `cidr_ipv4 = var.unknown`}, {"ToPort: 22, CidrIp: 0.0.0.0/0", "ToPort: 22, CidrIp: !Ref Unknown"}}},
		{name: "unknown groups", hop: "security group", resources: "admin", unresolved: true, edits: [2]edit{
			{"vpc_security_group_ids      = [aws_security_group.admin.id]", "vpc_security_group_ids = [var.unknown]"}, {"GroupSet: [!GetAtt AdminGroup.GroupId]", "GroupSet: [!Ref Unknown]"}}},
		{name: "unknown scheme", hop: "load balancer", resources: "balancer app", unresolved: true, edits: [2]edit{
			{"internal        = false", "internal = var.unknown"}, {"Scheme: internet-facing", "Scheme: !Ref Unknown"}}},
		{name: "unknown listener", hop: "listener", resources: "balancer app", unresolved: true, edits: [2]edit{
			{"= 443 # listener", "= var.unknown"}, {"Port: 443 # listener", "Port: !Ref Unknown"}}},
		{name: "unknown target port", hop: "target group", resources: "app", unresolved: true, edits: [2]edit{
			{"port     = 8080 # group", "port = var.unknown"}, {"Port: 8080 # group", "Port: !Ref Unknown"}}},
		{name: "unknown source of the app", hop: "security group", resources: "app", unresolved: true, edits: [2]edit{
			{"source_security_group_id = aws_security_group.balancer.id", "source_security_group_id = var.unknown"}, {"SourceSecurityGroupId: !GetAtt BalancerGroup.GroupId", "SourceSecurityGroupId: !Ref Unknown"}}},
		{name: "unknown switch of the database", hop: "public address", resources: "database", unresolved: true, edits: [2]edit{
			{"publicly_accessible    = true", "publicly_accessible = var.unknown"}, {"PubliclyAccessible: true", "PubliclyAccessible: !Ref Unknown"}}},
		{name: "unknown subnets of the database", hop: "subnet", resources: "database", unresolved: true, edits: [2]edit{
			{"subnet_ids = [aws_subnet.public.id]", "subnet_ids = [var.unknown]"}, {"SubnetIds: [!Ref Public] # database", "SubnetIds: [!Ref Unknown]"}}},
		{name: "unknown authorization", hop: "authorization", resources: "hook", unresolved: true, edits: [2]edit{
			{`authorization_type = "NONE"`, `authorization_type = var.unknown`}, {"AuthType: NONE\n  HookPermission", "AuthType: !Ref Unknown\n  HookPermission"}}},
	} {
		for language, file := range inBoth {
			t.Run(c.name+"/"+file, func(t *testing.T) {
				got := exposed(t, file, c.edits[language].in(t, read(t, file)))
				reach, mark := exposure.Closed, "!"
				if c.unresolved {
					reach, mark = exposure.Unknown, "?"
				}
				for what, addresses := range threeTier {
					e := got[addresses[language]]
					if !strings.Contains(c.resources, what) {
						if e.State != exposure.Open && c.name != "no listener" {
							t.Errorf("%s is %s by %q, want it untouched", what, e.State, kinds(e))
						}
						continue
					}
					if e.State != reach || !strings.Contains(kinds(e), mark+c.hop) {
						t.Errorf("%s is %s by %q, want %s with the hop %s", what, e.State, kinds(e), reach, c.hop)
					}
					if c.unresolved && !strings.Contains(reasons(e), "nknown") {
						t.Errorf("the way to %s does not name the input: %q", what, reasons(e))
					}
				}
			})
		}
	}
}

// kinds are the hops of the first way in one line, with those marked that are not open.
func kinds(v exposure.Verdict) string {
	if len(v.Ways) == 0 {
		return ""
	}
	var out []string
	for _, h := range v.Ways[0].Hops {
		out = append(out, map[exposure.State]string{exposure.Unknown: "?", exposure.Closed: "!"}[h.State]+h.Kind)
	}
	return strings.Join(out, ", ")
}

// reasons are what is unknown on the way to a resource.
func reasons(v exposure.Verdict) string {
	var out []string
	for _, w := range v.Ways {
		for _, h := range w.Hops {
			for _, why := range h.Why {
				out = append(out, why.Needs+" "+why.Text)
			}
		}
	}
	return strings.Join(out, ", ")
}
