# Configuration history.
package demarc.config

import data.demarc.lib.account
import data.demarc.lib.finding
import data.demarc.lib.resource
import data.demarc.lib.value

# METADATA
# title: Configuration aggregators draw from every region
# description: >-
#   What happens in a region that is left out is seen by nobody who looks at the aggregate.
# related_resources:
#   - https://docs.aws.amazon.com/config/latest/developerguide/aggregate-data.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_config_configuration_aggregator
#   reads: [account_aggregation_source, organization_aggregation_source]
#   aspects: [DT-9.b]
#   remedy: 'set all_regions = true / AllAwsRegions: true'
aggregator_all_regions contains finding.at(aggregator, value.path(source, "all_regions"), "the aggregator leaves regions out") if {
	some aggregator in resource.all("aws_config_configuration_aggregator")
	some kind in ["account_aggregation_source", "organization_aggregation_source"]
	some source in aggregator.values[kind]
	source.all_regions == false
}

# METADATA
# title: Configuration recorders have a delivery channel
# description: >-
#   A recorder does not start without a channel, and has nowhere to keep its history.
# related_resources:
#   - https://docs.aws.amazon.com/config/latest/developerguide/manage-delivery-channel.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_config_configuration_recorder
#   aspects: [DT-9.a]
#   only_breaks: [DT-9.a]
#   remedy: 'add aws_config_delivery_channel / AWS::Config::DeliveryChannel'
delivery_channel contains finding.at(recorder, "", "the recorder has no delivery channel") if {
	some recorder in resource.all("aws_config_configuration_recorder")
	account.lacks(recorder, ["aws_config_delivery_channel"])
}

# METADATA
# title: Configuration recorders run and record every type
# description: >-
#   A type that is not recorded has no history, and no rule looks at it.
# related_resources:
#   - https://docs.aws.amazon.com/config/latest/developerguide/select-resources.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_config_configuration_recorder
#   reads: [is_enabled, recording_group]
#   aspects: [DT-9.a]
#   remedy: 'set all_supported = true / AllSupported: true, or exclude types by a recording strategy; and is_enabled = true'
recorder_enabled contains finding.at(recorder, "is_enabled", "the recorder is switched off") if {
	some recorder in resource.all("aws_config_configuration_recorder")
	recorder.values.is_enabled == false
}

recorder_enabled contains finding.at(recorder, "recording_group.all_supported", "the recorder records some types only") if {
	some recorder in resource.all("aws_config_configuration_recorder")
	value.differs(recorder, "recording_group.all_supported", true)
	value.is(recorder, "recording_group.use_only", ["INCLUSION_BY_RESOURCE_TYPES", null][_])
	value.differs(recorder, "recording_group.resource_types", [])
}

# METADATA
# title: Roots that manage the account set AWS Config up
# description: >-
#   Without a recorder nobody can tell what was changed, and when.
# related_resources:
#   - https://docs.aws.amazon.com/config/latest/developerguide/stop-start-recorder.html
# custom:
#   severity: medium
#   profile: extended
#   subject: [aws_organizations_organization, aws_iam_account_password_policy, aws_account_alternate_contact, aws_s3_account_public_access_block, aws_securityhub_account, aws_guardduty_detector, aws_config_configuration_recorder, aws_accessanalyzer_analyzer]
#   aspects: [DT-9.a]
#   only_breaks: [DT-9.a]
#   remedy: 'add aws_config_configuration_recorder with its delivery channel and status'
recorder_present contains f if some f in account.absent(["aws_config_configuration_recorder"], "configuration recorder")

recorder_present_applies contains r.id if some r in account.roots
