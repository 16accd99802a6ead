# Projects that build, and what they are given.
package demarc.codebuild

import data.demarc.lib.finding
import data.demarc.lib.key
import data.demarc.lib.resource
import data.demarc.lib.secret
import data.demarc.lib.value

projects := resource.all("aws_codebuild_project")

# METADATA
# title: Variables of builds hold no secrets
# description: >-
#   A plain variable is shown in the console and in the log of every build, and kept in the state file. A secret
#   belongs into Secrets Manager or Parameter Store; the variable then only names it.
# related_resources:
#   - https://docs.aws.amazon.com/codebuild/latest/userguide/change-project.html
# custom:
#   severity: critical
#   profile: default
#   subject: aws_codebuild_project
#   weighs: [environment.environment_variable.value]
#   aspects: [ID-7.b, OS-2.b]
#   only_breaks: [ID-7.b]
#   secret: true
#   remedy: 'set type = "SECRETS_MANAGER" / Type: SECRETS_MANAGER, and name the secret as the value'
env_plaintext_secret contains finding.tagged(project, value.path(variable, "value"), message, variable.name) if {
	some project in projects
	some variable in project.values.environment.environment_variable
	variable.type == "PLAINTEXT"
	some kind in secret.in_variable(variable.name, variable.value)
	message := sprintf("the variable %s holds %s", [variable.name, kind])
}

# METADATA
# title: Credentials for sources are not written in the source
# description: >-
#   A token in an address or in a credential is known to everybody who can read the repository, the plan or the
#   state, and opens all that it opens.
# related_resources:
#   - https://docs.aws.amazon.com/codebuild/latest/userguide/access-tokens.html
# custom:
#   severity: critical
#   profile: default
#   subject: [aws_codebuild_project, aws_codebuild_source_credential]
#   weighs: [token, source.location, secondary_sources.location]
#   aspects: [OS-2.b]
#   secret: true
#   remedy: use a connection of CodeConnections, or name a secret of Secrets Manager
source_credentials contains finding.at(credential, "token", "the token is written in the source") if {
	some credential in resource.all("aws_codebuild_source_credential")
	some _ in secret.written(credential, ["token"], "the token")
	value.outside(credential, "auth_type", {"CODECONNECTIONS", "SECRETS_MANAGER"})
}

source_credentials contains finding.at(project, "source.location", "the address of the source holds a password or a token") if {
	some project in projects
	value.matches(project, "source.location", with_password)
}

source_credentials contains finding.at(project, value.path(source, "location"), "the address of a source holds a password or a token") if {
	some project in projects
	some source in project.values.secondary_sources
	value.matches(source, "location", with_password)
}

# A user and a password, or a token in their place, before the host.
with_password := `^https?://([^/@:]*:[^/@]+|[A-Za-z0-9_-]{20,})@`

# METADATA
# title: Artifacts of builds are encrypted
# description: >-
#   CodeBuild encrypts what it puts out unless it is told not to.
# related_resources:
#   - https://docs.aws.amazon.com/codebuild/latest/userguide/security-encryption.html
# custom:
#   severity: high
#   profile: default
#   subject: aws_codebuild_project
#   reads: [artifacts.encryption_disabled, secondary_artifacts.encryption_disabled]
#   aspects: [DP-10.b]
#   remedy: remove encryption_disabled / EncryptionDisabled
artifact_encryption contains finding.at(project, "artifacts.encryption_disabled", "what is built is kept in clear") if {
	some project in projects
	value.is(project, "artifacts.encryption_disabled", true)
}

artifact_encryption contains finding.at(project, value.path(other, "encryption_disabled"), "what is built is kept in clear") if {
	some project in projects
	some other in project.values.secondary_artifacts
	other.encryption_disabled == true
}

# METADATA
# title: Builds check the certificates of their sources
# description: >-
#   Without the check anybody between CodeBuild and the host may hand out sources of their own.
# related_resources:
#   - https://docs.aws.amazon.com/codebuild/latest/userguide/change-project.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_codebuild_project
#   reads: [source.insecure_ssl, secondary_sources.insecure_ssl]
#   aspects: [TR-8.a]
#   remedy: remove insecure_ssl / InsecureSsl
source_tls contains finding.at(project, "source.insecure_ssl", "the certificate of the source is not checked") if {
	some project in projects
	value.is(project, "source.insecure_ssl", true)
}

source_tls contains finding.at(project, value.path(other, "insecure_ssl"), "the certificate of the source is not checked") if {
	some project in projects
	some other in project.values.secondary_sources
	other.insecure_ssl == true
}

# METADATA
# title: Results of builds are not public
# description: >-
#   A public project shows logs and artifacts of every build to anybody on the internet.
# related_resources:
#   - https://docs.aws.amazon.com/codebuild/latest/userguide/public-builds.html
# custom:
#   severity: high
#   profile: default
#   subject: aws_codebuild_project
#   reads: [project_visibility]
#   aspects: [ID-9.c]
#   remedy: 'set project_visibility = "PRIVATE" / Visibility: PRIVATE'
public_project contains finding.at(project, "project_visibility", "anybody may read logs and artifacts of the builds") if {
	some project in resource.all("aws_codebuild_project")
	value.is(project, "project_visibility", "PUBLIC_READ")
}

# METADATA
# title: Builds do not run privileged
# description: >-
#   A privileged build controls its host. Only builds that start containers of their own need it.
# related_resources:
#   - https://docs.aws.amazon.com/codebuild/latest/userguide/security-best-practices.html
# custom:
#   severity: medium
#   profile: extended
#   subject: aws_codebuild_project
#   reads: [environment.privileged_mode]
#   aspects: [OS-7.a]
#   remedy: remove privileged_mode / PrivilegedMode
privileged_mode contains finding.at(project, "environment.privileged_mode", "the build runs privileged") if {
	some project in resource.all("aws_codebuild_project")
	value.is(project, "environment.privileged_mode", true)
}

# METADATA
# title: Builds keep their logs
# description: >-
#   With both logs switched off nobody can say afterwards what a build ran.
# related_resources:
#   - https://docs.aws.amazon.com/codebuild/latest/userguide/change-project.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_codebuild_project
#   reads: [logs_config.cloudwatch_logs.status, logs_config.s3_logs.status]
#   aspects: [DT-7.c]
#   remedy: 'set status = "ENABLED" in logs_config.cloudwatch_logs / LogsConfig.CloudWatchLogs'
logging contains finding.at(project, "logs_config.cloudwatch_logs.status", "the builds keep no logs") if {
	some project in projects
	value.is(project, "logs_config.cloudwatch_logs.status", "DISABLED")
	value.is(project, "logs_config.s3_logs.status", "DISABLED")
}

# METADATA
# title: Logs of builds in S3 are encrypted
# description: >-
#   CodeBuild encrypts the logs that it puts into a bucket unless it is told not to.
# related_resources:
#   - https://docs.aws.amazon.com/codebuild/latest/userguide/security-encryption.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_codebuild_project
#   reads: [logs_config.s3_logs.encryption_disabled]
#   pedantic: [DT-11.b]
#   remedy: remove encryption_disabled / EncryptionDisabled
s3_logs_encryption contains finding.at(project, "logs_config.s3_logs.encryption_disabled", "logs of builds are kept in clear") if {
	some project in resource.all("aws_codebuild_project")
	value.is(project, "logs_config.s3_logs.encryption_disabled", true)
}

# METADATA
# title: Artifacts are encrypted with a KMS key of the customer's own
# description: >-
#   Without a key of its own a project uses the one that AWS keeps for S3, which every principal of the account
#   may use through it.
# related_resources:
#   - https://docs.aws.amazon.com/codebuild/latest/userguide/security-encryption.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_codebuild_project
#   when: [artifacts.type]
#   weighs: [encryption_key]
#   pedantic: [DP-10.b]
#   remedy: set encryption_key / EncryptionKey to a key of your own
cmk contains f if {
	some project in projects
	some f in key.foreign(project, "encryption_key", "the artifacts")
}

cmk_applies contains project.id if {
	some project in projects
	value.outside(project, "artifacts.type", {"NO_ARTIFACTS"})
}

# METADATA
# title: Reports of tests are encrypted
# description: >-
#   CodeBuild encrypts the reports that it exports unless it is told not to.
# related_resources:
#   - https://docs.aws.amazon.com/codebuild/latest/userguide/test-report-group-create.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_codebuild_report_group
#   reads: [export_config.s3_destination.encryption_disabled]
#   aspects: [DP-10.b]
#   remedy: remove encryption_disabled / EncryptionDisabled
report_encryption contains finding.at(group, "export_config.s3_destination.encryption_disabled", "reports are exported in clear") if {
	some group in resource.all("aws_codebuild_report_group")
	value.is(group, "export_config.s3_destination.encryption_disabled", true)
}
