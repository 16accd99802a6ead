# Time series databases.
package demarc.timestream

import data.demarc.lib.database
import data.demarc.lib.resource
import data.demarc.lib.secret

# METADATA
# title: InfluxDB passwords are not written in the source
# description: >-
#   A literal password is known to everyone who can read the repository, the plan or the state.
# related_resources:
#   - https://docs.aws.amazon.com/timestream/latest/developerguide/timestream-for-influx-security-db-authentication.html
# custom:
#   severity: high
#   profile: default
#   subject: aws_timestreaminfluxdb_db_instance
#   weighs: [password]
#   aspects: [ID-14.c]
#   secret: true
#   remedy: take it from a secret
influxdb_literal_password contains f if {
	some db in resource.all("aws_timestreaminfluxdb_db_instance")
	some f in secret.written(db, ["password"], "the first user's password")
}

# METADATA
# title: InfluxDB instances are not publicly accessible
# description: >-
#   A publicly accessible instance has a public address: only its security group and its passwords stand
#   between it and the internet.
# related_resources:
#   - https://docs.aws.amazon.com/timestream/latest/developerguide/timestream-for-influx-getting-started-creating-db-instance.html
# custom:
#   severity: high
#   profile: default
#   subject: aws_timestreaminfluxdb_db_instance
#   reads: [publicly_accessible]
#   aspects: [NW-2.b]
#   remedy: 'set publicly_accessible = false / PubliclyAccessible: false'
influxdb_public_access contains f if some f in database.public(["aws_timestreaminfluxdb_db_instance"], "the database")
