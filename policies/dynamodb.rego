# Key-value tables.
package demarc.dynamodb

import data.demarc.lib.audience
import data.demarc.lib.document
import data.demarc.lib.finding
import data.demarc.lib.key
import data.demarc.lib.resource
import data.demarc.lib.value

# replicated are the tables that say what holds for their replicas.
replicated contains table if some table in resource.all("aws_dynamodb_table")

# Terraform's global tables are made of tables that are judged themselves.
replicated contains table if {
	some table in resource.all("aws_dynamodb_global_table")
	value.differs(table, "server_side_encryption", null)
}

region(replica) := replica.region_name if {
	is_string(replica.region_name)
} else := "another region"

# METADATA
# title: Tables can be recovered to a point in time
# description: >-
#   With point-in-time recovery a table can be restored to any second of the last 35 days. Each replica has
#   a setting of its own.
# related_resources:
#   - https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Point-in-time-recovery.html
# custom:
#   severity: medium
#   profile: default
#   subject: [aws_dynamodb_table, aws_dynamodb_table_replica, aws_dynamodb_global_table]
#   reads: [point_in_time_recovery.enabled, point_in_time_recovery, replica.point_in_time_recovery]
#   aspects: [DP-7.b, RS-1.a]
#   remedy: 'set point_in_time_recovery { enabled = true } / PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled: true'
point_in_time_recovery contains finding.at(table, "point_in_time_recovery.enabled", "the table cannot be restored to a point in time") if {
	some table in resource.all("aws_dynamodb_table")
	table.values.point_in_time_recovery.enabled == false
}

point_in_time_recovery contains finding.at(replica, "point_in_time_recovery", "the replica cannot be restored to a point in time") if {
	some replica in resource.all("aws_dynamodb_table_replica")
	replica.values.point_in_time_recovery == false
}

point_in_time_recovery contains finding.tagged(table, value.path(replica, "point_in_time_recovery"), message, region(replica)) if {
	some table in replicated
	some replica in table.values.replica
	replica.point_in_time_recovery == false
	message := sprintf("the replica in %s cannot be restored to a point in time", [region(replica)])
}

point_in_time_recovery_applies contains table.id if some table in replicated

point_in_time_recovery_applies contains replica.id if some replica in resource.all("aws_dynamodb_table_replica")

# METADATA
# title: Tables are encrypted with a KMS key
# description: >-
#   A table is always encrypted; by default with a key that AWS owns and nobody can audit. With KMS every
#   use of the key is logged.
# related_resources:
#   - https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/EncryptionAtRest.html
# custom:
#   severity: low
#   profile: extended
#   subject: [aws_dynamodb_table, aws_dynamodb_global_table]
#   reads: [server_side_encryption.enabled]
#   pedantic: [DP-7.a]
#   only_keeps: [DP-7.a]
#   remedy: 'set server_side_encryption { enabled = true } / SSESpecification.SSEEnabled: true'
kms_encryption contains finding.at(table, "server_side_encryption.enabled", "the table is encrypted with a key that AWS owns") if {
	some table in replicated
	table.values.server_side_encryption.enabled == false
}

kms_encryption_applies contains table.id if some table in replicated

# METADATA
# title: Table policies name who may use the table
# description: >-
#   A resource policy that allows everybody opens the table to all AWS accounts.
# related_resources:
#   - https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/access-control-resource-based.html
# custom:
#   severity: high
#   profile: default
#   subject: aws_dynamodb_table
#   weighs: [policy]
#   aspects: [ID-9.a]
#   remedy: name the principals, or add a condition on aws:PrincipalOrgID
policy_any_principal contains f if {
	some table in document.carriers("aws_dynamodb_table", "policy")
	some f in audience.public_findings(table, "policy", "the table policy")
}

# METADATA
# title: Tables are encrypted with a key the customer owns
# description: >-
#   A table, and each replica of it, is encrypted with a key of AWS's unless it names another. A key of your
#   own has a policy of your own, and its use is logged.
# related_resources:
#   - https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/EncryptionAtRest.html
# custom:
#   severity: low
#   profile: extended
#   subject: [aws_dynamodb_table, aws_dynamodb_table_replica, aws_dynamodb_global_table]
#   presence: [server_side_encryption.kms_key_arn, replica.kms_key_arn, kms_key_arn]
#   pedantic: [DP-7.a]
#   only_keeps: [DP-7.a]
#   remedy: 'set server_side_encryption { enabled = true, kms_key_arn = ... } / SSESpecification.KMSMasterKeyId'
customer_key contains f if {
	some table in resource.all("aws_dynamodb_table")
	some f in key.foreign(table, "server_side_encryption.kms_key_arn", "the table")
}

customer_key contains finding.tagged(table, value.path(replica, "kms_key_arn"), message, region(replica)) if {
	some table in replicated
	some replica in table.values.replica
	value.none(replica, "kms_key_arn")
	message := sprintf("no KMS key of the customer's own encrypts the replica in %s", [region(replica)])
}

customer_key contains finding.tagged(table, value.path(replica, "kms_key_arn"), message, region(replica)) if {
	some table in replicated
	some replica in table.values.replica
	value.matches(replica, "kms_key_arn", key.aliases_of_aws)
	message := sprintf("AWS's own key encrypts the replica in %s", [region(replica)])
}

customer_key contains f if {
	some replica in resource.all("aws_dynamodb_table_replica")
	some f in key.foreign(replica, "kms_key_arn", "the replica")
}

customer_key_applies contains table.id if some table in replicated

customer_key_applies contains replica.id if some replica in resource.all("aws_dynamodb_table_replica")
