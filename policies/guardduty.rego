# Threat detection.
package demarc.guardduty

import data.demarc.lib.account
import data.demarc.lib.finding
import data.demarc.lib.resource
import data.demarc.lib.value

# METADATA
# title: GuardDuty detectors are switched on
# description: >-
#   A suspended detector finds nothing.
# related_resources:
#   - https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_suspend-disable.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_guardduty_detector
#   reads: [enable]
#   aspects: [DT-8.a]
#   remedy: 'set enable = true / Enable: true'
detector_enabled contains finding.at(detector, "enable", "the detector is switched off") if {
	some detector in resource.all("aws_guardduty_detector")
	detector.values.enable == false
}

# METADATA
# title: Roots that manage the account set GuardDuty up
# description: >-
#   GuardDuty reads the trail, the flow and the DNS logs for signs of an intrusion; an account without a
#   detector does not.
# related_resources:
#   - https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_settingup.html
# custom:
#   severity: medium
#   profile: extended
#   subject: [aws_organizations_organization, aws_iam_account_password_policy, aws_account_alternate_contact, aws_s3_account_public_access_block, aws_securityhub_account, aws_guardduty_detector, aws_config_configuration_recorder, aws_accessanalyzer_analyzer]
#   aspects: [DT-8.a]
#   only_breaks: [DT-8.a]
#   remedy: 'add aws_guardduty_detector / AWS::GuardDuty::Detector'
detector_present contains f if some f in account.absent(["aws_guardduty_detector"], "GuardDuty detector")

detector_present_applies contains r.id if some r in account.roots

# METADATA
# title: GuardDuty watches S3 data events
# description: >-
#   Data events tell who reads and deletes objects; without them a theft from a bucket goes unseen.
# related_resources:
#   - https://docs.aws.amazon.com/guardduty/latest/ug/s3-protection.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_guardduty_detector
#   weighs: [feature, s3_logs]
#   aspects: [DT-8.b]
#   remedy: 'set the status of the feature S3_DATA_EVENTS to ENABLED'
s3_protection contains f if {
	some detector in resource.all("aws_guardduty_detector")
	some f in off(detector, "S3_DATA_EVENTS", "s3_logs", "data events of S3")
}

# METADATA
# title: GuardDuty watches EKS audit logs
# description: >-
#   The audit log shows what is asked of a cluster, by whom; attacks on the control plane are seen there
#   only.
# related_resources:
#   - https://docs.aws.amazon.com/guardduty/latest/ug/kubernetes-protection.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_guardduty_detector
#   weighs: [feature, kubernetes_audit_logs]
#   aspects: [DT-8.b]
#   remedy: 'set the status of the feature EKS_AUDIT_LOGS to ENABLED'
eks_protection contains f if {
	some detector in resource.all("aws_guardduty_detector")
	some f in off(detector, "EKS_AUDIT_LOGS", "kubernetes_audit_logs", "audit logs of EKS")
}

# METADATA
# title: GuardDuty looks for malware on volumes
# description: >-
#   After a finding GuardDuty scans the volumes of the instance for what was planted there.
# related_resources:
#   - https://docs.aws.amazon.com/guardduty/latest/ug/malware-protection.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_guardduty_detector
#   weighs: [feature, malware_protection]
#   aspects: [DT-8.b]
#   remedy: 'set the status of the feature EBS_MALWARE_PROTECTION to ENABLED'
malware_protection contains f if {
	some detector in resource.all("aws_guardduty_detector")
	some f in off(detector, "EBS_MALWARE_PROTECTION", "malware_protection", "volumes of suspicious instances")
}

# METADATA
# title: GuardDuty watches the network activity of functions
# description: >-
#   Functions that mine or call home show in their network activity.
# related_resources:
#   - https://docs.aws.amazon.com/guardduty/latest/ug/lambda-protection.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_guardduty_detector
#   weighs: [feature]
#   aspects: [DT-8.b]
#   remedy: 'set the status of the feature LAMBDA_NETWORK_LOGS to ENABLED'
lambda_protection contains f if {
	some detector in resource.all("aws_guardduty_detector")
	some f in off(detector, "LAMBDA_NETWORK_LOGS", "", "network activity of functions")
}

# METADATA
# title: GuardDuty watches sign-ins to databases
# description: >-
#   Guessed passwords and strange sign-ins to Aurora and RDS are seen only in the login activity.
# related_resources:
#   - https://docs.aws.amazon.com/guardduty/latest/ug/rds-protection.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_guardduty_detector
#   weighs: [feature]
#   aspects: [DT-8.b]
#   remedy: 'set the status of the feature RDS_LOGIN_EVENTS to ENABLED'
rds_protection contains f if {
	some detector in resource.all("aws_guardduty_detector")
	some f in off(detector, "RDS_LOGIN_EVENTS", "", "sign-ins to databases")
}

# off is what is to be said where a feature that new detectors have is disabled,
# by its name or by its older switch.
off(detector, plan, switch, what) := (({finding.tagged(detector, value.path(feature, "status"), sprintf("GuardDuty does not watch %s", [what]), plan) |
	some feature in value.get(detector, "feature")
	feature.name == plan
	feature.status == "DISABLED"
} | {finding.at(detector, switch, sprintf("GuardDuty does not watch %s", [what])) |
	switch != ""
	value.is(detector, switch, false)
}) | {finding.inconclusive(detector, value.path(feature, member), sprintf("it is unknown whether GuardDuty watches %s", [what])) |
	some feature in value.get(detector, "feature")
	value.may_be(feature, "name", plan)
	some member in ["name", "status"]
	value.unsettled(feature, member)
	value.may_be(feature, "status", "DISABLED")
}) | {finding.inconclusive(detector, path, sprintf("it is unknown whether GuardDuty watches %s", [what])) |
	some path in ["feature", switch]
	path != ""
	value.hidden(detector, path)
}

# METADATA
# title: GuardDuty monitors the runtime of hosts and containers
# description: >-
#   Runtime monitoring sees what processes do on instances, in EKS and in Fargate tasks; new detectors do not
#   have it.
# related_resources:
#   - https://docs.aws.amazon.com/guardduty/latest/ug/runtime-monitoring.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_guardduty_detector
#   weighs: [feature]
#   pedantic: [DT-8.b]
#   remedy: 'add the feature RUNTIME_MONITORING with status ENABLED'
runtime_monitoring contains finding.at(detector, "", "the runtime of hosts and containers is not monitored") if {
	some detector in resource.all("aws_guardduty_detector")
	value.lacks_block(detector, "feature", {"name": "RUNTIME_MONITORING", "status": "ENABLED"})
}

runtime_monitoring contains finding.inconclusive(detector, "feature", "it is unknown whether the runtime is monitored") if {
	some detector in perhaps_monitored
}

perhaps_monitored contains detector if {
	some detector in resource.all("aws_guardduty_detector")
	value.may_lack_block(detector, "feature", {"name": "RUNTIME_MONITORING", "status": "ENABLED"})
	value.unsettled(detector, "feature")
}

# METADATA
# title: GuardDuty manages its agents
# description: >-
#   Where agents are installed by hand, hosts that were forgotten are not monitored.
# related_resources:
#   - https://docs.aws.amazon.com/guardduty/latest/ug/runtime-monitoring-agent-status.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_guardduty_detector
#   weighs: [feature]
#   pedantic: [DT-8.b]
#   remedy: 'add the additional configuration with status ENABLED'
runtime_agent_management contains finding.tagged(detector, value.path(feature, "additional_configuration"), sprintf("GuardDuty does not manage %s", [agents]), agents) if {
	some [detector, feature] in monitored
	some agents in ["EKS_ADDON_MANAGEMENT", "ECS_FARGATE_AGENT_MANAGEMENT", "EC2_AGENT_MANAGEMENT"]
	value.lacks_block(feature, "additional_configuration", {"name": agents, "status": "ENABLED"})
}

runtime_agent_management contains finding.inconclusive(detector, value.path(feature, "additional_configuration"), "it is unknown which agents GuardDuty manages") if {
	some [detector, feature] in monitored
	value.unsettled(feature, "additional_configuration")
}

monitored contains [detector, feature] if {
	some detector in resource.all("aws_guardduty_detector")
	some feature in detector.values.feature
	feature.name == "RUNTIME_MONITORING"
	feature.status == "ENABLED"
}

runtime_agent_management contains finding.inconclusive(detector, "feature", "it is unknown whether the runtime is monitored") if {
	some detector in perhaps_monitored
}

runtime_agent_management_applies contains detector.id if some [detector, _] in monitored

runtime_agent_management_applies contains detector.id if some detector in perhaps_monitored

# METADATA
# title: Member accounts are enrolled in GuardDuty
# description: >-
#   An account that joins the organisation is watched from its first day only where new members are enrolled.
# related_resources:
#   - https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_organizations.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_guardduty_organization_configuration
#   weighs: [auto_enable_organization_members, auto_enable]
#   aspects: [DT-8.b]
#   remedy: 'set auto_enable_organization_members = "ALL"'
organization_auto_enable contains finding.at(organization, "auto_enable_organization_members", "new member accounts are not enrolled") if {
	some organization in resource.all("aws_guardduty_organization_configuration")
	value.is(organization, "auto_enable_organization_members", "NONE")
}

organization_auto_enable contains finding.at(organization, "auto_enable", "new member accounts are not enrolled") if {
	some organization in resource.all("aws_guardduty_organization_configuration")
	value.none(organization, "auto_enable_organization_members")
	value.is(organization, "auto_enable", false)
}

organization_auto_enable contains finding.inconclusive(organization, path, "it is unknown whether new member accounts are enrolled") if {
	some organization in resource.all("aws_guardduty_organization_configuration")
	some path in ["auto_enable_organization_members", "auto_enable"]
	value.unsettled(organization, path)
}
