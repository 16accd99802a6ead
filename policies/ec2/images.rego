# Machine images: whose they are, who gets them, what is in them.
package demarc.ec2

import data.demarc.lib.finding
import data.demarc.lib.key
import data.demarc.lib.resource
import data.demarc.lib.value

# METADATA
# title: Look-ups of machine images name their owners
# description: >-
#   Anybody can publish an image under any name. A look-up that names no owner takes the newest that matches, which
#   may be a stranger's.
# related_resources:
#   - https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/sharing-amis.html
# custom:
#   severity: high
#   profile: default
#   subject: data.aws_ami
#   presence: [owners]
#   weighs: [filter, filter.name]
#   aspects: [OS-1.a]
#   remedy: 'set owners = ["amazon"], or the account id of the publisher'
ami_owners contains finding.at(lookup, "owners", "no owner is named, so anybody's image may be found") if {
	some lookup in resource.all("data.aws_ami")
	value.none(lookup, "owners")
	value.lacks_block(lookup, "filter", {"name": "owner-id"})
	value.lacks_block(lookup, "filter", {"name": "owner-alias"})
	value.lacks_block(lookup, "filter", {"name": "image-id"})
}

ami_owners contains finding.inconclusive(lookup, value.path(filter, "name"), "it is unknown whether a filter names the image's owner") if {
	some lookup in resource.all("data.aws_ami")
	value.none(lookup, "owners")
	some filter in lookup.values.filter
	value.unsettled(filter, "name")
}

ami_owners contains finding.inconclusive(lookup, "filter", "it is unknown whether a filter names the image's owner") if {
	some lookup in resource.all("data.aws_ami")
	value.none(lookup, "owners")
	value.hidden(lookup, "filter")
}

# METADATA
# title: Machine images are not public
# description: >-
#   An image that is shared with all can be started, and its disks read, by everybody with an AWS account.
# related_resources:
#   - https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/sharingamis-intro.html
# custom:
#   severity: critical
#   profile: default
#   subject: aws_ami_launch_permission
#   reads: [group]
#   aspects: [OS-1.b]
#   only_breaks: [OS-1.b]
#   remedy: share the image with account_id or organization_arn
ami_public contains finding.at(permission, "group", "everybody with an AWS account may start the image") if {
	some permission in resource.all("aws_ami_launch_permission")
	permission.values.group == "all"
}

# METADATA
# title: Machine images stay in their account
# description: >-
#   Each further account that may start an image has all that is on its disks, and keeps its copies.
# related_resources:
#   - https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/sharingamis-explicit.html
# custom:
#   severity: medium
#   profile: extended
#   subject: aws_ami_launch_permission
#   when: [group]
#   reads: [group]
#   pedantic: [OS-1.b]
#   remedy: copy the image into the account that needs it, or accept the share by name
ami_launch_permission contains finding.at(permission, "", "the image is shared with another account") if {
	some permission in resource.all("aws_ami_launch_permission")
	value.none(permission, "group")
}

# METADATA
# title: The account refuses public machine images
# description: >-
#   With the block no image of the account can be shared with all, whatever its own permissions say.
# related_resources:
#   - https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/block-public-access-to-amis.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_ec2_image_block_public_access
#   reads: [state]
#   aspects: [OS-1.b]
#   remedy: set state = "block-new-sharing"
image_block_public_access contains finding.at(setting, "state", "machine images may be made public") if {
	some setting in resource.all("aws_ec2_image_block_public_access")
	setting.values.state == "unblocked"
}

# METADATA
# title: Disks of machine images are encrypted
# description: >-
#   Whatever starts from the image inherits its disks, and whoever gets hold of the image's snapshots reads them.
# related_resources:
#   - https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/AMIEncryption.html
# custom:
#   severity: medium
#   profile: default
#   subject: [aws_ami, aws_ami_copy]
#   reads: [encrypted, ebs_block_device.encrypted]
#   weighs: [ebs_block_device.snapshot_id]
#   aspects: [DP-4.c]
#   remedy: set encrypted = true
ami_encryption contains finding.tagged(ami, value.path(device, "encrypted"), "a disk of the image is not encrypted", "disk") if {
	some ami in resource.all("aws_ami")
	some device in ami.values.ebs_block_device
	unencrypted(device)
}

ami_encryption contains finding.inconclusive(ami, value.path(device, "snapshot_id"), "it is unknown whether the disk is made from a snapshot, which then decides") if {
	some ami in resource.all("aws_ami")
	resource.may_lack(ami, "ebs_block_device.snapshot_id")
	some device in ami.values.ebs_block_device
	device.encrypted == false
	value.unsettled(device, "snapshot_id")
}

ami_encryption contains finding.at(ami, "encrypted", "the copy is not encrypted unless its source is") if {
	some ami in resource.all("aws_ami_copy")
	ami.values.encrypted == false
}

# METADATA
# title: A key of the customer's own encrypts copied machine images
# description: >-
#   A copy is encrypted anew, and its key decides who can start it.
# related_resources:
#   - https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/CopyingAMIs.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_ami_copy
#   weighs: [kms_key_id]
#   pedantic: [DP-4.c]
#   remedy: set kms_key_id to a key of your own
ami_copy_cmk contains f if {
	some ami in resource.all("aws_ami_copy")
	some f in key.foreign(ami, "kms_key_id", "this image")
}

# METADATA
# title: Machine images are of the HVM kind
# description: >-
#   Paravirtual images start on old instance types only, which have none of the newer hardware's protections. The
#   provider makes one unless told otherwise.
# related_resources:
#   - https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/virtualization_types.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_ami
#   reads: [virtualization_type]
#   pedantic: [OS-3.f]
#   remedy: set virtualization_type = "hvm"
paravirtual_image contains finding.at(ami, "virtualization_type", "the image is paravirtual") if {
	some ami in resource.all("aws_ami")
	ami.values.virtualization_type == "paravirtual"
}
