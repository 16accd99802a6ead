# Database migration.
package demarc.dms

import data.demarc.lib.finding
import data.demarc.lib.resource

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
#   controls: [NW-16, NW-2]
#   aliases: {checkov: [CKV_AWS_89], kics: [030d3b18-1821-45b4-9e08-50efbe7becbb, 5864fb39-d719-4182-80e2-89dbe627be63]}
#   remedy: 'set publicly_accessible = false / PubliclyAccessible: false'
public_access contains finding.at(instance, "publicly_accessible", "the replication instance has a public address") if {
	some instance in resource.all("aws_dms_replication_instance")
	instance.values.publicly_accessible == true
}
