# The organisation around the accounts.
package demarc.organizations

import data.demarc.lib.finding
import data.demarc.lib.resource
import data.demarc.lib.value

# METADATA
# title: Organisations have all features
# description: >-
#   With consolidated billing alone no policy of the organisation limits what its accounts may do.
# related_resources:
#   - https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_org_support-all-features.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_organizations_organization
#   reads: [feature_set]
#   aspects: [ID-15.c]
#   remedy: 'set feature_set = "ALL" / FeatureSet: ALL'
all_features contains finding.at(organization, "feature_set", "the organisation has billing features only") if {
	some organization in resource.all("aws_organizations_organization")
	value.is(organization, "feature_set", "CONSOLIDATED_BILLING")
}
