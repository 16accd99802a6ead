# Environments of Airflow.
package demarc.mwaa

import data.demarc.lib.finding
import data.demarc.lib.key
import data.demarc.lib.resource
import data.demarc.lib.value

# METADATA
# title: The web server of Airflow is reached from the VPC alone
# description: >-
#   A public web server has an address on the internet: only a sign-in, and the next vulnerability of Airflow,
#   keep strangers out.
# related_resources:
#   - https://docs.aws.amazon.com/mwaa/latest/userguide/configuring-networking.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_mwaa_environment
#   reads: [webserver_access_mode]
#   aspects: [NW-16.b]
#   remedy: 'set webserver_access_mode = "PRIVATE_ONLY" / WebserverAccessMode: PRIVATE_ONLY'
public_webserver contains finding.at(environment, "webserver_access_mode", "the web server of Airflow has a public address") if {
	some environment in resource.all("aws_mwaa_environment")
	value.is(environment, "webserver_access_mode", "PUBLIC_ONLY")
}

# METADATA
# title: Environments of Airflow are encrypted with a KMS key of the customer's own
# description: >-
#   AWS encrypts an environment with a key of its own, which has no policy of yours. The key cannot be changed
#   later.
# related_resources:
#   - https://docs.aws.amazon.com/mwaa/latest/userguide/custom-keys-certs.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_mwaa_environment
#   weighs: [kms_key]
#   pedantic: [DP-10.b]
#   remedy: set kms_key / KmsKey to a key of your own
cmk contains f if {
	some environment in resource.all("aws_mwaa_environment")
	some f in key.foreign(environment, "kms_key", "the environment")
}
