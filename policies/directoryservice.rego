# Managed directories.
package demarc.directoryservice

import data.demarc.lib.resource
import data.demarc.lib.secret

# METADATA
# title: Directory administrators' passwords are not written in the source
# description: >-
#   Whoever reads the repository, or its history, is the administrator of the directory.
# related_resources:
#   - https://docs.aws.amazon.com/directoryservice/latest/admin-guide/ms_ad_best_practices.html
# custom:
#   severity: high
#   profile: default
#   subject: aws_directory_service_directory
#   weighs: [password]
#   secret: true
#   aspects: [ID-14.c]
#   remedy: 'take it from Secrets Manager, or from a variable that is marked sensitive'
password_literal contains f if {
	some directory in resource.all("aws_directory_service_directory")
	some f in secret.written(directory, ["password"], "the administrator's password")
}
