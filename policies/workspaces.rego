# Desktops of users.
package demarc.workspaces

import data.demarc.lib.finding
import data.demarc.lib.resource
import data.demarc.lib.value

# METADATA
# title: The root volume of a desktop is encrypted
# description: >-
#   What a user keeps on the desktop, its caches and its snapshots stay readable otherwise. It cannot be switched on
#   later.
# related_resources:
#   - https://docs.aws.amazon.com/workspaces/latest/adminguide/encrypt-workspaces.html
# custom:
#   severity: high
#   profile: default
#   subject: aws_workspaces_workspace
#   reads: [root_volume_encryption_enabled]
#   aspects: [DP-4.a]
#   remedy: 'set root_volume_encryption_enabled = true with volume_encryption_key / RootVolumeEncryptionEnabled: true'
root_volume_encryption contains finding.at(r, "root_volume_encryption_enabled", "the root volume is not encrypted") if {
	some r in resource.all("aws_workspaces_workspace")
	value.is(r, "root_volume_encryption_enabled", false)
}

# METADATA
# title: The user volume of a desktop is encrypted
# description: >-
#   What a user keeps on the desktop, its caches and its snapshots stay readable otherwise. It cannot be switched on
#   later.
# related_resources:
#   - https://docs.aws.amazon.com/workspaces/latest/adminguide/encrypt-workspaces.html
# custom:
#   severity: high
#   profile: default
#   subject: aws_workspaces_workspace
#   reads: [user_volume_encryption_enabled]
#   aspects: [DP-4.a]
#   remedy: 'set user_volume_encryption_enabled = true with volume_encryption_key / UserVolumeEncryptionEnabled: true'
user_volume_encryption contains finding.at(r, "user_volume_encryption_enabled", "the user volume is not encrypted") if {
	some r in resource.all("aws_workspaces_workspace")
	value.is(r, "user_volume_encryption_enabled", false)
}

# METADATA
# title: Desktop users are no administrators of their desktops
# description: >-
#   An administrator installs what he likes, and malware does too.
# related_resources:
#   - https://docs.aws.amazon.com/workspaces/latest/adminguide/manage-workspaces-directory.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_workspaces_directory
#   reads: [workspace_creation_properties.user_enabled_as_local_administrator]
#   pedantic: [OS-4.d]
#   remedy: 'set user_enabled_as_local_administrator = false'
local_admin contains finding.at(r, "workspace_creation_properties.user_enabled_as_local_administrator", "users administer their desktops") if {
	some r in resource.all("aws_workspaces_directory")
	value.is(r, "workspace_creation_properties.user_enabled_as_local_administrator", true)
}
