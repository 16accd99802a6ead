# Zones, records, registered domains and the queries of a VPC.
package demarc.route53

import data.demarc.lib.finding
import data.demarc.lib.resource
import data.demarc.lib.value

# public are the zones that answer to everybody.
public contains zone.id if {
	some zone in resource.all("aws_route53_zone")
	value.none(zone, "vpc")
}

# METADATA
# title: Public zones log their queries
# description: >-
#   Queries tell of an attack that looks for hosts, and of a host that asks for the wrong ones.
# related_resources:
#   - https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/query-logs.html
# custom:
#   severity: medium
#   profile: extended
#   subject: aws_route53_zone
#   when: [vpc]
#   presence: [query_logging_config]
#   companions: [aws_route53_query_log.zone_id]
#   aspects: [NW-13.b]
#   remedy: 'add an aws_route53_query_log / QueryLoggingConfig'
query_logging contains finding.at(zone, "query_logging_config", "queries to the zone are not logged") if {
	some zone in resource.all("aws_route53_zone")
	value.none(zone, "query_logging_config")
	resource.without(zone, "aws_route53_query_log", "zone_id")
}

query_logging_applies contains id if some id in public

# METADATA
# title: Public zones are signed
# description: >-
#   Without a signature an answer can be forged on the way, and visitors sent elsewhere.
# related_resources:
#   - https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-configuring-dnssec.html
# custom:
#   severity: medium
#   profile: extended
#   subject: aws_route53_zone
#   when: [vpc]
#   companions: [aws_route53_hosted_zone_dnssec.hosted_zone_id]
#   aspects: [NW-13.f]
#   remedy: 'add a key-signing key and aws_route53_hosted_zone_dnssec / AWS::Route53::DNSSEC'
dnssec contains finding.at(zone, "", "the zone is not signed") if {
	some zone in resource.all("aws_route53_zone")
	resource.without(zone, "aws_route53_hosted_zone_dnssec", "hosted_zone_id")
}

dnssec contains finding.at(zone, "", "signing of the zone is switched off") if {
	some zone in resource.all("aws_route53_zone")
	some signing in resource.referrers(zone, "aws_route53_hosted_zone_dnssec", "hosted_zone_id")
	value.is(signing, "signing_status", "NOT_SIGNING")
}

dnssec contains finding.inconclusive(zone, "", "it is unknown whether signing of the zone is switched on") if {
	some zone in resource.all("aws_route53_zone")
	some signing in resource.referrers(zone, "aws_route53_hosted_zone_dnssec", "hosted_zone_id")
	value.unsettled(signing, "signing_status")
}

dnssec_applies contains id if some id in public

# METADATA
# title: Records follow what holds their address
# description: >-
#   An address that is written outlives the host that had it. Whoever gets the address next gets the name too.
# related_resources:
#   - https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resource-record-sets-values-basic.html
# custom:
#   severity: medium
#   profile: extended
#   subject: aws_route53_record
#   reads: [type]
#   presence: [records]
#   aspects: [NW-13.f]
#   remedy: 'refer to the address, or use an alias'
dangling_a_record contains finding.at(record, "records", "the record holds an address that nothing ties to its host") if {
	some record in resource.all("aws_route53_record")
	some address in record.values.records
	regex.match(`^[0-9a-fA-F.:]+$`, address)
}

dangling_a_record_applies contains record.id if {
	some record in resource.all("aws_route53_record")
	value.may_be(record, "type", "A")
	value.differs(record, "records", [])
}

dangling_a_record_applies contains record.id if {
	some record in resource.all("aws_route53_record")
	value.may_be(record, "type", "A")
	value.unsettled(record, "records")
}

# METADATA
# title: Registered domains are locked against transfer
# description: >-
#   Whoever takes over the account with the registrar moves an unlocked domain away at once.
# related_resources:
#   - https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/domain-lock.html
# custom:
#   severity: medium
#   profile: default
#   subject: [aws_route53domains_registered_domain, aws_route53domains_domain]
#   reads: [transfer_lock]
#   aspects: [NW-13.f]
#   remedy: 'set transfer_lock = true'
domain_transfer_lock contains finding.at(domain, "transfer_lock", "the domain can be transferred away") if {
	some type in ["aws_route53domains_registered_domain", "aws_route53domains_domain"]
	some domain in resource.all(type)
	value.is(domain, "transfer_lock", false)
}

# METADATA
# title: Registered domains renew themselves
# description: >-
#   A domain that lapses is bought by others, with the mail and the visitors that still come.
# related_resources:
#   - https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/domain-enable-disable-auto-renewal.html
# custom:
#   severity: low
#   profile: extended
#   subject: [aws_route53domains_registered_domain, aws_route53domains_domain]
#   reads: [auto_renew]
#   pedantic: [NW-13.f]
#   remedy: 'set auto_renew = true'
domain_auto_renew contains finding.at(domain, "auto_renew", "the domain lapses unless somebody renews it") if {
	some type in ["aws_route53domains_registered_domain", "aws_route53domains_domain"]
	some domain in resource.all(type)
	value.is(domain, "auto_renew", false)
}

# METADATA
# title: Queries of a VPC are logged
# description: >-
#   What hosts look up tells of malware before it does harm. A profile of Route 53 may do it for all VPCs.
# related_resources:
#   - https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-query-logs.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_vpc
#   companions: [aws_route53_resolver_query_log_config_association.resource_id]
#   aspects: [NW-13.b]
#   remedy: 'associate the VPC with a query-log configuration of the Resolver'
resolver_query_logging contains finding.at(vpc, "", "queries of the VPC are not logged") if {
	some vpc in resource.all("aws_vpc")
	resource.without(vpc, "aws_route53_resolver_query_log_config_association", "resource_id")
}
