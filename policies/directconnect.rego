# Dedicated lines.
package demarc.directconnect

import data.demarc.lib.finding
import data.demarc.lib.resource
import data.demarc.lib.value

# METADATA
# title: Dedicated lines that can encrypt do so
# description: >-
#   A line of 10 Gbps and more can encrypt all that crosses it with MACsec. IPsec over the line does as well.
# related_resources:
#   - https://docs.aws.amazon.com/directconnect/latest/UserGuide/MACsec.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_dx_connection
#   when: [bandwidth]
#   reads: [request_macsec]
#   pedantic: [TR-6.b]
#   remedy: 'set request_macsec = true / RequestMACSec: true'
macsec contains finding.at(connection, "request_macsec", "the line does not encrypt what crosses it") if {
	some connection in resource.all("aws_dx_connection")
	value.is(connection, "request_macsec", false)
}

macsec_applies contains connection.id if {
	some connection in resource.all("aws_dx_connection")
	connection.values.bandwidth in {"10Gbps", "100Gbps", "400Gbps"}
}
