# The data catalogue and the jobs of Glue.
package demarc.glue

import data.demarc.lib.finding
import data.demarc.lib.resource
import data.demarc.lib.value

# METADATA
# title: The data catalogue is encrypted
# description: >-
#   The catalogue describes all data of the account, and holds the passwords of connections to databases.
# related_resources:
#   - https://docs.aws.amazon.com/glue/latest/dg/encrypt-glue-data-catalog.html
# custom:
#   severity: high
#   profile: default
#   subject: aws_glue_data_catalog_encryption_settings
#   reads: [catalog_encryption_mode, return_connection_password_encrypted]
#   aspects: [DP-10.b]
#   remedy: 'set catalog_encryption_mode = "SSE-KMS" and return_connection_password_encrypted = true'
catalog_encryption contains finding.at(settings, "catalog_encryption_mode", "the catalogue is kept in clear") if {
	some settings in resource.all("aws_glue_data_catalog_encryption_settings")
	value.is(settings, "catalog_encryption_mode", "DISABLED")
}

catalog_encryption contains finding.at(settings, "return_connection_password_encrypted", "passwords of connections are kept in clear") if {
	some settings in resource.all("aws_glue_data_catalog_encryption_settings")
	value.is(settings, "return_connection_password_encrypted", false)
}

# METADATA
# title: Jobs of Glue run on a version that is supported
# description: >-
#   A version past its date gets no security patches, and brings a Spark and a Python that get none either.
# related_resources:
#   - https://docs.aws.amazon.com/glue/latest/dg/glue-version-support-policy.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_glue_job
#   reads: [glue_version]
#   aspects: [OS-3.f]
#   remedy: 'set glue_version = "5.0" / GlueVersion: "5.0"'
job_version contains finding.at(job, "glue_version", message) if {
	some job in resource.all("aws_glue_job")
	value.matches(job, "glue_version", `^[012](\.[0-9])?$`)
	message := sprintf("AWS no longer supports Glue %s", [job.values.glue_version])
}

# METADATA
# title: Jobs of Glue run under a security configuration
# description: >-
#   Without one a job writes logs and bookmarks as the service likes, with keys of AWS's.
# related_resources:
#   - https://docs.aws.amazon.com/glue/latest/dg/encryption-security-configuration.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_glue_job
#   presence: [security_configuration]
#   aspects: [DP-10.b]
#   remedy: set security_configuration / SecurityConfiguration
security_config_attached contains finding.at(job, "security_configuration", "the job runs under no security configuration") if {
	some job in resource.all("aws_glue_job")
	value.none(job, "security_configuration")
}
