# Caches: replication groups of Redis OSS and Valkey.
package demarc.elasticache

import data.demarc.lib.finding
import data.demarc.lib.resource
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
#   controls: [DP-10]
#   aliases: {checkov: [CKV_AWS_29], trivy: [AWS-0045, aws-elasticache-enable-at-rest-encryption, AVD-AWS-0045], kics: [76976de7-c7b1-4f64-a94f-90c1345914c2, e4ee3903-9225-4b6a-bdfb-e62dbadef821]}
#   remedy: 'set at_rest_encryption_enabled = true / AtRestEncryptionEnabled: true'
at_rest_encryption contains finding.at(group, "at_rest_encryption_enabled", "the cache's data is not encrypted at rest") if {
	some group in resource.all("aws_elasticache_replication_group")
	group.values.at_rest_encryption_enabled == false
}

# Valkey encrypts unless told otherwise, and a secondary does as its primary.
at_rest_encryption contains finding.at(group, "at_rest_encryption_enabled", "the cache's data is not encrypted at rest") if {
	some group in resource.all("aws_elasticache_replication_group")
	value.none(group, "at_rest_encryption_enabled")
	value.differs_from(group, "engine", valkey)
	value.none(group, "global_replication_group_id")
}

at_rest_encryption contains finding.inconclusive(group, undecided, "it is unknown whether the cached data is encrypted") if {
	some group in resource.all("aws_elasticache_replication_group")
	value.may_be(group, "at_rest_encryption_enabled", false)
	value.unsettled(group, "at_rest_encryption_enabled")
	undecided := "at_rest_encryption_enabled"
}

at_rest_encryption contains finding.inconclusive(group, "engine", "the engine decides, and it is unknown") if {
	some group in resource.all("aws_elasticache_replication_group")
	value.none(group, "at_rest_encryption_enabled")
	value.unsettled(group, "engine")
	resource.may_lack(group, "global_replication_group_id")
}

at_rest_encryption contains finding.inconclusive(group, "global_replication_group_id", "it is unknown whether the group is a secondary") if {
	some group in resource.all("aws_elasticache_replication_group")
	value.none(group, "at_rest_encryption_enabled")
	value.differs_from(group, "engine", valkey)
	value.unsettled(group, "global_replication_group_id")
	resource.may_lack(group, "global_replication_group_id")
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
#   controls: [TR-4]
#   aliases: {checkov: [CKV_AWS_30], trivy: [AWS-0051, aws-elasticache-enable-in-transit-encryption, AVD-AWS-0051], kics: [1afbb3fa-cf6c-4a3d-b730-95e9f4df343e, 3b02569b-fc6f-4153-b3a3-ba91022fed68]}
#   remedy: 'set transit_encryption_enabled = true / TransitEncryptionEnabled: true'
in_transit_encryption contains finding.at(group, "transit_encryption_enabled", "clients speak to the cache in clear") if {
	some group in resource.all("aws_elasticache_replication_group")
	group.values.transit_encryption_enabled == false
}

# Valkey encrypts unless told otherwise, and a secondary does as its primary.
in_transit_encryption contains finding.at(group, "transit_encryption_enabled", "clients speak to the cache in clear") if {
	some group in resource.all("aws_elasticache_replication_group")
	value.none(group, "transit_encryption_enabled")
	value.differs_from(group, "engine", valkey)
	value.none(group, "global_replication_group_id")
}

in_transit_encryption contains finding.inconclusive(group, undecided, "it is unknown whether clients must use TLS") if {
	some group in resource.all("aws_elasticache_replication_group")
	value.may_be(group, "transit_encryption_enabled", false)
	value.unsettled(group, "transit_encryption_enabled")
	undecided := "transit_encryption_enabled"
}

in_transit_encryption contains finding.inconclusive(group, "engine", "the engine decides, and it is unknown") if {
	some group in resource.all("aws_elasticache_replication_group")
	value.none(group, "transit_encryption_enabled")
	value.unsettled(group, "engine")
	resource.may_lack(group, "global_replication_group_id")
}

in_transit_encryption contains finding.inconclusive(group, "global_replication_group_id", "it is unknown whether the group is a secondary") if {
	some group in resource.all("aws_elasticache_replication_group")
	value.none(group, "transit_encryption_enabled")
	value.differs_from(group, "engine", valkey)
	value.unsettled(group, "global_replication_group_id")
	resource.may_lack(group, "global_replication_group_id")
}

valkey := `(?i)^valkey$`
