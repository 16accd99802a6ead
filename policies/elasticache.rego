# Caches: clusters, replication groups and serverless caches.
package demarc.elasticache

import data.demarc.lib.finding
import data.demarc.lib.resource
import data.demarc.lib.secret
import data.demarc.lib.value

# METADATA
# title: Caches are encrypted at rest
# description: >-
#   A cache writes its data to disk when it synchronises, swaps and backs up. Encryption can only be
#   chosen when the group is made.
# related_resources:
#   - https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/at-rest-encryption.html
# custom:
#   severity: high
#   profile: default
#   subject: aws_elasticache_replication_group
#   weighs: [at_rest_encryption_enabled, engine, global_replication_group_id]
#   aspects: [DP-10.a]
#   remedy: 'set at_rest_encryption_enabled = true / AtRestEncryptionEnabled: true'
at_rest_encryption contains finding.at(group, "at_rest_encryption_enabled", "the cache's data is not encrypted at rest") if {
	some group in resource.all("aws_elasticache_replication_group")
	in_clear(group, "at_rest_encryption_enabled")
}

at_rest_encryption contains f if {
	some group in resource.all("aws_elasticache_replication_group")
	some f in unsure(group, "at_rest_encryption_enabled", "it is unknown whether the cached data is encrypted")
}

# METADATA
# title: Caches demand TLS
# description: >-
#   Without TLS, what is cached and the password that guards it cross the network in clear.
# related_resources:
#   - https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/in-transit-encryption.html
# custom:
#   severity: high
#   profile: default
#   subject: aws_elasticache_replication_group
#   weighs: [transit_encryption_enabled, engine, global_replication_group_id]
#   aspects: [TR-4.a]
#   remedy: 'set transit_encryption_enabled = true / TransitEncryptionEnabled: true'
in_transit_encryption contains finding.at(group, "transit_encryption_enabled", "clients speak to the cache in clear") if {
	some group in resource.all("aws_elasticache_replication_group")
	in_clear(group, "transit_encryption_enabled")
}

in_transit_encryption contains f if {
	some group in resource.all("aws_elasticache_replication_group")
	some f in unsure(group, "transit_encryption_enabled", "it is unknown whether clients must use TLS")
}

# in_clear: the group's switch for encryption is known to be off. Valkey
# encrypts unless told otherwise, and a secondary does as its primary.
in_clear(group, attribute) if value.is(group, attribute, false)

in_clear(group, attribute) if {
	value.none(group, attribute)
	value.differs_from(group, "engine", valkey)
	value.none(group, "global_replication_group_id")
}

# unsure are the findings about what leaves that unknown.
unsure(group, attribute, message) := ({finding.inconclusive(group, attribute, message) |
	value.unsettled(group, attribute)
} | {finding.inconclusive(group, "engine", "the engine decides, and it is unknown") |
	value.none(group, attribute)
	value.unsettled(group, "engine")
	resource.may_lack(group, "global_replication_group_id")
}) | {finding.inconclusive(group, "global_replication_group_id", "it is unknown whether the group is a secondary") |
	value.none(group, attribute)
	value.differs_from(group, "engine", valkey)
	value.unsettled(group, "global_replication_group_id")
	resource.may_lack(group, "global_replication_group_id")
}

valkey := `(?i)^valkey$`

# METADATA
# title: Caches ask clients who they are
# description: >-
#   Without a token or users of its own a cache answers everybody who reaches its port, and may be emptied
#   by them. Tokens and users need TLS.
# related_resources:
#   - https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/auth.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_elasticache_replication_group
#   weighs: [auth_token, user_group_ids, global_replication_group_id]
#   aspects: [ID-14.a]
#   remedy: set auth_token / AuthToken, or user_group_ids / UserGroupIds, together with TLS
authentication contains finding.at(group, "", "the cache asks for no password: it has neither a token nor user groups") if {
	some group in resource.all("aws_elasticache_replication_group")
	resource.lacks_all(group, asking)
}

authentication contains finding.inconclusive(group, undecided, "it is unknown whether the cache asks for a password") if {
	some group in resource.all("aws_elasticache_replication_group")
	some undecided in resource.may_lack_all(group, asking)
}

# A secondary does as its primary.
asking := ["auth_token", "user_group_ids", "global_replication_group_id"]

# METADATA
# title: Caches fail over to a replica
# description: >-
#   With automatic failover a replica takes over when the primary node is lost; without, writing stops until
#   someone acts.
# related_resources:
#   - https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/AutoFailover.html
# custom:
#   severity: medium
#   profile: extended
#   subject: aws_elasticache_replication_group
#   presence: [global_replication_group_id]
#   reads: [automatic_failover_enabled]
#   aspects: [RS-2.a]
#   remedy: 'set automatic_failover_enabled = true / AutomaticFailoverEnabled: true, with a replica or more'
automatic_failover contains finding.at(group, "automatic_failover_enabled", "no replica takes over when the primary node is lost") if {
	some group in resource.all("aws_elasticache_replication_group")
	value.none(group, "global_replication_group_id")
	group.values.automatic_failover_enabled == false
}

# A global datastore demands it of its members.
automatic_failover_applies contains group.id if {
	some group in resource.all("aws_elasticache_replication_group")
	value.none(group, "global_replication_group_id")
}

# METADATA
# title: Caches keep snapshots
# description: >-
#   With a limit of 0 no snapshots are taken, and a cache that is lost or emptied starts from nothing.
#   Memcached has no snapshots.
# related_resources:
#   - https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/backups-automatic.html
# custom:
#   severity: medium
#   profile: default
#   subject: [aws_elasticache_cluster, aws_elasticache_replication_group, aws_elasticache_serverless_cache]
#   when: [engine, node_type]
#   presence: [replication_group_id, global_replication_group_id]
#   reads: [snapshot_retention_limit]
#   aspects: [RS-1.a]
#   options: {days: {default: 1, about: days that snapshots are kept at least}}
#   remedy: set snapshot_retention_limit / SnapshotRetentionLimit to 1 or more days
backup_retention contains finding.at(cache, "snapshot_retention_limit", message) if {
	some type in ["aws_elasticache_cluster", "aws_elasticache_replication_group", "aws_elasticache_serverless_cache"]
	some cache in resource.all(type)
	message := value.too_brief(cache, "snapshot_retention_limit", value.option("elasticache/backup-retention", "days"), "snapshots")
}

backup_retention_applies contains cluster.id if {
	some cluster in resource.all("aws_elasticache_cluster")
	value.differs(cluster, "engine", "memcached")
	value.differs(cluster, "node_type", "cache.t1.micro")
	value.none(cluster, "replication_group_id")
}

# A secondary is copied from its primary.
backup_retention_applies contains group.id if {
	some group in resource.all("aws_elasticache_replication_group")
	value.none(group, "global_replication_group_id")
}

backup_retention_applies contains cache.id if {
	some cache in resource.all("aws_elasticache_serverless_cache")
	value.differs(cache, "engine", "memcached")
}

# METADATA
# title: Memcached clusters spread over zones
# description: >-
#   A cluster of several nodes in one Availability Zone is lost as a whole with that zone.
# related_resources:
#   - https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/AutoFailover.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_elasticache_cluster
#   when: [engine, num_cache_nodes]
#   reads: [az_mode]
#   aspects: [RS-2.a]
#   remedy: 'set az_mode = "cross-az" / AZMode: cross-az'
cross_az_nodes contains finding.at(cluster, "az_mode", "all nodes of the cluster stand in one zone") if {
	some cluster in resource.all("aws_elasticache_cluster")
	value.differs(cluster, "az_mode", "cross-az")
}

cross_az_nodes_applies contains cluster.id if {
	some cluster in resource.all("aws_elasticache_cluster")
	cluster.values.engine == "memcached"
	cluster.values.num_cache_nodes > 1
}

# METADATA
# title: Cache passwords are not written in the source
# description: >-
#   A literal token or password is known to everyone who can read the repository, the plan or the state.
# related_resources:
#   - https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/auth.html
# custom:
#   severity: high
#   profile: default
#   subject: [aws_elasticache_replication_group, aws_elasticache_user]
#   weighs: [auth_token, passwords, authentication_mode]
#   aspects: [ID-14.c]
#   secret: true
#   remedy: 'take it from a secret: random_password, a Secrets Manager data source, or {{resolve:secretsmanager:...}}'
literal_auth_token contains f if {
	some group in resource.all("aws_elasticache_replication_group")
	some f in secret.written(group, ["auth_token"], "the cache's token")
}

literal_auth_token contains f if {
	some user in resource.all("aws_elasticache_user")
	some f in secret.written(user, ["passwords", "authentication_mode.passwords"], "a user's password")
}

# METADATA
# title: Caches run a version that can encrypt
# description: >-
#   Redis OSS before 4.0.10 is out of support, lacks encryption or cannot serve audited workloads.
# related_resources:
#   - https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/supported-engine-versions.html
# custom:
#   severity: medium
#   profile: default
#   subject: [aws_elasticache_cluster, aws_elasticache_replication_group]
#   when: [engine]
#   reads: [engine_version]
#   aspects: [OS-3.f]
#   remedy: set engine_version / EngineVersion to a supported one, or leave it out
redis_version contains finding.at(cache, "engine_version", "the engine's version is too old to encrypt, or no longer supported") if {
	some type in ["aws_elasticache_cluster", "aws_elasticache_replication_group"]
	some cache in resource.all(type)
	value.matches(cache, "engine_version", `^([0-3](\.|$)|4\.0\.[0-9]$)`)
}

# Memcached counts from 1.
redis_version_applies contains cache.id if {
	some type in ["aws_elasticache_cluster", "aws_elasticache_replication_group"]
	some cache in resource.all(type)
	value.differs(cache, "engine", "memcached")
}

# METADATA
# title: Caches name their subnets
# description: >-
#   A cache without a subnet group stands in the default VPC, beside whatever else was put there.
# related_resources:
#   - https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/SubnetGroups.html
# custom:
#   severity: low
#   profile: extended
#   subject: [aws_elasticache_cluster, aws_elasticache_replication_group]
#   presence: [replication_group_id, subnet_group_name]
#   pedantic: [NW-1.a]
#   remedy: set subnet_group_name / CacheSubnetGroupName
subnet_group contains finding.at(cache, "subnet_group_name", "the cache stands in the default VPC") if {
	some type in ["aws_elasticache_cluster", "aws_elasticache_replication_group"]
	some cache in resource.all(type)
	value.none(cache, "subnet_group_name")
}

subnet_group contains finding.at(cache, "subnet_group_name", "the cache stands in the default VPC") if {
	some type in ["aws_elasticache_cluster", "aws_elasticache_replication_group"]
	some cache in resource.all(type)
	value.is(cache, "subnet_group_name", "default")
}

# A member stands where its group does.
subnet_group_applies contains cluster.id if {
	some cluster in resource.all("aws_elasticache_cluster")
	value.none(cluster, "replication_group_id")
}

subnet_group_applies contains group.id if some group in resource.all("aws_elasticache_replication_group")

# METADATA
# title: Cache users must authenticate
# description: >-
#   A user without a password is anybody who reaches the port. One that is switched off ("off") can do
#   nothing.
# related_resources:
#   - https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Clusters.RBAC.html
# custom:
#   severity: high
#   profile: default
#   subject: aws_elasticache_user
#   reads: [no_password_required, authentication_mode.type]
#   weighs: [access_string]
#   aspects: [ID-13.b, ID-14.a]
#   remedy: set passwords, or authentication_mode with type password or iam / AuthenticationMode.Type
user_password_required contains finding.at(user, path, "the user needs no password") if {
	some user in resource.all("aws_elasticache_user")
	some path, open in open_modes
	value.is(user, path, open)
	value.differs_from(user, "access_string", switched_off)
}

user_password_required contains finding.inconclusive(user, "access_string", "the user needs no password, and it is unknown whether it is switched off") if {
	some user in resource.all("aws_elasticache_user")
	some path, open in open_modes
	value.is(user, path, open)
	value.unsettled(user, "access_string")
}

open_modes := {"no_password_required": true, "authentication_mode.type": "no-password-required"}

switched_off := `^\s*off(\s|$)`
