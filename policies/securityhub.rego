# Findings and standards in one place.
package demarc.securityhub

import data.demarc.lib.account
import data.demarc.lib.finding
import data.demarc.lib.resource
import data.demarc.lib.value

# METADATA
# title: Findings of every region gather in one
# description: >-
#   A region that is not linked keeps its findings to itself.
# related_resources:
#   - https://docs.aws.amazon.com/securityhub/latest/userguide/finding-aggregation.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_securityhub_finding_aggregator
#   reads: [linking_mode]
#   pedantic: [IR-2.b]
#   remedy: 'set linking_mode = "ALL_REGIONS" / RegionLinkingMode: ALL_REGIONS'
aggregator_all_regions contains finding.at(aggregator, "linking_mode", "findings of some regions only are gathered") if {
	some aggregator in resource.all("aws_securityhub_finding_aggregator")
	value.is(aggregator, "linking_mode", ["SPECIFIED_REGIONS", "NO_REGIONS"][_])
}

# METADATA
# title: Roots that manage the account set Security Hub up
# description: >-
#   Security Hub gathers the findings of the other services, and checks the account against standards.
# related_resources:
#   - https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-settingup.html
# custom:
#   severity: low
#   profile: extended
#   subject: [aws_organizations_organization, aws_iam_account_password_policy, aws_account_alternate_contact, aws_s3_account_public_access_block, aws_securityhub_account, aws_guardduty_detector, aws_config_configuration_recorder, aws_accessanalyzer_analyzer]
#   pedantic: [DT-9.b]
#   remedy: 'add aws_securityhub_account / AWS::SecurityHub::Hub'
hub_present contains f if some f in account.absent(["aws_securityhub_account"], "Security Hub")

hub_present_applies contains r.id if some r in account.roots

# METADATA
# title: Security Hub evaluates a standard
# description: >-
#   A hub without a standard gathers findings, and checks nothing itself.
# related_resources:
#   - https://docs.aws.amazon.com/securityhub/latest/userguide/enable-standards.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_securityhub_account
#   reads: [enable_default_standards]
#   pedantic: [DT-9.b]
#   remedy: 'leave enable_default_standards at true, or subscribe to a standard'
standards_enabled contains finding.at(hub, "enable_default_standards", "no standard is evaluated") if {
	some hub in resource.all("aws_securityhub_account")
	hub.values.enable_default_standards == false
	account.lacks(hub, ["aws_securityhub_standards_subscription", "aws_securityhub_configuration_policy"])
}
