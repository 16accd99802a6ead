# Managed file servers.
package demarc.fsx

import data.demarc.lib.resource
import data.demarc.lib.secret

# METADATA
# title: Passwords of file servers are not written in the source
# description: >-
#   The password of an administrator, or of the account that joins a directory, is known to everyone who
#   can read the repository, the plan or the state.
# related_resources:
#   - https://docs.aws.amazon.com/fsx/latest/WindowsGuide/self-managed-AD-best-practices.html
#   - https://docs.aws.amazon.com/fsx/latest/ONTAPGuide/managing-resources-ontap-apps.html
# custom:
#   severity: high
#   profile: default
#   subject: [aws_fsx_windows_file_system, aws_fsx_ontap_file_system, aws_fsx_ontap_storage_virtual_machine]
#   weighs: [self_managed_active_directory.password, fsx_admin_password, svm_admin_password, active_directory_configuration.self_managed_active_directory_configuration.password]
#   aspects: [ID-14.c]
#   secret: true
#   remedy: 'read the password from Secrets Manager ({{resolve:secretsmanager:...}} in CloudFormation), or give it at deployment'
literal_password contains f if {
	some type, paths in passwords
	some fs in resource.all(type)
	some f in secret.written(fs, paths, "the password")
}

passwords := {
	"aws_fsx_windows_file_system": ["self_managed_active_directory.password"],
	"aws_fsx_ontap_file_system": ["fsx_admin_password"],
	"aws_fsx_ontap_storage_virtual_machine": ["svm_admin_password", "active_directory_configuration.self_managed_active_directory_configuration.password"],
}
