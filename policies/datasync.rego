# Locations that data is copied from and to.
package demarc.datasync

import data.demarc.lib.resource
import data.demarc.lib.secret

# METADATA
# title: Credentials of copied locations are not written in the source
# description: >-
#   A literal key, token or password is known to everyone who can read the repository, the plan or the
#   state.
# related_resources:
#   - https://docs.aws.amazon.com/datasync/latest/userguide/location-credentials.html
# custom:
#   severity: high
#   profile: default
#   subject: [aws_datasync_location_object_storage, aws_datasync_location_smb, aws_datasync_location_fsx_windows_file_system, aws_datasync_location_azure_blob, aws_datasync_location_fsx_ontap_file_system]
#   weighs: [secret_key, password, sas_configuration, protocol]
#   aspects: [OS-2.b]
#   secret: true
#   remedy: take it from a secret
literal_credentials contains f if {
	some type, path in credentials
	some location in resource.all(type)
	some f in secret.written(location, [path], "the location's secret")
}

credentials := {
	"aws_datasync_location_object_storage": "secret_key",
	"aws_datasync_location_smb": "password",
	"aws_datasync_location_fsx_windows_file_system": "password",
	"aws_datasync_location_azure_blob": "sas_configuration.token",
	"aws_datasync_location_fsx_ontap_file_system": "protocol.smb.password",
}
