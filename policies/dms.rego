# Database migration.
package demarc.dms

import data.demarc.lib.finding
import data.demarc.lib.resource
import data.demarc.lib.secret
import data.demarc.lib.value

# METADATA
# title: Replication instances are not publicly accessible
# description: >-
#   A replication instance holds the credentials of the databases it copies. CloudFormation gives it a
#   public address unless told otherwise.
# related_resources:
#   - https://docs.aws.amazon.com/dms/latest/userguide/CHAP_ReplicationInstance.html
# custom:
#   severity: critical
#   profile: default
#   subject: aws_dms_replication_instance
#   reads: [publicly_accessible]
#   aspects: [NW-16.a]
#   remedy: 'set publicly_accessible = false / PubliclyAccessible: false'
public_access contains finding.at(instance, "publicly_accessible", "the replication instance has a public address") if {
	some instance in resource.all("aws_dms_replication_instance")
	instance.values.publicly_accessible == true
}

# METADATA
# title: Passwords of migration endpoints are not written in the source
# description: >-
#   A literal password is known to everyone who can read the repository, the plan or the state. An endpoint
#   can take it from Secrets Manager.
# related_resources:
#   - https://docs.aws.amazon.com/dms/latest/userguide/security_iam_secretsmanager.html
# custom:
#   severity: high
#   profile: default
#   subject: aws_dms_endpoint
#   weighs: [password, kafka_settings, redis_settings]
#   aspects: [ID-14.c]
#   secret: true
#   remedy: set secrets_manager_arn / SecretsManagerSecretId, or resolve the password from a secret
endpoint_literal_password contains f if {
	some endpoint in resource.all("aws_dms_endpoint")
	some f in secret.written(endpoint, passwords, "the endpoint's password")
}

passwords := [
	"password", "mongodb_settings.password", "gcp_mysql_settings.password",
	"kafka_settings.sasl_password", "kafka_settings.ssl_client_key_password", "redis_settings.auth_password",
]

# METADATA
# title: Migration endpoints use TLS
# description: >-
#   Without TLS the database's password and every row that is copied cross the network in clear. Services of
#   AWS are spoken to over HTTPS anyway.
# related_resources:
#   - https://docs.aws.amazon.com/dms/latest/userguide/CHAP_Security.SSL.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_dms_endpoint
#   when: [engine_name]
#   reads: [ssl_mode]
#   aspects: [TR-4.a]
#   remedy: set ssl_mode / SslMode to require, verify-ca or verify-full
endpoint_tls contains finding.at(endpoint, "ssl_mode", "the endpoint speaks to its database in clear") if {
	some endpoint in resource.all("aws_dms_endpoint")
	endpoint.values.ssl_mode == "none"
}

endpoint_tls_applies contains endpoint.id if {
	some endpoint in resource.all("aws_dms_endpoint")
	value.differs_from(endpoint, "engine_name", without_ssl_mode)
}

# without_ssl_mode are the engines that know no SSL mode, or have a setting of
# their own.
without_ssl_mode := `(?i)^(azuredb|dynamodb|elasticsearch|kafka|kinesis|neptune|opensearch|redis|redshift|redshift-serverless|s3)$`
