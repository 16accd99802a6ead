package exposure_test

import (
	"testing"
)

// network is a subnet with a way to the internet, and a closed one beside it.
const network = `
variable "x" {}
resource "aws_vpc" "v" {
  cidr_block = "10.0.0.0/16"
}
resource "aws_internet_gateway" "g" {
  vpc_id = aws_vpc.v.id
}
resource "aws_route_table" "t" {
  vpc_id = aws_vpc.v.id
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.g.id
  }
}
resource "aws_route_table" "closed" {
  vpc_id = aws_vpc.v.id
  route = []
}
resource "aws_subnet" "s" {
  vpc_id     = aws_vpc.v.id
  cidr_block = "10.0.1.0/24"
  map_public_ip_on_launch = true
}
resource "aws_subnet" "private" {
  vpc_id     = aws_vpc.v.id
  cidr_block = "10.0.2.0/24"
}
resource "aws_route_table_association" "a" {
  subnet_id      = aws_subnet.s.id
  route_table_id = aws_route_table.t.id
}
resource "aws_route_table_association" "private" {
  subnet_id      = aws_subnet.private.id
  route_table_id = aws_route_table.closed.id
}
resource "aws_security_group" "open" {
  vpc_id = aws_vpc.v.id
  ingress {
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }
}
resource "aws_security_group" "ssh" {
  vpc_id = aws_vpc.v.id
  ingress {
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}
resource "aws_db_subnet_group" "d" {
  subnet_ids = [aws_subnet.private.id, aws_subnet.s.id]
}
resource "aws_redshift_subnet_group" "d" {
  subnet_ids = [aws_subnet.s.id]
}
`

func TestScenarios(t *testing.T) {
	const in = "internet gateway, route, subnet, network ACL, "
	for _, c := range []struct{ name, resource, state, hops, source string }{
		{"a subnet that gives addresses", "aws_instance.i", "open", in + "public address, security group", `
resource "aws_instance" "i" {
  subnet_id              = aws_subnet.s.id
  vpc_security_group_ids = [aws_security_group.open.id]
}`},
		{"a group whose other rules stand elsewhere", "aws_instance.i", "unknown", in + "public address, ?security group", `
resource "aws_vpc_security_group_ingress_rule" "r" {
  security_group_id = "sg-0123456789abcdef0"
  cidr_ipv4         = "10.0.0.0/8"
  ip_protocol       = "-1"
}
resource "aws_instance" "i" {
  subnet_id              = aws_subnet.s.id
  vpc_security_group_ids = ["sg-0123456789abcdef0"]
}`},
		{"an interface of its own", "aws_instance.i", "open", in + "public address, security group", `
resource "aws_network_interface" "n" {
  subnet_id       = aws_subnet.s.id
  security_groups = [aws_security_group.open.id]
}
resource "aws_eip" "e" {
  network_interface = aws_network_interface.n.id
}
resource "aws_instance" "i" {
  network_interface {
    device_index         = 0
    network_interface_id = aws_network_interface.n.id
  }
}`},
		{"a launch template's groups", "aws_instance.i", "open", in + "public address, security group", `
resource "aws_launch_template" "l" {
  vpc_security_group_ids = [aws_security_group.open.id]
}
resource "aws_instance" "i" {
  subnet_id = aws_subnet.s.id
  launch_template {
    id = aws_launch_template.l.id
  }
}`},
		{"a launch template elsewhere", "aws_instance.i", "unknown", in + "?public address, ?security group", `
resource "aws_instance" "i" {
  subnet_id = aws_subnet.s.id
  launch_template {
    id = "lt-0123"
  }
}`},
		{"no subnet named", "aws_instance.i", "unknown", "?subnet", `
resource "aws_instance" "i" {
  vpc_security_group_ids = [aws_security_group.open.id]
}`},
		{"a classic balancer", "aws_elb.b", "open", in + "load balancer, security group, listener", `
resource "aws_elb" "b" {
  subnets         = [aws_subnet.s.id]
  security_groups = [aws_security_group.open.id]
  listener {
    lb_port = 80
    lb_protocol = "http"
    instance_port = 8080
    instance_protocol = "http"
  }
}`},
		{"a classic balancer at a port that its group keeps closed", "aws_elb.b", "closed", in + "load balancer, !security group, listener", `
resource "aws_elb" "b" {
  subnets         = [aws_subnet.s.id]
  security_groups = [aws_security_group.ssh.id]
  listener {
    lb_port = 80
    lb_protocol = "http"
    instance_port = 8080
    instance_protocol = "http"
  }
}`},
		{"the most open subnet of a database", "aws_db_instance.d", "open", in + "public address, security group, port", `
resource "aws_db_instance" "d" {
  engine                 = "postgres"
  publicly_accessible    = true
  db_subnet_group_name   = aws_db_subnet_group.d.name
  vpc_security_group_ids = [aws_security_group.open.id]
}`},
		{"a cluster's instance", "aws_rds_cluster_instance.i", "open", in + "public address, security group, port", `
resource "aws_rds_cluster" "c" {
  engine                 = "aurora-mysql"
  db_subnet_group_name   = aws_db_subnet_group.d.name
  vpc_security_group_ids = [aws_security_group.open.id]
}
resource "aws_rds_cluster_instance" "i" {
  cluster_identifier  = aws_rds_cluster.c.id
  engine              = "aurora-mysql"
  publicly_accessible = true
}`},
		{"a warehouse", "aws_redshift_cluster.c", "open", in + "public address, security group, port", `
resource "aws_redshift_cluster" "c" {
  cluster_subnet_group_name = aws_redshift_subnet_group.d.name
  publicly_accessible       = true
  vpc_security_group_ids    = [aws_security_group.open.id]
}`},
		{"a broker", "aws_mq_broker.b", "open", in + "public address, security group", `
resource "aws_mq_broker" "b" {
  publicly_accessible = true
  subnet_ids          = [aws_subnet.s.id]
  security_groups     = [aws_security_group.open.id]
}`},
		{"a stream", "aws_msk_cluster.c", "open", in + "public address, security group", `
resource "aws_msk_cluster" "c" {
  broker_node_group_info {
    client_subnets  = [aws_subnet.s.id]
    security_groups = [aws_security_group.open.id]
    connectivity_info {
      public_access {
        type = "SERVICE_PROVIDED_EIPS"
      }
    }
  }
}`},
		{"a domain for everybody", "aws_opensearch_domain.o", "open", "endpoint, access policy", `
resource "aws_opensearch_domain" "o" {
  access_policies = jsonencode({ Statement = [{ Effect = "Allow", Principal = "*", Action = "es:*", Resource = "*" }] })
}`},
		{"a domain that asks for an address", "aws_opensearch_domain.o", "closed", "endpoint, !access policy", `
resource "aws_opensearch_domain" "o" {
  access_policies = jsonencode({ Statement = [{ Effect = "Allow", Principal = "*", Action = "es:*", Resource = "*",
    Condition = { IpAddress = { "aws:SourceIp" = "203.0.113.0/24" } } }] })
}`},
		{"a domain in a VPC", "aws_opensearch_domain.o", "closed", "!endpoint, access policy", `
resource "aws_opensearch_domain" "o" {
  vpc_options {
    subnet_ids = [aws_subnet.s.id]
  }
  access_policies = jsonencode({ Statement = [{ Effect = "Allow", Principal = "*", Action = "es:*", Resource = "*" }] })
}`},
		{"a domain for somebody unknown", "aws_opensearch_domain.o", "unknown", "endpoint, ?access policy", `
resource "aws_opensearch_domain" "o" {
  access_policies = jsonencode({ Statement = [{ Effect = "Allow", Principal = { AWS = var.x }, Action = "es:*", Resource = "*" }] })
}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			v, ok := exposed(t, "main.tf", network+c.source)[c.resource]
			if !ok || v.State.String() != c.state || kinds(v) != c.hops {
				t.Errorf("%s is %s by %q, want %s by %q", c.resource, v.State, kinds(v), c.state, c.hops)
			}
		})
	}
}

// A default subnet gives addresses unless it is told otherwise.
func TestDefaultSubnets(t *testing.T) {
	const instance = `
resource "aws_instance" "i" {
  subnet_id = aws_default_subnet.d.id
}
resource "aws_default_subnet" "d" {
  availability_zone = "us-east-1a"
`
	for setting, want := range map[string]string{"": "public address", "map_public_ip_on_launch = false": "!public address"} {
		v := exposed(t, "main.tf", instance+setting+"\n}\n")["aws_instance.i"]
		found := false
		for _, h := range v.Ways[0].Hops {
			state := map[string]string{"closed": "!"}[h.State.String()]
			found = found || state+h.Kind == want
		}
		if !found {
			t.Errorf("%q: %q, want %s", setting, kinds(v), want)
		}
	}
}
