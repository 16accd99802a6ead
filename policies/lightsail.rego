# Lightsail: instances, databases and buckets of small sites.
package demarc.lightsail

import data.demarc.lib.finding
import data.demarc.lib.network
import data.demarc.lib.resource
import data.demarc.lib.secret
import data.demarc.lib.value

# METADATA
# title: Administration ports of Lightsail instances are not open to the internet
# description: >-
#   A port without ranges is open to everybody, who then tries keys and passwords.
# related_resources:
#   - https://docs.aws.amazon.com/lightsail/latest/userguide/amazon-lightsail-editing-firewall-rules.html
# custom:
#   severity: high
#   profile: default
#   subject: [aws_lightsail_instance_public_ports, aws_lightsail_instance]
#   reads: [port_info.from_port, port_info.to_port, port_info.cidr_blocks, port_info.ipv6_cidr_blocks]
#   weighs: [port_info.cidr_list_aliases]
#   aspects: [NW-3.a]
#   remedy: 'set cidrs to the addresses that administer, or cidr_list_aliases = ["lightsail-connect"]'
admin_ports contains finding.tagged(r, value.path(port, "from_port"), sprintf("port %d is open to the internet", [number]), sprintf("%d", [number])) if {
	some type in ["aws_lightsail_instance_public_ports", "aws_lightsail_instance"]
	some r in resource.all(type)
	some port in r.values.port_info
	some number in [22, 3389]
	port.from_port <= number
	port.to_port >= number
	network.open_unless_named(port)
}

# METADATA
# title: Lightsail databases are not public
# description: >-
#   Whoever finds the address of a public database tries passwords.
# related_resources:
#   - https://docs.aws.amazon.com/lightsail/latest/userguide/amazon-lightsail-configuring-database-public-mode.html
# custom:
#   severity: high
#   profile: default
#   subject: aws_lightsail_database
#   reads: [publicly_accessible]
#   aspects: [NW-2.b]
#   remedy: 'set publicly_accessible = false / PubliclyAccessible: false'
database_public contains finding.at(r, "publicly_accessible", "the database has a public address") if {
	some r in resource.all("aws_lightsail_database")
	value.is(r, "publicly_accessible", true)
}

# METADATA
# title: Passwords of Lightsail databases stand nowhere in the source
# description: >-
#   A password in the source is known to everybody who reads the repository, and stays in its history.
# related_resources:
#   - https://docs.aws.amazon.com/lightsail/latest/userguide/amazon-lightsail-managing-database-passwords.html
# custom:
#   severity: high
#   profile: default
#   subject: aws_lightsail_database
#   weighs: [master_password]
#   secret: true
#   aspects: [ID-14.c]
#   remedy: 'take the password from Secrets Manager or from a variable without a default'
database_password contains f if {
	some database in resource.all("aws_lightsail_database")
	some f in secret.written(database, ["master_password"], "the master password")
}

# METADATA
# title: Lightsail buckets do not serve their objects to everybody
# description: >-
#   What is in a public bucket is found by those who look for such buckets.
# related_resources:
#   - https://docs.aws.amazon.com/lightsail/latest/userguide/amazon-lightsail-understanding-bucket-permissions.html
# custom:
#   severity: high
#   profile: default
#   subject: aws_lightsail_bucket
#   reads: [get_object, allow_public_overrides]
#   aspects: [DP-1.b]
#   remedy: 'AccessRules: {GetObject: private}'
bucket_public contains finding.at(bucket, "get_object", "everybody may read the bucket's objects") if {
	some bucket in resource.all("aws_lightsail_bucket")
	value.is(bucket, "get_object", "public")
}

bucket_public contains finding.at(bucket, "allow_public_overrides", "single objects may be made public") if {
	some bucket in resource.all("aws_lightsail_bucket")
	value.is(bucket, "allow_public_overrides", true)
}

# METADATA
# title: Lightsail databases keep backups
# description: >-
#   Without backups a mistake, or an attacker, has the last word.
# related_resources:
#   - https://docs.aws.amazon.com/lightsail/latest/userguide/amazon-lightsail-creating-a-database-from-point-in-time-backup.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_lightsail_database
#   reads: [backup_retention_enabled]
#   pedantic: [RS-1.a]
#   remedy: 'set backup_retention_enabled = true / BackupRetention: true'
database_backup contains finding.at(r, "backup_retention_enabled", "the database keeps no backups") if {
	some r in resource.all("aws_lightsail_database")
	value.is(r, "backup_retention_enabled", false)
}
