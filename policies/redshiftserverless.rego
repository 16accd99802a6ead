# Data warehouses without servers.
package demarc.redshiftserverless

import data.demarc.lib.database
import data.demarc.lib.finding
import data.demarc.lib.parameter
import data.demarc.lib.resource
import data.demarc.lib.secret
import data.demarc.lib.value

# METADATA
# title: Namespace passwords are not written in the source
# description: >-
#   A literal password is known to everyone who can read the repository, the plan or the state. Redshift
#   can make and rotate one in Secrets Manager.
# related_resources:
#   - https://docs.aws.amazon.com/redshift/latest/mgmt/redshift-secrets-manager-integration.html
# custom:
#   severity: high
#   profile: default
#   subject: aws_redshiftserverless_namespace
#   weighs: [admin_user_password, admin_user_password_wo]
#   aspects: [ID-14.c]
#   secret: true
#   remedy: 'set manage_admin_password = true / ManageAdminPassword: true and remove the password'
literal_password contains f if {
	some namespace in resource.all("aws_redshiftserverless_namespace")
	some f in secret.written(namespace, ["admin_user_password", "admin_user_password_wo"], "the administrator's password")
}

# METADATA
# title: Workgroups are not publicly accessible
# description: >-
#   A publicly accessible workgroup has a public address: only its security group and its password stand
#   between it and the internet.
# related_resources:
#   - https://docs.aws.amazon.com/redshift/latest/mgmt/serverless-connecting.html
# custom:
#   severity: high
#   profile: default
#   subject: aws_redshiftserverless_workgroup
#   reads: [publicly_accessible]
#   aspects: [NW-2.b]
#   remedy: 'set publicly_accessible = false / PubliclyAccessible: false'
public_access contains f if some f in database.public(["aws_redshiftserverless_workgroup"], "the workgroup")

# METADATA
# title: Workgroups demand TLS
# description: >-
#   A workgroup refuses clients in clear unless require_ssl is switched off; queries and passwords then
#   cross the network in clear.
# related_resources:
#   - https://docs.aws.amazon.com/redshift/latest/mgmt/serverless-connecting.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_redshiftserverless_workgroup
#   weighs: [config_parameter, config_parameter.parameter_key, config_parameter.parameter_value]
#   aspects: [TR-4.a]
#   remedy: set the parameter require_ssl to true, or remove it
require_tls contains finding.at(workgroup, value.path(parameter, "parameter_value"), "require_ssl is off, so clients may connect in clear") if {
	some workgroup in resource.all("aws_redshiftserverless_workgroup")
	some parameter in workgroup.values.config_parameter
	parameter.parameter_key == "require_ssl"
	value.is(parameter, "parameter_value", "false")
}

require_tls contains finding.inconclusive(workgroup, value.path(parameter, undecided), "it is unknown whether require_ssl is on") if {
	some workgroup in resource.all("aws_redshiftserverless_workgroup")
	some parameter in workgroup.values.config_parameter
	value.may_be(parameter, "parameter_key", "require_ssl")
	value.may_be(parameter, "parameter_value", "false")
	some undecided in ["parameter_key", "parameter_value"]
	value.unsettled(parameter, undecided)
}

require_tls contains finding.inconclusive(workgroup, "config_parameter", "it is unknown whether require_ssl is on") if {
	some workgroup in resource.all("aws_redshiftserverless_workgroup")
	value.hidden(workgroup, "config_parameter")
}
