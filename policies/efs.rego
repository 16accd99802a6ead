# File systems.
package demarc.efs

import data.demarc.lib.finding
import data.demarc.lib.resource

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
#   controls: [DP-10]
#   aliases: {checkov: [CKV_AWS_42], trivy: [AWS-0037, aws-efs-enable-at-rest-encryption, AVD-AWS-0037], kics: [2ff8e83c-90e1-4d68-a300-6d652112e622, 48207659-729f-4b5c-9402-f884257d794f]}
#   remedy: 'set encrypted = true / Encrypted: true'
encryption contains finding.at(fs, "encrypted", "the file system is not encrypted") if {
	some fs in resource.all("aws_efs_file_system")
	fs.values.encrypted == false
}
