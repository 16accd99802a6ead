# Gateways between file servers and S3.
package demarc.storagegateway

import data.demarc.lib.finding
import data.demarc.lib.resource
import data.demarc.lib.secret
import data.demarc.lib.value

# METADATA
# title: Storage gateway passwords are not written in the source
# description: >-
#   A literal password is known to everyone who can read the repository, the plan or the state.
# related_resources:
#   - https://docs.aws.amazon.com/filegateway/latest/files3/enable-ad-settings.html
# custom:
#   severity: high
#   profile: default
#   subject: [aws_storagegateway_gateway, aws_storagegateway_file_system_association]
#   weighs: [smb_guest_password, smb_active_directory_settings, password]
#   aspects: [ID-14.c]
#   secret: true
#   remedy: take it from a secret
literal_password contains f if {
	some gateway in resource.all("aws_storagegateway_gateway")
	some f in secret.written(gateway, ["smb_guest_password", "smb_active_directory_settings.password"], "the gateway's password")
}

literal_password contains f if {
	some association in resource.all("aws_storagegateway_file_system_association")
	some f in secret.written(association, ["password"], "the file system's password")
}

# METADATA
# title: NFS shares are limited to known clients
# description: >-
#   NFS asks for no password: who may mount a share is decided by its list of clients alone.
# related_resources:
#   - https://docs.aws.amazon.com/filegateway/latest/files3/edit-nfs-client.html
# custom:
#   severity: high
#   profile: default
#   subject: aws_storagegateway_nfs_file_share
#   reads: [client_list]
#   aspects: [NW-5.a]
#   remedy: list the addresses of the clients in client_list
nfs_open_clients contains finding.at(share, "client_list", sprintf("anybody who reaches the gateway may mount the share: %s", [range])) if {
	some share in resource.all("aws_storagegateway_nfs_file_share")
	some range in ["0.0.0.0/0", "::/0"]
	value.has(share, "client_list", range)
}

# METADATA
# title: SMB shares ask users who they are
# description: >-
#   With GuestAccess one password, known to all, opens the share, and nobody can tell who did what.
# related_resources:
#   - https://docs.aws.amazon.com/filegateway/latest/files3/CreatingAnSMBFileShare.html
# custom:
#   severity: high
#   profile: default
#   subject: aws_storagegateway_smb_file_share
#   reads: [authentication]
#   aspects: [ID-13.a]
#   remedy: set authentication = "ActiveDirectory"
smb_guest_access contains finding.at(share, "authentication", "every guest shares one password") if {
	some share in resource.all("aws_storagegateway_smb_file_share")
	value.is(share, "authentication", "GuestAccess")
}
