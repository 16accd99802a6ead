# Discovery of sensitive data.
package demarc.macie

import data.demarc.lib.finding
import data.demarc.lib.resource
import data.demarc.lib.value

# METADATA
# title: Macie runs where it is declared
# description: >-
#   A paused session looks at no bucket, and what it had found grows old.
# related_resources:
#   - https://docs.aws.amazon.com/macie/latest/user/macie-suspend-disable.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_macie2_account
#   reads: [status]
#   pedantic: [GV-1.b]
#   remedy: 'set status = "ENABLED" / Status: ENABLED'
session_enabled contains finding.at(session, "status", "Macie is paused") if {
	some session in resource.all("aws_macie2_account")
	value.is(session, "status", "PAUSED")
}
