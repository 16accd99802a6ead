# Grants of the data lake.
package demarc.lakeformation

import data.demarc.lib.finding
import data.demarc.lib.resource
import data.demarc.lib.value

# METADATA
# title: The data lake grants nothing to everyone with IAM rights
# description: >-
#   IAM_ALLOWED_PRINCIPALS is everyone whose IAM policies reach the catalogue: what is granted to it, Lake
#   Formation does not govern.
# related_resources:
#   - https://docs.aws.amazon.com/lake-formation/latest/dg/change-settings.html
# custom:
#   severity: medium
#   profile: default
#   subject: [aws_lakeformation_data_lake_settings, aws_lakeformation_permissions]
#   presence: [principal]
#   reads: [create_database_default_permissions.principal, create_table_default_permissions.principal]
#   aspects: [ID-13.b]
#   remedy: remove the entry, and grant to roles instead
iam_allowed_principals contains finding.at(settings, value.path(block, "principal"), sprintf("new %s are open to everyone with IAM rights", [what])) if {
	some settings in resource.all("aws_lakeformation_data_lake_settings")
	some attribute, what in {"create_database_default_permissions": "databases", "create_table_default_permissions": "tables"}
	some block in settings.values[attribute]
	block.principal == "IAM_ALLOWED_PRINCIPALS"
}

iam_allowed_principals contains finding.at(grant, "principal", "the grant is to everyone with IAM rights") if {
	some grant in resource.all("aws_lakeformation_permissions")
	value.is(grant, "principal", "IAM_ALLOWED_PRINCIPALS")
}
