# Environments of Elastic Beanstalk.
package demarc.elasticbeanstalk

import data.demarc.lib.finding
import data.demarc.lib.resource
import data.demarc.lib.secret
import data.demarc.lib.value

environments := resource.all("aws_elastic_beanstalk_environment")

# METADATA
# title: Environments take updates of their platform by themselves
# description: >-
#   A platform that nobody updates keeps its known vulnerabilities.
# related_resources:
#   - https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/environment-platform-update-managed.html
# custom:
#   severity: medium
#   profile: extended
#   subject: aws_elastic_beanstalk_environment
#   reads: [setting]
#   aspects: [OS-3.f]
#   remedy: set ManagedActionsEnabled to true in aws:elasticbeanstalk:managedactions
managed_updates contains finding.at(environment, "setting", "updates of the platform wait for somebody") if {
	some environment in environments
	value.lacks_block(environment, "setting", {"namespace": "aws:elasticbeanstalk:managedactions", "name": "ManagedActionsEnabled", "value": "true"})
}

# METADATA
# title: Environments keep what they say of their health
# description: >-
#   The stream says which instance failed when, and why, after the instance is gone.
# related_resources:
#   - https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/AWSHowTo.cloudwatchlogs.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_elastic_beanstalk_environment
#   reads: [setting]
#   pedantic: [DT-10.a]
#   remedy: set HealthStreamingEnabled to true in aws:elasticbeanstalk:cloudwatch:logs:health
enhanced_health contains finding.at(environment, "setting", "what the environment says of its health is not kept") if {
	some environment in environments
	value.lacks_block(environment, "setting", {"namespace": "aws:elasticbeanstalk:cloudwatch:logs:health", "name": "HealthStreamingEnabled", "value": "true"})
}

# METADATA
# title: Environments keep their logs
# description: >-
#   Logs of an instance go with it unless they are streamed.
# related_resources:
#   - https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/AWSHowTo.cloudwatchlogs.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_elastic_beanstalk_environment
#   reads: [setting]
#   pedantic: [DT-7.c]
#   remedy: set StreamLogs to true in aws:elasticbeanstalk:cloudwatch:logs
log_streaming contains finding.at(environment, "setting", "logs go with their instance") if {
	some environment in environments
	value.lacks_block(environment, "setting", {"namespace": "aws:elasticbeanstalk:cloudwatch:logs", "name": "StreamLogs", "value": "true"})
}

# METADATA
# title: Instances of environments answer for metadata with a token alone
# description: >-
#   Version 1 of the metadata service gives the credentials of the role to whatever can be made to fetch an
#   address.
# related_resources:
#   - https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/environments-cfg-ec2-imds.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_elastic_beanstalk_environment
#   reads: [setting]
#   aspects: [ID-7.d]
#   remedy: set DisableIMDSv1 to true in aws:autoscaling:launchconfiguration
imdsv2 contains finding.at(environment, value.path(setting, "value"), "instances give their credentials without a token") if {
	some environment in environments
	some setting in environment.values.setting
	setting.namespace == "aws:autoscaling:launchconfiguration"
	setting.name == "DisableIMDSv1"
	lower(setting.value) == "false"
}

# METADATA
# title: Properties of environments hold no secrets
# description: >-
#   Properties are shown in the console, kept in saved configurations and in the state file. A secret belongs
#   into Secrets Manager; the environment names it.
# related_resources:
#   - https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/AWSHowTo.secrets.html
# custom:
#   severity: critical
#   profile: default
#   subject: aws_elastic_beanstalk_environment
#   weighs: [setting.value]
#   aspects: [ID-14.c, OS-2.b]
#   secret: true
#   remedy: name the secret in aws:elasticbeanstalk:application:environmentsecrets
plaintext_secrets contains finding.tagged(environment, value.path(setting, "value"), message, setting.name) if {
	some environment in environments
	some setting in environment.values.setting
	setting.namespace in {"aws:elasticbeanstalk:application:environment", "aws:rds:dbinstance"}
	some kind in secret.in_variable(setting.name, setting.value)
	message := sprintf("the property %s holds %s", [setting.name, kind])
}
