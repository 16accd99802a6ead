# Jobs and what their containers may do.
package demarc.batch

import data.demarc.lib.finding
import data.demarc.lib.resource
import data.demarc.lib.secret
import data.demarc.lib.value

# METADATA
# title: Jobs do not run privileged
# description: >-
#   A privileged container has every capability and device of its host: who breaks out of the job owns the
#   instance.
# related_resources:
#   - https://docs.aws.amazon.com/batch/latest/userguide/security-best-practices.html
# custom:
#   severity: high
#   profile: default
#   subject: aws_batch_job_definition
#   reads: [container_properties.privileged]
#   aspects: [OS-7.a]
#   remedy: remove privileged from the container properties
privileged_job contains finding.at(job, "container_properties.privileged", "the job runs privileged") if {
	some job in resource.all("aws_batch_job_definition")
	value.is(job, "container_properties.privileged", true)
}

# METADATA
# title: Jobs have no public addresses
# description: >-
#   A job with a public address stands on the internet behind nothing but its security groups.
# related_resources:
#   - https://docs.aws.amazon.com/batch/latest/userguide/fargate.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_batch_job_definition
#   reads: [container_properties.assign_public_ip]
#   aspects: [NW-1.b]
#   remedy: set assignPublicIp to DISABLED, and give the subnet a NAT gateway or endpoints
public_ip contains finding.at(job, "container_properties.assign_public_ip", "the job gets a public address") if {
	some job in resource.all("aws_batch_job_definition")
	value.is(job, "container_properties.assign_public_ip", "ENABLED")
}

# METADATA
# title: Environments of jobs hold no secrets
# description: >-
#   Variables of a job are shown in the console and kept in every revision and in the state file. A secret
#   belongs into Secrets Manager; the job names it under secrets.
# related_resources:
#   - https://docs.aws.amazon.com/batch/latest/userguide/specifying-sensitive-data.html
# custom:
#   severity: critical
#   profile: default
#   subject: aws_batch_job_definition
#   weighs: [container_properties.environment.value]
#   aspects: [OS-2.b]
#   secret: true
#   remedy: name the secret under secrets with valueFrom, and remove it from environment
plaintext_secrets contains finding.tagged(job, value.path(entry, "value"), message, entry.name) if {
	some job in resource.all("aws_batch_job_definition")
	some entry in job.values.container_properties.environment
	some kind in secret.in_variable(entry.name, entry.value)
	message := sprintf("the variable %s holds %s", [entry.name, kind])
}
