package exposure

import (
	"slices"
	"strings"

	"github.com/demarc-dev/demarc/linter/graph"
)

// stores are the kinds of managed services that stand in a VPC. Those without
// a public address of their own say so in AWS's documentation:
// https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/elasticache-vpc-accessing.html,
// https://docs.aws.amazon.com/documentdb/latest/developerguide/connect-from-outside-a-vpc.html,
// https://docs.aws.amazon.com/memorydb/latest/devguide/memorydb-vpc-accessing.html,
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/DAX.concepts.cluster.html.
var stores = map[string]func(j *judge, r *graph.Resource) []way{
	"aws_db_instance":                   func(j *judge, r *graph.Resource) []way { return j.database(r, r) },
	"aws_rds_cluster":                   (*judge).databaseCluster,
	"aws_rds_cluster_instance":          (*judge).clusterMember,
	"aws_redshift_cluster":              (*judge).warehouse,
	"aws_mq_broker":                     (*judge).broker,
	"aws_msk_cluster":                   (*judge).stream,
	"aws_elasticache_replication_group": private,
	"aws_docdb_cluster":                 private,
	"aws_memorydb_cluster":              private,
	"aws_dax_cluster":                   private,
}

// private is the verdict on a service that only its VPC reaches.
func private(_ *judge, r *graph.Resource) []way {
	return []way{{[][]hop{{{Hop: Hop{Kind: "public address", State: Closed, Text: "this service has none", Places: []Place{at(r)}}}}}}}
}

// service is what decides the ways to a managed service.
type service struct {
	public  hop
	subnets []subnetRef
	groups  groupRefs
	ports   *filter // nil: whatever the service listens to
	port    Place
}

func (j *judge) reach(r *graph.Resource, s service) []way {
	groups := j.securityGroups(s.groups, source{family: ipv4, internet: true}, s.ports)
	var out []way
	for _, ref := range s.subnets {
		leg := append(j.arrive(ref, ipv4), s.public, groups)
		if s.ports != nil {
			leg = append(leg, hop{Hop: Hop{Kind: "port", State: Open, Text: s.ports.certain.String(), Places: []Place{s.port}}, filter: s.ports})
		}
		out = append(out, way{[][]hop{leg}})
	}
	if len(out) == 0 {
		return []way{{[][]hop{{noSubnet(r), s.public}}}}
	}
	return []way{best(out)}
}

// switched is the hop of an attribute that gives a service a public address.
func switched(r *graph.Resource, attribute string) hop {
	path := graph.ParsePath(attribute)
	place := at(r, path...)
	switch v := r.Values.Get(path...); {
	case v.Kind == graph.Unknown:
		return unknown("public address", "it is unknown whether "+name(r)+" has one", place, outside(r, attribute, v))
	case v.Bool, v.Kind == graph.String && v.Text == "SERVICE_PROVIDED_EIPS":
		return hop{Hop: Hop{Kind: "public address", State: Open, Text: name(r) + " has one", Places: []Place{place}}}
	}
	return hop{Hop: Hop{Kind: "public address", State: Closed, Text: name(r) + " has none", Places: []Place{place}}}
}

// enginePorts are the ports that engines listen at unless told otherwise, by
// how the engine's name begins
// (https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html, Port).
var enginePorts = []struct {
	engine string
	port   int
}{{"aurora-postgresql", 5432}, {"postgres", 5432}, {"aurora", 3306}, {"mysql", 3306}, {"mariadb", 3306}, {"oracle", 1521}, {"sqlserver", 1433}, {"custom-oracle", 1521}, {"custom-sqlserver", 1433}, {"db2", 50000}}

// databasePort is what a database listens to; nil if its engine is not known.
func databasePort(r *graph.Resource) *filter {
	switch v := r.Values.Get("port"); v.Kind {
	case graph.Number:
		return only(tcpPort(numberOf(v)))
	case graph.Unknown:
		return &filter{possible: everything, why: outside(r, "port", v)}
	}
	for _, e := range enginePorts {
		if strings.HasPrefix(r.Values.Get("engine").Text, e.engine) {
			return only(tcpPort(e.port))
		}
	}
	return nil
}

// database are the ways to an instance of RDS. holder has its groups, which
// for a member of a cluster is the cluster.
func (j *judge) database(r, holder *graph.Resource) []way {
	named := r
	if r.Values.Get("db_subnet_group_name").IsNothing() {
		named = holder
	}
	subnets := j.groupSubnets(named, "db_subnet_group_name", "aws_db_subnet_group")
	return j.reach(r, service{
		public: switched(r, "publicly_accessible"), subnets: subnets, ports: databasePort(holder), port: at(holder, "port"),
		groups: j.groupRefs(holder, j.vpcs(subnets), "vpc_security_group_ids"),
	})
}

// groupSubnets are the subnets of the subnet group that an attribute names.
func (j *judge) groupSubnets(r *graph.Resource, attribute, kind string) []subnetRef {
	v := r.Values.Get(attribute)
	if v.IsNothing() {
		return nil
	}
	var out []subnetRef
	groups := j.targets(r, v, kind)
	for _, group := range groups {
		out = append(out, j.subnetRefs(group, "subnet_ids")...)
	}
	if len(groups) == 0 {
		return []subnetRef{{r, graph.Item{Path: graph.Path{attribute}, Value: v}, nil}}
	}
	return out
}

func (j *judge) clusterMember(r *graph.Resource) []way {
	clusters := j.targets(r, r.Values.Get("cluster_identifier"), "aws_rds_cluster")
	if len(clusters) == 0 {
		v := r.Values.Get("cluster_identifier")
		public := switched(r, "publicly_accessible")
		return []way{{[][]hop{{public, unknown("security group", "the cluster has the groups, which is not part of this code", at(r, "cluster_identifier"), outside(r, "cluster_identifier", v))}}}}
	}
	return j.database(r, clusters[0])
}

// databaseCluster are the ways to a cluster: its own address, which only
// clusters over several zones have, and its members.
func (j *judge) databaseCluster(r *graph.Resource) []way {
	out := j.database(r, r)
	for _, member := range j.of(r, "aws_rds_cluster_instance") {
		if slices.Contains(j.targets(member, member.Values.Get("cluster_identifier"), "aws_rds_cluster"), r) {
			out = append(out, j.database(member, r)...)
		}
	}
	return out
}

func (j *judge) warehouse(r *graph.Resource) []way {
	subnets := j.groupSubnets(r, "cluster_subnet_group_name", "aws_redshift_subnet_group")
	return j.reach(r, service{
		public: switched(r, "publicly_accessible"), subnets: subnets, ports: databasePort(r), port: at(r, "port"),
		groups: j.groupRefs(r, j.vpcs(subnets), "vpc_security_group_ids"),
	})
}

func (j *judge) broker(r *graph.Resource) []way {
	subnets := j.subnetRefs(r, "subnet_ids")
	return j.reach(r, service{public: switched(r, "publicly_accessible"), subnets: subnets, groups: j.groupRefs(r, j.vpcs(subnets), "security_groups")})
}

func (j *judge) stream(r *graph.Resource) []way {
	const info = "broker_node_group_info."
	subnets := j.subnetRefs(r, info+"client_subnets")
	return j.reach(r, service{
		public: switched(r, info+"connectivity_info.public_access.type"), subnets: subnets,
		groups: j.groupRefs(r, j.vpcs(subnets), info+"security_groups"),
	})
}
