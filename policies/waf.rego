# Web ACLs and their rule groups.
package demarc.waf

import data.demarc.lib.finding
import data.demarc.lib.resource
import data.demarc.lib.value

# METADATA
# title: Web ACLs hold rules
# description: >-
#   A web ACL without rules lets everything through, and looks as if it did not.
# related_resources:
#   - https://docs.aws.amazon.com/waf/latest/developerguide/web-acl-processing.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_wafv2_web_acl
#   presence: [rule, rule_json]
#   companions: [aws_wafv2_web_acl_rule_group_association.web_acl_arn]
#   aspects: [NW-10.b]
#   remedy: 'add rules, for instance AWSManagedRulesCommonRuleSet / Rules'
has_rules contains finding.at(acl, "rule", "the web ACL holds no rule") if {
	some acl in resource.all("aws_wafv2_web_acl")
	value.none(acl, "rule")
	value.none(acl, "rule_json")
	resource.without(acl, "aws_wafv2_web_acl_rule_group_association", "web_acl_arn")
}

# METADATA
# title: Web ACLs log what they inspect
# description: >-
#   Without logs nobody can tell an attack from a mistake of the rules.
# related_resources:
#   - https://docs.aws.amazon.com/waf/latest/developerguide/logging.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_wafv2_web_acl
#   companions: [aws_wafv2_web_acl_logging_configuration.resource_arn]
#   aspects: [NW-10.c]
#   remedy: 'add an aws_wafv2_web_acl_logging_configuration / AWS::WAFv2::LoggingConfiguration'
logging contains finding.at(acl, "", "the web ACL logs nothing") if {
	some acl in resource.all("aws_wafv2_web_acl")
	resource.without(acl, "aws_wafv2_web_acl_logging_configuration", "resource_arn")
}

# METADATA
# title: Web ACLs stop the Log4j exploit
# description: >-
#   The managed rules for known bad inputs stop Log4Shell and its kin at the edge.
# related_resources:
#   - https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-baseline.html
# custom:
#   severity: medium
#   profile: extended
#   subject: aws_wafv2_web_acl
#   when: [rule_json]
#   reads: [managed_rule_groups]
#   pedantic: [NW-10.b]
#   remedy: 'add the managed rule group AWSManagedRulesKnownBadInputsRuleSet'
log4j contains finding.at(acl, "managed_rule_groups", "no managed rules stop known bad inputs") if {
	some acl in resource.all("aws_wafv2_web_acl")
	value.lacks(acl, "managed_rule_groups", "AWSManagedRulesKnownBadInputsRuleSet")
}

log4j_applies contains acl.id if {
	some acl in resource.all("aws_wafv2_web_acl")
	value.none(acl, "rule_json")
}

# METADATA
# title: Web ACLs limit the rate of requests
# description: >-
#   A rate-based rule stops a single source that floods the site or tries passwords.
# related_resources:
#   - https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statement-type-rate-based.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_wafv2_web_acl
#   presence: [rate_based_statement, rule_json]
#   aspects: [NW-11.c]
#   remedy: 'add a rule with a rate_based_statement / RateBasedStatement'
rate_limit contains finding.at(acl, "rule", "no rule limits the rate of requests") if {
	some acl in resource.all("aws_wafv2_web_acl")
	value.none(acl, "rate_based_statement")
	value.none(acl, "rule_json")
}

# METADATA
# title: Web ACLs and their rules publish metrics
# description: >-
#   Without metrics no alarm tells that a rule has begun to fire.
# related_resources:
#   - https://docs.aws.amazon.com/waf/latest/developerguide/monitoring-cloudwatch.html
# custom:
#   severity: low
#   profile: extended
#   subject: [aws_wafv2_web_acl, aws_wafv2_rule_group]
#   reads: [visibility_config.cloudwatch_metrics_enabled, rule.cloudwatch_metrics_enabled]
#   pedantic: [NW-10.c]
#   remedy: 'set cloudwatch_metrics_enabled = true / CloudWatchMetricsEnabled: true'
metrics contains finding.at(r, "visibility_config.cloudwatch_metrics_enabled", "no metrics are published") if {
	some type in ["aws_wafv2_web_acl", "aws_wafv2_rule_group"]
	some r in resource.all(type)
	value.is(r, "visibility_config.cloudwatch_metrics_enabled", false)
}

metrics contains finding.tagged(acl, value.path(rule, "cloudwatch_metrics_enabled"), "the rule publishes no metrics", rule.name) if {
	some acl in resource.all("aws_wafv2_web_acl")
	some rule in acl.values.rule
	rule.cloudwatch_metrics_enabled == false
}

# METADATA
# title: Rule groups hold rules
# description: >-
#   An empty group protects nothing, wherever it is used.
# related_resources:
#   - https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-groups.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_wafv2_rule_group
#   presence: [rule, rules_json]
#   pedantic: [NW-10.b]
#   remedy: 'add a rule / Rules'
rule_group_not_empty contains finding.at(group, "rule", "the group holds no rule") if {
	some group in resource.all("aws_wafv2_rule_group")
	value.none(group, "rule")
	value.none(group, "rules_json")
}
