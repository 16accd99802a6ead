# Key-value tables.
package demarc.dynamodb

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
#   controls: [DP-7, RS-1]
#   aliases: {checkov: [CKV_AWS_28, CKV_AWS_165], trivy: [AWS-0024, aws-dynamodb-enable-recovery, AVD-AWS-0024], kics: [0f04217d-488f-4e7a-bec8-f16159686cd6, 741f1291-47ac-4a85-a07b-3d32a9d6bd3e]}
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
#   controls: [DP-7]
#   aliases: {kics: [4bd21e68-38c1-4d58-acdc-6a14b203237f, ce089fd4-1406-47bd-8aad-c259772bb294, c8dee387-a2e6-4a73-a942-183c975549ac], trivy: [AWS-0121, aws-sam-enable-table-encryption, AVD-AWS-0121]}
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
#   controls: [ID-9]
#   aliases: {}
#   remedy: name the principals, or add a condition on aws:PrincipalOrgID
policy_any_principal contains f if {
	some table in document.carriers("aws_dynamodb_table", "policy")
	some f in document.public_findings(table, "policy", "the table policy")
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
#   controls: [DP-7, DP-11]
#   aliases: {checkov: [CKV_AWS_119, CKV_AWS_271], trivy: [AWS-0025, aws-dynamodb-table-customer-key, AVD-AWS-0025]}
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
