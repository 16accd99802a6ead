# Who reaches a database, and how they prove who they are.
package demarc.rds

import data.demarc.lib.database
import data.demarc.lib.finding
import data.demarc.lib.parameter
import data.demarc.lib.resource
import data.demarc.lib.secret
import data.demarc.lib.subnets
import data.demarc.lib.value

# METADATA
# title: Databases are not publicly accessible
# description: >-
#   A publicly accessible database has a public address: only its security group and its password stand
#   between it and the internet.
# related_resources:
#   - https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_VPC.WorkingWithRDSInstanceinaVPC.html
# custom:
#   severity: critical
#   profile: default
#   subject: [aws_db_instance, aws_rds_cluster_instance, aws_rds_cluster]
#   reads: [publicly_accessible]
#   weighs: [db_subnet_group_name, db_cluster_identifier]
#   aspects: [NW-2.b]
#   remedy: 'set publicly_accessible = false / PubliclyAccessible: false'
public_access contains f if {
	some f in database.public(["aws_db_instance", "aws_rds_cluster_instance", "aws_rds_cluster"], "the database")
}

# CloudFormation leaves it to RDS, which looks at the VPC. A subnet group names one.
# https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html
public_access contains finding.inconclusive(db, "publicly_accessible", "the default VPC decides whether the database has a public address") if {
	some db in resource.all("aws_db_instance")
	value.none(db, "publicly_accessible")
	value.none(db, "db_subnet_group_name")
	value.none(db, "db_cluster_identifier")
}

# METADATA
# title: Database passwords are not written in the source
# description: >-
#   A literal password is known to everyone who can read the repository, the plan or the state. RDS can
#   make and rotate one in Secrets Manager.
# related_resources:
#   - https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-secrets-manager.html
# custom:
#   severity: high
#   profile: default
#   subject: [aws_db_instance, aws_rds_cluster]
#   weighs: [password, password_wo, master_password, master_password_wo]
#   aspects: [ID-14.c]
#   secret: true
#   remedy: 'set manage_master_user_password = true / ManageMasterUserPassword: true and remove the password'
literal_password contains f if {
	some db in databases
	some f in secret.written(db, ["password", "password_wo", "master_password", "master_password_wo"], "the master password")
}

# METADATA
# title: Databases accept IAM authentication
# description: >-
#   With IAM authentication people and workloads sign in with tokens that live for fifteen minutes
#   instead of passwords that live for ever. MySQL, PostgreSQL, MariaDB from 10.6 and Aurora offer it,
#   version 1 of Aurora Serverless does not.
# related_resources:
#   - https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.html
# custom:
#   severity: medium
#   profile: extended
#   subject: [aws_db_instance, aws_rds_cluster]
#   when: [engine_mode]
#   presence: [db_cluster_identifier]
#   reads: [iam_database_authentication_enabled]
#   weighs: [engine, engine_version]
#   pedantic: [ID-14.b]
#   remedy: 'set iam_database_authentication_enabled = true / EnableIAMDatabaseAuthentication: true'
iam_authentication contains finding.at(db, "iam_database_authentication_enabled", "the database does not accept IAM authentication") if {
	some db in databases
	db.id in offering_iam
	db.values.iam_database_authentication_enabled == false
}

iam_authentication contains finding.inconclusive(db, engine, "it is unknown whether the engine offers IAM authentication") if {
	some db in resource.all("aws_db_instance")
	db.id in may_offer_iam
	db.values.iam_database_authentication_enabled == false
	some engine in ["engine", "engine_version"]
	value.unsettled(db, engine)
}

iam_authentication contains finding.inconclusive(db, "engine", "the database has the engine of what it is made from, and it is unknown whether that offers IAM authentication") if {
	some db in resource.all("aws_db_instance")
	inherits_engine(db)
	db.values.iam_database_authentication_enabled == false
}

iam_authentication_applies contains id if some id in (offering_iam | may_offer_iam)

offering_iam contains db.id if {
	some db in resource.all("aws_db_instance")
	offers_iam(db)
	value.none(db, "db_cluster_identifier")
}

offering_iam contains id if some id in provisioned

offers_iam(db) if db.values.engine in {"mysql", "postgres"}

offers_iam(db) if {
	db.values.engine == "mariadb"
	value.none(db, "engine_version")
}

offers_iam(db) if {
	db.values.engine == "mariadb"
	value.matches(db, "engine_version", mariadb_with_iam)
}

mariadb_with_iam := `^(10\.(6|11)|11\.([4-9]|[1-9][0-9])|1[2-9])`

may_offer_iam contains db.id if {
	some db in resource.all("aws_db_instance")
	inherits_engine(db)
	value.none(db, "db_cluster_identifier")
}

may_offer_iam contains db.id if {
	some db in resource.all("aws_db_instance")
	value.unsettled(db, "engine")
	value.none(db, "db_cluster_identifier")
}

may_offer_iam contains db.id if {
	some db in resource.all("aws_db_instance")
	db.values.engine == "mariadb"
	value.unsettled(db, "engine_version")
	value.none(db, "db_cluster_identifier")
}

# METADATA
# title: Database parameter groups demand TLS
# description: >-
#   PostgreSQL and SQL Server refuse clear-text clients when rds.force_ssl is 1, MySQL and MariaDB when
#   require_secure_transport is ON. RDS's own defaults do so only from PostgreSQL 15, MySQL 8.4 and
#   MariaDB 11.8 on.
# related_resources:
#   - https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_db_parameter_group
#   when: [family]
#   weighs: [parameter, parameter.name, parameter.value]
#   aspects: [TR-4.a]
#   remedy: set rds.force_ssl = 1 (PostgreSQL, SQL Server) or require_secure_transport = 1 (MySQL, MariaDB)
require_tls contains finding.at(group, "", sprintf("the parameter group does not set %s, so clients may connect in clear", [demand])) if {
	some group in resource.all("aws_db_parameter_group")
	demand := demands[group.id]
	value.differs_from(group, "family", demanding)
	parameter.absent(group, demand)
}

require_tls contains finding.at(group, path, sprintf("%s is off, so clients may connect in clear", [demand])) if {
	some group in resource.all("aws_db_parameter_group")
	demand := demands[group.id]
	some path in parameter.outside(group, demand, on)
}

require_tls contains finding.inconclusive(group, path, sprintf("it is unknown whether %s is on", [demand])) if {
	some group in resource.all("aws_db_parameter_group")
	demand := demands[group.id]
	some path in parameter.undecided(group, demand)
}

require_tls_applies contains id if some id, _ in demands

# demanding are the families in which the parameter is on unless it is set.
demanding := `^(postgres(1[5-9]|[2-9][0-9])|mysql(8\.[4-9]|9|[1-9][0-9])|mariadb(11\.([89]|[1-9][0-9])|1[2-9]))`

on := {"1", "ON", "on", "true"}

# demands is the parameter that decides for the group's family.
demands[group.id] := "rds.force_ssl" if {
	some group in resource.all("aws_db_parameter_group")
	value.matches(group, "family", `^(postgres|sqlserver)`)
}

demands[group.id] := "require_secure_transport" if {
	some group in resource.all("aws_db_parameter_group")
	value.matches(group, "family", `^(mysql|mariadb)`)
}

# METADATA
# title: Databases present a certificate that is valid
# description: >-
#   The authorities rds-ca-2015 and rds-ca-2019 have expired: clients that check the certificate cannot
#   connect, and those that connect do not check it.
# related_resources:
#   - https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html
# custom:
#   severity: medium
#   profile: default
#   subject: [aws_db_instance, aws_rds_cluster_instance, aws_rds_cluster]
#   reads: [ca_cert_identifier, ca_certificate_identifier]
#   aspects: [TR-4.d]
#   only_breaks: [TR-4.d]
#   remedy: 'set ca_cert_identifier = "rds-ca-rsa2048-g1" / CACertificateIdentifier: rds-ca-rsa2048-g1'
ca_certificate contains finding.at(db, attribute, sprintf("the certificate authority %s has expired", [value.get(db, attribute)])) if {
	some db in array.concat(instances, resource.all("aws_rds_cluster"))
	some attribute in ["ca_cert_identifier", "ca_certificate_identifier"]
	value.matches(db, attribute, "^rds-ca-20(15|19)")
}

# METADATA
# title: Database proxies demand TLS
# description: >-
#   A proxy accepts clear-text clients unless it is told to demand TLS; their passwords and queries then
#   cross the network in clear.
# related_resources:
#   - https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy.howitworks.html
# custom:
#   severity: high
#   profile: default
#   subject: aws_db_proxy
#   reads: [require_tls]
#   aspects: [TR-4.a]
#   remedy: 'set require_tls = true / RequireTLS: true'
proxy_require_tls contains finding.at(proxy, "require_tls", "the proxy accepts clients that do not use TLS") if {
	some proxy in resource.all("aws_db_proxy")
	proxy.values.require_tls == false
}

# METADATA
# title: Databases stand in private subnets
# description: >-
#   A subnet that routes to an internet gateway, or hands out public addresses, is one switch away from
#   publishing what stands in it. A database's subnets need neither.
# related_resources:
#   - https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_VPC.WorkingWithRDSInstanceinaVPC.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_db_subnet_group
#   weighs: [subnet_ids]
#   aspects: [NW-2.a, NW-9.a]
#   remedy: 'list subnets whose route tables lead to no internet gateway'
public_subnet contains finding.tagged(group, "subnet_ids", sprintf("the subnet %s %s", [subnet.address, why]), subnet.address) if {
	some group in resource.all("aws_db_subnet_group")
	some subnet in resource.targets(group, "subnet_ids", "aws_subnet")
	some [subnet.id, why] in subnets.public
}

public_subnet contains finding.inconclusive(group, "subnet_ids", sprintf("it is unknown whether the subnet %s hands out public addresses", [subnet.address])) if {
	some group in resource.all("aws_db_subnet_group")
	some subnet in resource.targets(group, "subnet_ids", "aws_subnet")
	value.unsettled(subnet, "map_public_ip_on_launch")
}

public_subnet contains finding.inconclusive(group, "subnet_ids", "it is unknown which subnets these are") if {
	some group in resource.all("aws_db_subnet_group")
	resource.may_lack(group, "subnet_ids")
}

# Subnets that are known to stand elsewhere are not judged.
public_subnet_applies contains group.id if {
	some group in resource.all("aws_db_subnet_group")
	some _ in resource.targets(group, "subnet_ids", "aws_subnet")
}

public_subnet_applies contains group.id if {
	some group in resource.all("aws_db_subnet_group")
	resource.may_lack(group, "subnet_ids")
}

# METADATA
# title: Snapshots are shared with named accounts
# description: >-
#   A snapshot that is shared with all can be restored, and read, by anybody who has an AWS account.
# related_resources:
#   - https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ShareSnapshot.html
# custom:
#   severity: critical
#   profile: default
#   subject: [aws_db_snapshot, aws_db_snapshot_copy, aws_db_cluster_snapshot, aws_rds_cluster_snapshot_copy]
#   reads: [shared_accounts]
#   aspects: [DP-5.b]
#   remedy: 'list account ids in shared_accounts'
snapshot_public contains finding.at(snapshot, "shared_accounts", "everybody with an AWS account can restore the snapshot") if {
	some type in ["aws_db_snapshot", "aws_db_snapshot_copy", "aws_db_cluster_snapshot", "aws_rds_cluster_snapshot_copy"]
	some snapshot in resource.all(type)
	value.has(snapshot, "shared_accounts", "all")
}
