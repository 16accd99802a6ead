# Whom AWS reaches.
package demarc.account

import data.demarc.lib.account
import data.demarc.lib.finding
import data.demarc.lib.resource
import data.demarc.lib.value

# METADATA
# title: The account has a security contact
# description: >-
#   AWS writes to the security contact when it sees an account abused; without one the mail goes to the root
#   user.
# related_resources:
#   - https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-update-contact-alternate.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_account_alternate_contact
#   reads: [alternate_contact_type]
#   aspects: [IR-1.a]
#   remedy: 'add a contact with alternate_contact_type = "SECURITY"'
security_contact contains finding.at(contact, "alternate_contact_type", "no contact of this root is the security contact") if {
	some contact in resource.all("aws_account_alternate_contact")
	value.differs(contact, "alternate_contact_type", "SECURITY")
	account.none_is(contact, "alternate_contact_type", "SECURITY")
}
