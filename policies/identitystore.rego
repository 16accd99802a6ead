# People in Identity Center.
package demarc.identitystore

import data.demarc.lib.finding
import data.demarc.lib.resource

# METADATA
# title: People come from the identity provider
# description: >-
#   A user that is made by hand stays when the person leaves: no directory takes it away.
# related_resources:
#   - https://docs.aws.amazon.com/singlesignon/latest/userguide/provision-automatically.html
# custom:
#   severity: medium
#   profile: extended
#   subject: aws_identitystore_user
#   pedantic: [ID-10.a]
#   remedy: 'provision users from the identity provider by SCIM'
manual_user contains finding.at(user, "", "the user is made by hand") if {
	some user in resource.all("aws_identitystore_user")
}
