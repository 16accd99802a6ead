# Workgroups and the results of their queries.
package demarc.athena

import data.demarc.lib.finding
import data.demarc.lib.resource
import data.demarc.lib.value

# METADATA
# title: Workgroups impose their settings
# description: >-
#   Where a workgroup does not, each client says where results go and whether they are encrypted.
# related_resources:
#   - https://docs.aws.amazon.com/athena/latest/ug/workgroups-settings-override.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_athena_workgroup
#   reads: [configuration.enforce_workgroup_configuration]
#   aspects: [DP-3.a]
#   remedy: 'set enforce_workgroup_configuration = true / EnforceWorkGroupConfiguration: true'
enforce_workgroup contains finding.at(group, "configuration.enforce_workgroup_configuration", "clients may override where results go and how they are encrypted") if {
	some group in resource.all("aws_athena_workgroup")
	value.is(group, "configuration.enforce_workgroup_configuration", false)
}

# METADATA
# title: Workgroups publish metrics of their queries
# description: >-
#   Without metrics nobody sees which queries fail, or how much is read.
# related_resources:
#   - https://docs.aws.amazon.com/athena/latest/ug/query-metrics-viewing.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_athena_workgroup
#   reads: [configuration.publish_cloudwatch_metrics_enabled]
#   pedantic: [DT-7.b]
#   remedy: 'set publish_cloudwatch_metrics_enabled = true / PublishCloudWatchMetricsEnabled: true'
workgroup_metrics contains finding.at(group, "configuration.publish_cloudwatch_metrics_enabled", "metrics of queries are not published") if {
	some group in resource.all("aws_athena_workgroup")
	value.is(group, "configuration.publish_cloudwatch_metrics_enabled", false)
}

# METADATA
# title: Results of queries are encrypted as the workgroup says
# description: >-
#   Without an option results are encrypted as the bucket is, with a key of S3, or as each client likes.
# related_resources:
#   - https://docs.aws.amazon.com/athena/latest/ug/encrypting-query-results-stored-in-s3.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_athena_workgroup
#   presence: [configuration.encryption_option]
#   pedantic: [DP-10.b]
#   remedy: 'set result_configuration { encryption_configuration { encryption_option = "SSE_KMS" } } / EncryptionConfiguration'
encryption contains finding.at(group, "configuration.encryption_option", "the workgroup does not say how results are encrypted") if {
	some group in resource.all("aws_athena_workgroup")
	value.none(group, "configuration.encryption_option")
}
