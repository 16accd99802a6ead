# Fleets that stream applications.
package demarc.appstream

import data.demarc.lib.finding
import data.demarc.lib.resource
import data.demarc.lib.value

# METADATA
# title: Streaming fleets have no internet access of their own
# description: >-
#   With default internet access each instance has a public address. A NAT gateway, or a proxy, gives access that
#   can be watched.
# related_resources:
#   - https://docs.aws.amazon.com/appstream2/latest/developerguide/internet-access.html
# custom:
#   severity: medium
#   profile: extended
#   subject: [aws_appstream_fleet, aws_appstream_image_builder]
#   reads: [enable_default_internet_access]
#   pedantic: [NW-1.b]
#   remedy: 'set enable_default_internet_access = false / EnableDefaultInternetAccess: false'
internet_access contains finding.at(r, "enable_default_internet_access", "each instance has a public address") if {
	some type in ["aws_appstream_fleet", "aws_appstream_image_builder"]
	some r in resource.all(type)
	value.is(r, "enable_default_internet_access", true)
}
