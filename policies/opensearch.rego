# Search domains, of OpenSearch and of the older Elasticsearch.
package demarc.opensearch

import data.demarc.lib.audience
import data.demarc.lib.document
import data.demarc.lib.finding
import data.demarc.lib.key
import data.demarc.lib.resource
import data.demarc.lib.secret
import data.demarc.lib.value

# METADATA
# title: Search domains are encrypted at rest
# description: >-
#   Encryption covers the indexes, the logs, the swap files and the automated snapshots of a domain.
# related_resources:
#   - https://docs.aws.amazon.com/opensearch-service/latest/developerguide/encryption-at-rest.html
# custom:
#   severity: high
#   profile: default
#   subject: aws_opensearch_domain
#   reads: [encrypt_at_rest.enabled]
#   aspects: [DP-10.a]
#   remedy: 'set encrypt_at_rest { enabled = true } / EncryptionAtRestOptions.Enabled: true'
encryption_at_rest contains finding.at(domain, "encrypt_at_rest.enabled", "the domain is not encrypted at rest") if {
	some domain in resource.all("aws_opensearch_domain")
	domain.values.encrypt_at_rest.enabled == false
}

# METADATA
# title: Search domains encrypt what passes between their nodes
# description: >-
#   The nodes of a domain replicate documents to each other, in clear unless told otherwise. A domain of
#   a single node has nothing to replicate.
# related_resources:
#   - https://docs.aws.amazon.com/opensearch-service/latest/developerguide/ntn.html
# custom:
#   severity: high
#   profile: default
#   subject: aws_opensearch_domain
#   reads: [node_to_node_encryption.enabled]
#   weighs: [cluster_config.instance_count, cluster_config.dedicated_master_enabled]
#   aspects: [TR-4.b]
#   remedy: 'set node_to_node_encryption { enabled = true } / NodeToNodeEncryptionOptions.Enabled: true'
node_to_node_encryption contains finding.at(domain, "node_to_node_encryption.enabled", "the domain's nodes speak to each other in clear") if {
	some domain in resource.all("aws_opensearch_domain")
	several_nodes(domain)
	domain.values.node_to_node_encryption.enabled == false
}

node_to_node_encryption contains finding.inconclusive(domain, path, "the domain's nodes would speak to each other in clear, and it is unknown whether there are several") if {
	some domain in resource.all("aws_opensearch_domain")
	domain.values.node_to_node_encryption.enabled == false
	some path in ["cluster_config.instance_count", "cluster_config.dedicated_master_enabled"]
	value.unsettled(domain, path)
}

# One node has nobody to speak to.
node_to_node_encryption_applies contains domain.id if {
	some domain in resource.all("aws_opensearch_domain")
	may_have_several_nodes(domain)
}

several_nodes(domain) if domain.values.cluster_config.instance_count > 1

several_nodes(domain) if domain.values.cluster_config.dedicated_master_enabled == true

may_have_several_nodes(domain) if several_nodes(domain)

may_have_several_nodes(domain) if value.unsettled(domain, "cluster_config.instance_count")

may_have_several_nodes(domain) if value.unsettled(domain, "cluster_config.dedicated_master_enabled")

# METADATA
# title: Search domains accept HTTPS only
# description: >-
#   A domain answers plain HTTP as well unless told to demand HTTPS; documents and credentials then
#   cross the network in clear.
# related_resources:
#   - https://docs.aws.amazon.com/opensearch-service/latest/developerguide/infrastructure-security.html
# custom:
#   severity: high
#   profile: default
#   subject: aws_opensearch_domain
#   reads: [domain_endpoint_options.enforce_https]
#   aspects: [TR-1.a]
#   remedy: 'set domain_endpoint_options { enforce_https = true } / DomainEndpointOptions.EnforceHTTPS: true'
enforce_https contains finding.at(domain, "domain_endpoint_options.enforce_https", "the domain accepts plain HTTP") if {
	some domain in resource.all("aws_opensearch_domain")
	domain.values.domain_endpoint_options.enforce_https == false
}

enforce_https contains finding.at(domain, "domain_endpoint_options", "the domain accepts plain HTTP") if {
	some domain in resource.all("aws_opensearch_domain")
	value.none(domain, "domain_endpoint_options")
}

# METADATA
# title: Access policies of public search domains name who may search
# description: >-
#   A domain outside a VPC has a public endpoint. A policy that allows everybody, wherever they call from,
#   leaves its documents to whoever finds it, unless fine-grained access control asks who is calling.
# related_resources:
#   - https://docs.aws.amazon.com/opensearch-service/latest/developerguide/ac.html
#   - https://docs.aws.amazon.com/opensearch-service/latest/developerguide/fgac.html#fgac-recommendations
# custom:
#   severity: high
#   profile: default
#   subject: aws_opensearch_domain
#   weighs: [access_policies, vpc_options, advanced_security_options.enabled, advanced_security_options.anonymous_auth_enabled]
#   aspects: [ID-9.a]
#   remedy: name the principals, add a condition on aws:SourceIp, turn fine-grained access control on, or put the domain into a VPC
policy_any_principal contains f if {
	some domain in document.carriers("aws_opensearch_domain", "access_policies")
	value.none(domain, "vpc_options")
	asks_nobody(domain)
	some f in audience.public_findings(domain, "access_policies", "the access policy")
}

policy_any_principal contains finding.inconclusive(domain, path, "the access policy lets anyone in, and it is unknown whether something else keeps strangers out") if {
	some domain in document.carriers("aws_opensearch_domain", "access_policies")
	some path in open_questions(domain)
	some statement in domain.values.access_policies.statements
	audience.public(domain.values.access_policies, statement)
}

# In a VPC security groups keep strangers out; fine-grained access control asks
# for credentials whatever the policy says.
policy_any_principal_applies contains domain.id if {
	some domain in document.carriers("aws_opensearch_domain", "access_policies")
	may_be_outside(domain)
	may_ask_nobody(domain)
}

open_questions(domain) := {"vpc_options" | value.hidden(domain, "vpc_options")} | {path |
	some path in ["advanced_security_options.enabled", "advanced_security_options.anonymous_auth_enabled"]
	value.unsettled(domain, path)
}

may_be_outside(domain) if value.none(domain, "vpc_options")

may_be_outside(domain) if value.hidden(domain, "vpc_options")

asks_nobody(domain) if value.is(domain, "advanced_security_options.enabled", false)

asks_nobody(domain) if value.is(domain, "advanced_security_options.anonymous_auth_enabled", true)

may_ask_nobody(domain) if value.may_be(domain, "advanced_security_options.enabled", false)

may_ask_nobody(domain) if value.may_be(domain, "advanced_security_options.anonymous_auth_enabled", true)

# METADATA
# title: Search domains let no anonymous users in
# description: >-
#   Anonymous access is meant for the days in which fine-grained access control is introduced. Left on,
#   requests without credentials are let in.
# related_resources:
#   - https://docs.aws.amazon.com/opensearch-service/latest/developerguide/fgac.html
# custom:
#   severity: high
#   profile: default
#   subject: aws_opensearch_domain
#   reads: [advanced_security_options.anonymous_auth_enabled]
#   aspects: [ID-13.a]
#   remedy: 'set anonymous_auth_enabled = false / AnonymousAuthEnabled: false'
anonymous_auth contains finding.at(domain, "advanced_security_options.anonymous_auth_enabled", "anonymous users are let in") if {
	some domain in resource.all("aws_opensearch_domain")
	domain.values.advanced_security_options.anonymous_auth_enabled == true
}

# METADATA
# title: Search domains publish their audit log
# description: >-
#   The audit log records who read and changed what. It needs fine-grained access control, and a log group
#   to go to.
# related_resources:
#   - https://docs.aws.amazon.com/opensearch-service/latest/developerguide/audit-logs.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_opensearch_domain
#   weighs: [log_publishing_options, log_publishing_options.log_type, log_publishing_options.enabled]
#   aspects: [DT-7.b]
#   remedy: add log_publishing_options of the type AUDIT_LOGS / LogPublishingOptions.AUDIT_LOGS
audit_logs contains finding.at(domain, "log_publishing_options", "the domain does not publish its audit log") if {
	some domain in resource.all("aws_opensearch_domain")
	value.lacks_block(domain, "log_publishing_options", audit_log)
}

audit_logs contains finding.inconclusive(domain, "log_publishing_options", "it is unknown whether the audit log is published") if {
	some domain in resource.all("aws_opensearch_domain")
	value.may_lack_block(domain, "log_publishing_options", audit_log)
}

audit_log := {"log_type": "AUDIT_LOGS", "enabled": true}

# METADATA
# title: Search domains are encrypted with a key the customer owns
# description: >-
#   By default AWS's own key encrypts a domain. A key of your own has a policy of your own, and its use is
#   logged.
# related_resources:
#   - https://docs.aws.amazon.com/opensearch-service/latest/developerguide/encryption-at-rest.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_opensearch_domain
#   presence: [encrypt_at_rest.kms_key_id]
#   pedantic: [DP-10.a]
#   remedy: set encrypt_at_rest.kms_key_id / EncryptionAtRestOptions.KmsKeyId to a key of your own
customer_key contains f if {
	some domain in resource.all("aws_opensearch_domain")
	some f in key.foreign(domain, "encrypt_at_rest.kms_key_id", "the domain")
}

# METADATA
# title: Search domains control access finely
# description: >-
#   Without fine-grained access control, whoever may reach a domain may read and delete every index of it.
# related_resources:
#   - https://docs.aws.amazon.com/opensearch-service/latest/developerguide/fgac.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_opensearch_domain
#   reads: [advanced_security_options.enabled]
#   aspects: [ID-13.b]
#   remedy: 'set advanced_security_options { enabled = true } / AdvancedSecurityOptions.Enabled: true'
fine_grained_access contains finding.at(domain, "advanced_security_options.enabled", "whoever may use the domain may use all of it") if {
	some domain in resource.all("aws_opensearch_domain")
	domain.values.advanced_security_options.enabled == false
}

# METADATA
# title: Search domains stand in a VPC
# description: >-
#   A domain outside a VPC has a public endpoint: only its access policy stands between it and the internet.
#   The choice is made when the domain is.
# related_resources:
#   - https://docs.aws.amazon.com/opensearch-service/latest/developerguide/vpc.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_opensearch_domain
#   weighs: [vpc_options]
#   aspects: [NW-1.a, NW-2.a]
#   only_breaks: [NW-2.a]
#   remedy: 'set vpc_options { subnet_ids = [...] } / VPCOptions.SubnetIds'
in_vpc contains finding.at(domain, "vpc_options", "the domain has a public endpoint") if {
	some domain in resource.all("aws_opensearch_domain")
	value.none(domain, "vpc_options")
}

in_vpc contains finding.inconclusive(domain, "vpc_options", "it is unknown whether the domain is in a VPC") if {
	some domain in resource.all("aws_opensearch_domain")
	value.hidden(domain, "vpc_options")
}

# METADATA
# title: Search domain passwords are not written in the source
# description: >-
#   A literal password is known to everyone who can read the repository, the plan or the state. The master
#   user may as well be an IAM role.
# related_resources:
#   - https://docs.aws.amazon.com/opensearch-service/latest/developerguide/fgac.html
# custom:
#   severity: high
#   profile: default
#   subject: aws_opensearch_domain
#   weighs: [advanced_security_options]
#   aspects: [ID-14.c]
#   secret: true
#   remedy: set master_user_arn / MasterUserARN, or take the password from a secret
literal_password contains f if {
	some domain in resource.all("aws_opensearch_domain")
	some f in secret.written(domain, ["advanced_security_options.master_user_options.master_user_password"], "the master user's password")
}

# METADATA
# title: Search domains publish their logs
# description: >-
#   Without published logs nobody can tell why a domain failed, or who used it.
# related_resources:
#   - https://docs.aws.amazon.com/opensearch-service/latest/developerguide/createdomain-configure-slow-logs.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_opensearch_domain
#   weighs: [log_publishing_options, log_publishing_options.enabled]
#   aspects: [DT-7.b]
#   remedy: add log_publishing_options / LogPublishingOptions with a log group
log_publishing contains finding.at(domain, "log_publishing_options", "the domain publishes no logs") if {
	some domain in resource.all("aws_opensearch_domain")
	value.lacks_block(domain, "log_publishing_options", {"enabled": true})
}

log_publishing contains finding.inconclusive(domain, "log_publishing_options", "it is unknown whether the domain publishes logs") if {
	some domain in resource.all("aws_opensearch_domain")
	value.may_lack_block(domain, "log_publishing_options", {"enabled": true})
}

# METADATA
# title: Access policies of search domains name what may be done
# description: >-
#   A statement that allows es:* lets its principals delete the domain and open it to others, not only
#   search.
# related_resources:
#   - https://docs.aws.amazon.com/opensearch-service/latest/developerguide/ac.html
# custom:
#   severity: medium
#   profile: extended
#   subject: aws_opensearch_domain
#   weighs: [access_policies]
#   aspects: [ID-3.d]
#   remedy: name the actions, as es:ESHttpGet and es:ESHttpPost
policy_wildcard contains f if {
	some domain in document.carriers("aws_opensearch_domain", "access_policies")
	some f in document.wildcard_findings(domain, "access_policies", "the access policy", "es")
}

policy_wildcard contains finding.inconclusive(domain, "access_policies", "the access policy, or a part of it, is unknown") if {
	some domain in document.carriers("aws_opensearch_domain", "access_policies")
	document.partly_listed(domain, "access_policies")
}

# METADATA
# title: Serverless search collections are not public
# description: >-
#   A network policy with AllowFromPublic puts a collection's endpoint on the internet: only the data access
#   policy stands in between.
# related_resources:
#   - https://docs.aws.amazon.com/opensearch-service/latest/developerguide/serverless-network.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_opensearchserverless_security_policy
#   when: [type]
#   reads: [policy.allow_from_public]
#   aspects: [NW-2.b]
#   remedy: set AllowFromPublic to false, and name VPC endpoints under SourceVPCEs
serverless_public_network contains finding.at(policy, value.path(block, "allow_from_public"), "the policy opens collections to the internet") if {
	some policy in resource.all("aws_opensearchserverless_security_policy")
	policy.values.type == "network"
	some block in policy.values.policy
	block.allow_from_public == true
}

serverless_public_network_applies contains policy.id if {
	some policy in resource.all("aws_opensearchserverless_security_policy")
	policy.values.type == "network"
}

# METADATA
# title: Search domains demand TLS 1.2
# description: >-
#   Unless told otherwise a domain accepts clients that speak TLS 1.0, which is broken.
# related_resources:
#   - https://docs.aws.amazon.com/opensearch-service/latest/developerguide/infrastructure-security.html
# custom:
#   severity: high
#   profile: default
#   subject: aws_opensearch_domain
#   reads: [domain_endpoint_options.tls_security_policy]
#   aspects: [TR-2.a]
#   remedy: 'set tls_security_policy = "Policy-Min-TLS-1-2-PFS-2023-10" / TLSSecurityPolicy: Policy-Min-TLS-1-2-PFS-2023-10'
tls_policy contains finding.at(domain, "domain_endpoint_options.tls_security_policy", "the domain accepts TLS 1.0") if {
	some domain in resource.all("aws_opensearch_domain")
	value.differs_from(domain, "domain_endpoint_options.tls_security_policy", `-TLS-1-[2-9]-`)
}

tls_policy contains finding.at(domain, "domain_endpoint_options", "the domain accepts TLS 1.0") if {
	some domain in resource.all("aws_opensearch_domain")
	value.none(domain, "domain_endpoint_options")
}
