# File-transfer servers and connectors.
package demarc.transfer

import data.demarc.lib.finding
import data.demarc.lib.resource
import data.demarc.lib.value

# METADATA
# title: File-transfer servers speak no plain FTP
# description: >-
#   FTP sends passwords and files in clear.
# related_resources:
#   - https://docs.aws.amazon.com/transfer/latest/userguide/create-server-ftp.html
# custom:
#   severity: high
#   profile: default
#   subject: aws_transfer_server
#   weighs: [protocols]
#   aspects: [TR-5.a]
#   remedy: 'set protocols = ["SFTP"] / Protocols: [SFTP]'
secure_protocols contains finding.at(server, "protocols", "passwords and files cross the network in clear") if {
	some server in resource.all("aws_transfer_server")
	value.has(server, "protocols", "FTP")
}

secure_protocols contains finding.inconclusive(server, "protocols", "it is unknown whether the server speaks plain FTP") if {
	some server in resource.all("aws_transfer_server")
	value.may_lack(server, "protocols", "FTP")
}

# METADATA
# title: File-transfer servers log what users do
# description: >-
#   Without logs nobody can tell who fetched what.
# related_resources:
#   - https://docs.aws.amazon.com/transfer/latest/userguide/structured-logging.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_transfer_server
#   presence: [logging_role, structured_log_destinations]
#   aspects: [DT-7.a]
#   remedy: 'set structured_log_destinations / StructuredLogDestinations'
logging contains finding.at(server, "structured_log_destinations", "what users do is not logged") if {
	some server in resource.all("aws_transfer_server")
	resource.lacks_all(server, ["logging_role", "structured_log_destinations"])
}

# METADATA
# title: File-transfer servers stand in a VPC
# description: >-
#   A public endpoint has no security group: whoever finds it tries passwords.
# related_resources:
#   - https://docs.aws.amazon.com/transfer/latest/userguide/create-server-in-vpc.html
# custom:
#   severity: medium
#   profile: extended
#   subject: aws_transfer_server
#   reads: [endpoint_type]
#   aspects: [NW-16.a]
#   remedy: 'set endpoint_type = "VPC" with endpoint_details / EndpointType: VPC'
private_endpoint contains finding.at(r, "endpoint_type", "the endpoint is open to the internet, and has no security group") if {
	some r in resource.all("aws_transfer_server")
	value.is(r, "endpoint_type", "PUBLIC")
}

# METADATA
# title: File-transfer servers offer current algorithms
# description: >-
#   Without a policy a server takes that of 2018, with algorithms that are weak by now.
# related_resources:
#   - https://docs.aws.amazon.com/transfer/latest/userguide/security-policies.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_transfer_server
#   reads: [security_policy_name]
#   aspects: [TR-2.a]
#   remedy: 'set security_policy_name = "TransferSecurityPolicy-2024-01" / SecurityPolicyName'
security_policy contains finding.at(server, "security_policy_name", message) if {
	some server in resource.all("aws_transfer_server")
	server.values.security_policy_name in outdated
	message := sprintf("%s offers weak algorithms", [server.values.security_policy_name])
}

security_policy contains finding.inconclusive(server, "security_policy_name", "it is unknown how old the algorithms of this policy are") if {
	some server in resource.all("aws_transfer_server")
	value.differs_from(server, "security_policy_name", `-20[0-9]{2}-[0-9]{2}$`)
}

# Those that allow SHA-1, as read in November 2026: https://docs.aws.amazon.com/transfer/latest/userguide/security-policies.html
outdated := {
	"TransferSecurityPolicy-2018-11", "TransferSecurityPolicy-2020-06", "TransferSecurityPolicy-2022-03",
	"TransferSecurityPolicy-2023-05", "TransferSecurityPolicy-FIPS-2020-06", "TransferSecurityPolicy-FIPS-2023-05",
	"TransferSecurityPolicy-Restricted-2018-11", "TransferSecurityPolicy-Restricted-2020-06",
	"TransferSecurityPolicy-PQ-SSH-Experimental-2023-04", "TransferSecurityPolicy-PQ-SSH-FIPS-Experimental-2023-04",
}

# METADATA
# title: Transfer connectors write logs
# description: >-
#   Without logs nobody can tell what was sent to a partner, and what failed.
# related_resources:
#   - https://docs.aws.amazon.com/transfer/latest/userguide/configure-sftp-connector.html
# custom:
#   severity: medium
#   profile: extended
#   subject: aws_transfer_connector
#   presence: [logging_role]
#   pedantic: [DT-7.a]
#   remedy: 'set logging_role / LoggingRole'
connector_logging contains finding.at(connector, "logging_role", "what the connector transfers is not logged") if {
	some connector in resource.all("aws_transfer_connector")
	value.none(connector, "logging_role")
}
