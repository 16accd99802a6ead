# Search domains, of OpenSearch and of the older Elasticsearch.
package demarc.opensearch

import data.demarc.lib.document
import data.demarc.lib.finding
import data.demarc.lib.resource
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
#   controls: [DP-10]
#   aliases: {checkov: [CKV_AWS_5], trivy: [AWS-0048, aws-elasticsearch-enable-domain-encryption, AVD-AWS-0048], kics: [24e16922-4330-4e9d-be8a-caa90299466a, 86a248ab-0e01-4564-a82a-878303e253bb]}
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
#   when: [cluster_config.instance_count, cluster_config.dedicated_master_enabled]
#   reads: [node_to_node_encryption.enabled]
#   controls: [TR-4]
#   aliases: {checkov: [CKV_AWS_6], trivy: [AWS-0043, aws-elasticsearch-enable-in-transit-encryption, AVD-AWS-0043], kics: [43ed6fe0-edb6-43c2-97be-6501cf563d53, 967eb3e6-26fc-497d-8895-6428beb6e8e2]}
#   remedy: 'set node_to_node_encryption { enabled = true } / NodeToNodeEncryptionOptions.Enabled: true'
node_to_node_encryption contains finding.at(domain, "node_to_node_encryption.enabled", "the domain's nodes speak to each other in clear") if {
	some domain in resource.all("aws_opensearch_domain")
	domain.id in node_to_node_encryption_applies
	domain.values.node_to_node_encryption.enabled == false
}

node_to_node_encryption_applies contains domain.id if {
	some domain in resource.all("aws_opensearch_domain")
	domain.values.cluster_config.instance_count > 1
}

node_to_node_encryption_applies contains domain.id if {
	some domain in resource.all("aws_opensearch_domain")
	domain.values.cluster_config.dedicated_master_enabled == true
}

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
#   controls: [TR-1, TR-4]
#   aliases: {checkov: [CKV_AWS_83], trivy: [AWS-0046, aws-elasticsearch-enforce-https, AVD-AWS-0046], kics: [2e9e0729-66d5-4148-9d39-5e6fb4bf2a4e, 4cdc88e6-c0c8-4081-a639-bb3a557cbedf]}
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
#   leaves its documents to whoever finds it.
# related_resources:
#   - https://docs.aws.amazon.com/opensearch-service/latest/developerguide/ac.html
# custom:
#   severity: high
#   profile: default
#   subject: aws_opensearch_domain
#   weighs: [access_policies, vpc_options]
#   controls: [ID-9, ID-13]
#   aliases: {kics: [5c666ed9-b586-49ab-9873-c495a833b705, e7530c3c-b7cf-4149-8db9-d037a0b5268e]}
#   remedy: name the principals, add a condition on aws:SourceIp, or put the domain into a VPC
policy_any_principal contains f if {
	some domain in document.carriers("aws_opensearch_domain", "access_policies")
	value.none(domain, "vpc_options")
	some f in document.public_findings(domain, "access_policies", "the access policy")
}

policy_any_principal contains finding.inconclusive(domain, "vpc_options", "the access policy lets anyone in, and it is unknown whether the domain is in a VPC") if {
	some domain in document.carriers("aws_opensearch_domain", "access_policies")
	"vpc_options" in domain._unknown
	some statement in domain.values.access_policies.statements
	document.public(statement)
}

# In a VPC, security groups keep strangers out.
policy_any_principal_applies contains domain.id if {
	some domain in document.carriers("aws_opensearch_domain", "access_policies")
	value.none(domain, "vpc_options")
}

policy_any_principal_applies contains domain.id if {
	some domain in document.carriers("aws_opensearch_domain", "access_policies")
	"vpc_options" in domain._unknown
}
