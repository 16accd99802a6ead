# Network firewalls, their policies and rule groups.
package demarc.networkfirewall

import data.demarc.lib.finding
import data.demarc.lib.resource
import data.demarc.lib.value

# METADATA
# title: Firewall policies inspect or drop what no stateless rule matches
# description: >-
#   With aws:pass the rest of the traffic goes by uninspected.
# related_resources:
#   - https://docs.aws.amazon.com/network-firewall/latest/developerguide/stateless-default-actions.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_networkfirewall_firewall_policy
#   weighs: [stateless_default_actions, stateless_fragment_default_actions]
#   aspects: [NW-12.b]
#   remedy: 'set stateless_default_actions = ["aws:forward_to_sfe"] / StatelessDefaultActions'
default_action contains finding.at(policy, attribute, "what no stateless rule matches goes by uninspected") if {
	some policy in resource.all("aws_networkfirewall_firewall_policy")
	some attribute in ["stateless_default_actions", "stateless_fragment_default_actions"]
	value.has(policy, attribute, "aws:pass")
}

default_action contains finding.inconclusive(policy, attribute, "it is unknown what becomes of traffic that no stateless rule matches") if {
	some policy in resource.all("aws_networkfirewall_firewall_policy")
	some attribute in ["stateless_default_actions", "stateless_fragment_default_actions"]
	value.may_lack(policy, attribute, "aws:pass")
}

# METADATA
# title: Firewall policies hold a rule group
# description: >-
#   A firewall without rules inspects nothing, and looks as if it did.
# related_resources:
#   - https://docs.aws.amazon.com/network-firewall/latest/developerguide/firewall-policies.html
# custom:
#   severity: medium
#   profile: extended
#   subject: aws_networkfirewall_firewall_policy
#   presence: [stateful_rule_group_reference, stateless_rule_group_reference]
#   aspects: [NW-12.b]
#   remedy: 'refer to a rule group'
policy_has_rules contains finding.at(policy, "stateful_rule_group_reference", "the policy holds no rule group") if {
	some policy in resource.all("aws_networkfirewall_firewall_policy")
	value.none(policy, "stateful_rule_group_reference")
	value.none(policy, "stateless_rule_group_reference")
}

# METADATA
# title: Stateless rule groups hold rules
# description: >-
#   An empty group lets everything go on to the default action.
# related_resources:
#   - https://docs.aws.amazon.com/network-firewall/latest/developerguide/stateless-rule-groups.html
# custom:
#   severity: medium
#   profile: extended
#   subject: aws_networkfirewall_rule_group
#   when: [type]
#   presence: [stateless_rule]
#   aspects: [NW-12.b]
#   remedy: 'add a stateless_rule / StatelessRules'
stateless_group_empty contains finding.at(group, "stateless_rule", "the group holds no rule") if {
	some group in resource.all("aws_networkfirewall_rule_group")
	value.none(group, "stateless_rule")
}

stateless_group_empty_applies contains group.id if {
	some group in resource.all("aws_networkfirewall_rule_group")
	group.values.type == "STATELESS"
}

# METADATA
# title: Network firewalls log what they see
# description: >-
#   Without logs nobody learns what was stopped, and what was not.
# related_resources:
#   - https://docs.aws.amazon.com/network-firewall/latest/developerguide/firewall-logging.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_networkfirewall_firewall
#   companions: [aws_networkfirewall_logging_configuration.firewall_arn]
#   aspects: [NW-12.d, DT-7.a]
#   remedy: 'add an aws_networkfirewall_logging_configuration / AWS::NetworkFirewall::LoggingConfiguration'
logging contains finding.at(firewall, "", "the firewall logs nothing") if {
	some firewall in resource.all("aws_networkfirewall_firewall")
	resource.without(firewall, "aws_networkfirewall_logging_configuration", "firewall_arn")
}

# METADATA
# title: Network firewalls cannot be deleted in one step
# description: >-
#   Without its firewall the traffic goes by uninspected, or not at all.
# related_resources:
#   - https://docs.aws.amazon.com/network-firewall/latest/developerguide/firewall-settings.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_networkfirewall_firewall
#   reads: [delete_protection]
#   aspects: [NW-12.d]
#   remedy: 'set delete_protection = true / DeleteProtection: true'
deletion_protection contains finding.at(r, "delete_protection", "the firewall can be deleted in one step") if {
	some r in resource.all("aws_networkfirewall_firewall")
	value.is(r, "delete_protection", false)
}

# METADATA
# title: The subnets and the policy of a network firewall are protected from change
# description: >-
#   Whoever moves a firewall out of a subnet, or gives it another policy, opens the way around it.
# related_resources:
#   - https://docs.aws.amazon.com/network-firewall/latest/developerguide/firewall-settings.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_networkfirewall_firewall
#   reads: [subnet_change_protection, firewall_policy_change_protection]
#   pedantic: [NW-12.d]
#   remedy: 'set subnet_change_protection = true and firewall_policy_change_protection = true'
subnet_change_protection contains finding.at(firewall, attribute, message) if {
	some firewall in resource.all("aws_networkfirewall_firewall")
	some attribute, message in {
		"subnet_change_protection": "the firewall's subnets can be changed in one step",
		"firewall_policy_change_protection": "the firewall's policy can be changed in one step",
	}
	value.is(firewall, attribute, false)
}

# METADATA
# title: Network firewalls stand in at least two zones
# description: >-
#   When the only zone is gone, so is the way through the firewall.
# related_resources:
#   - https://docs.aws.amazon.com/network-firewall/latest/developerguide/high-level-steps.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_networkfirewall_firewall
#   reads: [subnet_ids]
#   pedantic: [RS-2.a]
#   remedy: 'add a subnet_mapping in a second zone / SubnetMappings'
multi_zone contains finding.at(firewall, "subnet_ids", "the firewall stands in one zone") if {
	some firewall in resource.all("aws_networkfirewall_firewall")
	value.one_member(firewall, "subnet_ids")
}
