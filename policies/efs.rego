# File systems.
package demarc.efs

import data.demarc.lib.audience
import data.demarc.lib.document
import data.demarc.lib.finding
import data.demarc.lib.key
import data.demarc.lib.resource
import data.demarc.lib.tls
import data.demarc.lib.value

# METADATA
# title: File systems are encrypted
# description: >-
#   A file system that is made without encryption stays in clear until its files are copied to another
#   one. Only the console encrypts unless told otherwise.
# related_resources:
#   - https://docs.aws.amazon.com/efs/latest/ug/encryption-at-rest.html
# custom:
#   severity: high
#   profile: default
#   subject: aws_efs_file_system
#   reads: [encrypted]
#   aspects: [DP-10.a]
#   remedy: 'set encrypted = true / Encrypted: true'
encryption contains finding.at(fs, "encrypted", "the file system is not encrypted") if {
	some fs in resource.all("aws_efs_file_system")
	fs.values.encrypted == false
}

# METADATA
# title: File systems encrypt with a key the customer owns
# description: >-
#   The key that AWS keeps for EFS cannot be taken from anyone who may mount the file system. A key of
#   your own has a policy, can be switched off, and logs its use.
# related_resources:
#   - https://docs.aws.amazon.com/efs/latest/ug/EFSKMS.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_efs_file_system
#   weighs: [encrypted, kms_key_id]
#   pedantic: [DP-10.a]
#   remedy: set kms_key_id / KmsKeyId to a key of your own
customer_key contains f if {
	some fs in resource.all("aws_efs_file_system")
	some f in key.foreign_where(fs, "encrypted", "kms_key_id", "the file system")
}

# A file system in clear has no key.
customer_key_applies contains fs.id if {
	some fs in resource.all("aws_efs_file_system")
	value.may_be(fs, "encrypted", true)
}

# METADATA
# title: File system policies name who may mount, and what they may do
# description: >-
#   A statement for everybody lets in any client that reaches a mount target; one for every action lets a
#   client that should read change the policy or delete the file system.
# related_resources:
#   - https://docs.aws.amazon.com/efs/latest/ug/iam-access-control-nfs-efs.html
#   - https://docs.aws.amazon.com/efs/latest/ug/access-control-block-public-access.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_efs_file_system
#   weighs: [policy]
#   aspects: [ID-3.d, ID-9.a]
#   remedy: name the principals and the Client actions they need, or add a condition on elasticfilesystem:AccessPointArn
policy_wildcard contains f if {
	some fs in document.carriers("aws_efs_file_system", "policy")
	some f in (audience.public_findings(fs, "policy", "the file system policy") | document.wildcard_findings(fs, "policy", "the file system policy", "elasticfilesystem"))
}

# METADATA
# title: File system policies refuse clients without TLS
# description: >-
#   NFS crosses the network in clear unless the client mounts with TLS. A Deny statement for
#   aws:SecureTransport false leaves it no choice.
# related_resources:
#   - https://docs.aws.amazon.com/efs/latest/ug/encryption-in-transit.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_efs_file_system
#   weighs: [policy]
#   aspects: [TR-3.b]
#   remedy: 'add a policy statement: Deny, principal *, action *, when aws:SecureTransport is false'
secure_transport contains finding.at(fs, "policy", "the file system policy admits clients that do not use TLS") if {
	some fs in document.carriers("aws_efs_file_system", "policy")
	tls.without_demand(fs.values.policy, "elasticfilesystem:ClientMount")
	document.wholly_listed(fs, "policy")
}

secure_transport contains finding.inconclusive(fs, "policy", "it is unknown whether the file system policy demands TLS") if {
	some fs in document.carriers("aws_efs_file_system", "policy")
	tls.demand_unknown(fs, "policy", "elasticfilesystem:ClientMount")
}

# Without a policy a file system asks nothing of its clients.
secure_transport_applies contains fs.id if some fs in document.carriers("aws_efs_file_system", "policy")

# METADATA
# title: Access points lead to a directory of their own
# description: >-
#   An access point whose root is / shows its clients the whole file system, other applications' files
#   included.
# related_resources:
#   - https://docs.aws.amazon.com/efs/latest/ug/enforce-root-directory-access-point.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_efs_access_point
#   reads: [root_directory.path]
#   aspects: [ID-13.b]
#   remedy: 'set root_directory { path = "/name" } / RootDirectory: {Path: /name}'
access_point_root_directory contains finding.at(point, "root_directory.path", "the access point shows its clients the whole file system") if {
	some point in resource.all("aws_efs_access_point")
	value.is(point, "root_directory.path", "/")
}

access_point_root_directory contains finding.at(point, "", "the access point shows its clients the whole file system") if {
	some point in resource.all("aws_efs_access_point")
	value.none(point, "root_directory")
}

# METADATA
# title: Access points decide as whom their clients act
# description: >-
#   Without a POSIX user the access point believes whatever user id the client claims, root's included.
# related_resources:
#   - https://docs.aws.amazon.com/efs/latest/ug/enforce-identity-access-points.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_efs_access_point
#   weighs: [posix_user]
#   aspects: [ID-13.b]
#   remedy: 'set posix_user / PosixUser with a uid and a gid'
access_point_user contains finding.at(point, "posix_user", "the access point believes whatever user id its clients claim") if {
	some point in resource.all("aws_efs_access_point")
	value.none(point, "posix_user")
}

# A user whose numbers are unknown is one.
access_point_user contains finding.inconclusive(point, "posix_user", "it is unknown whether the access point sets a user") if {
	some point in resource.all("aws_efs_access_point")
	value.hidden(point, "posix_user")
}
