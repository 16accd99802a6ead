# Message brokers.
package demarc.mq

import data.demarc.lib.finding
import data.demarc.lib.key
import data.demarc.lib.resource
import data.demarc.lib.secret
import data.demarc.lib.value

# METADATA
# title: Message brokers are not publicly accessible
# description: >-
#   A publicly accessible broker has a public address: only its security group and its password stand
#   between it and the internet.
# related_resources:
#   - https://docs.aws.amazon.com/amazon-mq/latest/developer-guide/using-amazon-mq-securely.html
# custom:
#   severity: high
#   profile: default
#   subject: aws_mq_broker
#   reads: [publicly_accessible]
#   aspects: [NW-16.a]
#   remedy: 'set publicly_accessible = false / PubliclyAccessible: false'
public_access contains finding.at(broker, "publicly_accessible", "the broker has a public address") if {
	some broker in resource.all("aws_mq_broker")
	broker.values.publicly_accessible == true
}

# METADATA
# title: Brokers publish their log
# description: >-
#   Without the general log nobody can say why a broker stopped, or what failed before.
# related_resources:
#   - https://docs.aws.amazon.com/amazon-mq/latest/developer-guide/security-logging-monitoring.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_mq_broker
#   reads: [logs.general]
#   aspects: [DT-7.c]
#   remedy: 'set logs { general = true } / Logs: {General: true}'
general_logging contains finding.at(broker, "logs.general", "the broker publishes no log") if {
	some broker in resource.all("aws_mq_broker")
	value.is(broker, "logs.general", false)
}

# METADATA
# title: ActiveMQ brokers publish their audit log
# description: >-
#   The audit log says who changed what on the broker.
# related_resources:
#   - https://docs.aws.amazon.com/amazon-mq/latest/developer-guide/security-logging-monitoring.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_mq_broker
#   when: [engine_type]
#   reads: [logs.audit]
#   aspects: [DT-7.c]
#   remedy: 'set logs { audit = true } / Logs: {Audit: true}'
audit_logging contains finding.at(broker, "logs.audit", "nobody can tell who changed what on the broker") if {
	some broker in resource.all("aws_mq_broker")
	value.is(broker, "logs.audit", false)
}

# RabbitMQ has none.
audit_logging_applies contains broker.id if {
	some broker in resource.all("aws_mq_broker")
	value.matches(broker, "engine_type", `(?i)^activemq$`)
}

# METADATA
# title: Brokers take minor versions by themselves
# description: >-
#   Minor versions carry patches for known vulnerabilities.
# related_resources:
#   - https://docs.aws.amazon.com/amazon-mq/latest/developer-guide/upgrading-brokers.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_mq_broker
#   reads: [auto_minor_version_upgrade]
#   pedantic: [OS-3.f]
#   remedy: 'set auto_minor_version_upgrade = true / AutoMinorVersionUpgrade: true'
auto_minor_upgrade contains finding.at(broker, "auto_minor_version_upgrade", "patches wait for somebody to apply them") if {
	some broker in resource.all("aws_mq_broker")
	value.is(broker, "auto_minor_version_upgrade", false)
}

# METADATA
# title: Brokers run in several zones
# description: >-
#   A single instance stops with its zone.
# related_resources:
#   - https://docs.aws.amazon.com/amazon-mq/latest/developer-guide/amazon-mq-broker-architecture.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_mq_broker
#   reads: [deployment_mode]
#   pedantic: [RS-2.a]
#   remedy: 'set deployment_mode = "ACTIVE_STANDBY_MULTI_AZ" / DeploymentMode'
multi_az contains finding.at(broker, "deployment_mode", "the broker stops with its zone") if {
	some broker in resource.all("aws_mq_broker")
	value.is(broker, "deployment_mode", "SINGLE_INSTANCE")
}

# METADATA
# title: Passwords of brokers are not written in the source
# description: >-
#   A literal password is known to everyone who can read the repository, the plan or the state.
# related_resources:
#   - https://docs.aws.amazon.com/amazon-mq/latest/developer-guide/using-amazon-mq-securely.html
# custom:
#   severity: high
#   profile: default
#   subject: aws_mq_broker
#   weighs: [user.password]
#   aspects: [ID-14.c]
#   secret: true
#   remedy: take the password from Secrets Manager or from a variable
literal_password contains finding.at(broker, value.path(user, "password"), "the password of a user is written in the source") if {
	some broker in resource.all("aws_mq_broker")
	some user in broker.values.user
	value.outside(user, "password", {""})
}
