# Disks, their snapshots, and the machine images made of them.
package demarc.ec2

import data.demarc.lib.finding
import data.demarc.lib.key
import data.demarc.lib.resource
import data.demarc.lib.value

# METADATA
# title: EBS volumes are encrypted
# description: >-
#   Encryption covers the volume, its snapshots and the traffic between instance and volume, at no cost
#   in speed. It cannot be switched on later for a volume in use. A volume made from a snapshot takes
#   the snapshot's encryption.
# related_resources:
#   - https://docs.aws.amazon.com/ebs/latest/userguide/ebs-encryption.html
# custom:
#   severity: high
#   profile: default
#   subject: aws_ebs_volume
#   reads: [encrypted]
#   weighs: [snapshot_id]
#   aspects: [DP-4.a]
#   remedy: 'set encrypted = true / Encrypted: true'
ebs_volume_encryption contains finding.at(volume, "encrypted", "the volume is not encrypted") if {
	some volume in resource.all("aws_ebs_volume")
	volume.values.encrypted == false
	value.none(volume, "snapshot_id")
}

ebs_volume_encryption contains finding.inconclusive(volume, "snapshot_id", "it is unknown whether the volume's snapshot, which decides, is encrypted") if {
	some volume in resource.all("aws_ebs_volume")
	volume.values.encrypted == false
	made_from_snapshot(volume)
}

made_from_snapshot(disk) if is_string(disk.values.snapshot_id)

made_from_snapshot(disk) if value.unsettled(disk, "snapshot_id")

ebs_volume_encryption_applies contains volume.id if {
	some volume in resource.all("aws_ebs_volume")
	left_in_clear(volume)
}

# left_in_clear: the account does not encrypt every new disk.
left_in_clear(r) if resource.without_default(r, "aws_ebs_encryption_by_default", "enabled", true)

# METADATA
# title: Disks of instances are encrypted
# description: >-
#   The disks an instance or a launch template writes down are encrypted only if it says so, or if the
#   account encrypts by default. A disk made from a snapshot takes the snapshot's encryption.
# related_resources:
#   - https://docs.aws.amazon.com/ebs/latest/userguide/ebs-encryption.html
# custom:
#   severity: high
#   profile: default
#   subject: [aws_instance, aws_launch_template, aws_launch_configuration]
#   reads: [root_block_device.encrypted, ebs_block_device.encrypted, block_device_mappings.encrypted]
#   weighs: [launch_template, ebs_block_device.snapshot_id, block_device_mappings.snapshot_id]
#   aspects: [DP-4.a]
#   remedy: 'set encrypted = true in each block device / Ebs.Encrypted: true'
instance_volume_encryption contains finding.tagged(r, value.path(device, "encrypted"), "the disk is not encrypted", kind) if {
	some r in launched
	some kind in ["root_block_device", "ebs_block_device", "block_device_mappings"]
	some device in r.values[kind]
	device.encrypted == false
	value.none(device, "snapshot_id")
}

# The root disk that nobody writes is the one of the image.
instance_volume_encryption contains finding.tagged(r, "root_block_device", "the root disk is not encrypted, unless the image's is", "root_block_device") if {
	some r in resource.all("aws_instance")
	r.id in own_options
	resource.lacks_all(r, ["root_block_device", "ebs_block_device"])
}

instance_volume_encryption contains finding.inconclusive(r, value.path(device, "snapshot_id"), "it is unknown whether the disk is made from a snapshot, which then decides") if {
	some r in launched
	some kind in ["root_block_device", "ebs_block_device", "block_device_mappings"]
	resource.may_lack(r, concat(".", [kind, "snapshot_id"]))
	some device in r.values[kind]
	device.encrypted == false
	value.unsettled(device, "snapshot_id")
}

instance_volume_encryption_applies contains r.id if {
	some r in launched
	left_in_clear(r)
}

# METADATA
# title: Spot fleets encrypt the disks of their instances
# description: >-
#   A fleet that writes its launch specifications itself decides about their disks: what is not encrypted there
#   stays readable in every snapshot. A fleet with a launch template takes the template's disks.
# related_resources:
#   - https://docs.aws.amazon.com/ebs/latest/userguide/ebs-encryption.html
# custom:
#   severity: high
#   profile: default
#   subject: aws_spot_fleet_request
#   reads: [root_block_device.encrypted, ebs_block_device.encrypted]
#   weighs: [ebs_block_device.snapshot_id]
#   aspects: [DP-4.a]
#   remedy: 'set encrypted = true in each block device / Ebs.Encrypted: true'
spot_fleet_volume_encryption contains finding.tagged(fleet, value.path(device, "encrypted"), "a disk of the fleet's instances is not encrypted", kind) if {
	some fleet in resource.all("aws_spot_fleet_request")
	some kind in ["root_block_device", "ebs_block_device"]
	some device in fleet.values[kind]
	unencrypted(device)
}

spot_fleet_volume_encryption contains finding.inconclusive(fleet, value.path(device, "snapshot_id"), "it is unknown whether the disk is made from a snapshot, which then decides") if {
	some fleet in resource.all("aws_spot_fleet_request")
	resource.may_lack(fleet, "ebs_block_device.snapshot_id")
	some device in fleet.values.ebs_block_device
	device.encrypted == false
	value.unsettled(device, "snapshot_id")
}

unencrypted(device) if {
	device.encrypted == false
	value.none(device, "snapshot_id")
}

# METADATA
# title: A key of the customer's own encrypts EBS volumes
# description: >-
#   A key of the customer's own has a policy, can be disabled, and its use stands in CloudTrail. AWS's own key
#   serves everybody in the account.
# related_resources:
#   - https://docs.aws.amazon.com/ebs/latest/userguide/how-ebs-encryption-works.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_ebs_volume
#   when: [encrypted]
#   weighs: [kms_key_id]
#   pedantic: [DP-4.a]
#   remedy: set kms_key_id / KmsKeyId to a key of your own
ebs_volume_cmk contains f if {
	some volume in resource.all("aws_ebs_volume")
	some f in key.foreign(volume, "kms_key_id", "this volume")
}

ebs_volume_cmk_applies contains volume.id if {
	some volume in resource.all("aws_ebs_volume")
	volume.values.encrypted == true
}

# METADATA
# title: New volumes are encrypted by default
# description: >-
#   With the account's default switched on, no volume and no snapshot copy can be made unencrypted by mistake.
# related_resources:
#   - https://docs.aws.amazon.com/ebs/latest/userguide/encryption-by-default.html
# custom:
#   severity: high
#   profile: default
#   subject: aws_ebs_encryption_by_default
#   reads: [enabled]
#   aspects: [DP-4.c]
#   remedy: set enabled = true
ebs_default_encryption contains finding.at(setting, "enabled", "encryption of new volumes by default is switched off") if {
	some setting in resource.all("aws_ebs_encryption_by_default")
	setting.values.enabled == false
}

# METADATA
# title: Copies and imports of snapshots are encrypted
# description: >-
#   A copy of a snapshot that is not encrypted is encrypted only if it says so, or if the account does by default.
# related_resources:
#   - https://docs.aws.amazon.com/ebs/latest/userguide/ebs-copy-snapshot.html
# custom:
#   severity: high
#   profile: default
#   subject: [aws_ebs_snapshot_copy, aws_ebs_snapshot_import]
#   reads: [encrypted]
#   weighs: [source_snapshot_id]
#   aspects: [DP-4.c]
#   remedy: set encrypted = true
ebs_snapshot_encryption contains finding.at(snapshot, "encrypted", "the copy is not encrypted unless its source is") if {
	some snapshot in resource.all("aws_ebs_snapshot_copy")
	snapshot.values.encrypted == false
	source(snapshot) == "not known to be encrypted"
}

ebs_snapshot_encryption contains finding.inconclusive(snapshot, "source_snapshot_id", "it is unknown whether the copied snapshot is encrypted, and the copy with it") if {
	some snapshot in resource.all("aws_ebs_snapshot_copy")
	snapshot.values.encrypted == false
	source(snapshot) == "unknown"
}

ebs_snapshot_encryption contains finding.at(snapshot, "encrypted", "the imported snapshot is not encrypted") if {
	some snapshot in resource.all("aws_ebs_snapshot_import")
	snapshot.values.encrypted == false
}

# A copy of an encrypted snapshot is encrypted, and a snapshot of an encrypted volume too.
source(copy) := "encrypted" if {
	some snapshot in resource.targets(copy, "source_snapshot_id", "aws_ebs_snapshot")
	some volume in resource.targets(snapshot, "volume_id", "aws_ebs_volume")
	value.is(volume, "encrypted", true)
} else := "unknown" if {
	some snapshot in resource.targets(copy, "source_snapshot_id", "aws_ebs_snapshot")
	some volume in resource.targets(snapshot, "volume_id", "aws_ebs_volume")
	value.unsettled(volume, "encrypted")
} else := "unknown" if {
	some snapshot in resource.targets(copy, "source_snapshot_id", "aws_ebs_snapshot")
	resource.may_lack(snapshot, "volume_id")
} else := "unknown" if {
	value.unsettled(copy, "source_snapshot_id")
	resource.may_lack(copy, "source_snapshot_id")
} else := "not known to be encrypted"

# METADATA
# title: A key of the customer's own encrypts copied snapshots
# description: >-
#   A copy often leaves the region, and its new key decides who reads it there.
# related_resources:
#   - https://docs.aws.amazon.com/ebs/latest/userguide/ebs-copy-snapshot.html
# custom:
#   severity: low
#   profile: extended
#   subject: [aws_ebs_snapshot_copy, aws_ebs_snapshot_import]
#   weighs: [kms_key_id]
#   pedantic: [DP-4.c]
#   remedy: set kms_key_id to a key of your own
ebs_snapshot_copy_cmk contains f if {
	some type in ["aws_ebs_snapshot_copy", "aws_ebs_snapshot_import"]
	some snapshot in resource.all(type)
	some f in key.foreign(snapshot, "kms_key_id", "this snapshot")
}

# METADATA
# title: Snapshots of volumes cannot be made public
# description: >-
#   A public snapshot hands a whole disk to everybody with an AWS account. The account's block refuses it, whatever
#   a single snapshot says.
# related_resources:
#   - https://docs.aws.amazon.com/ebs/latest/userguide/block-public-access-snapshots.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_ebs_snapshot_block_public_access
#   reads: [state]
#   aspects: [DP-4.b]
#   remedy: 'set state = "block-all-sharing" / State: block-all-sharing'
snapshot_block_public_access contains finding.at(setting, "state", "snapshots of volumes may be made public") if {
	some setting in resource.all("aws_ebs_snapshot_block_public_access")
	setting.values.state == "unblocked"
}
