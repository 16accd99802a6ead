# Vulnerability scanning.
package demarc.inspector

import data.demarc.lib.finding
import data.demarc.lib.resource
import data.demarc.lib.value

# METADATA
# title: Inspector scans instances, images and functions
# description: >-
#   What is not scanned keeps its known holes until somebody else finds them.
# related_resources:
#   - https://docs.aws.amazon.com/inspector/latest/user/scanning-resources.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_inspector2_enabler
#   weighs: [resource_types]
#   aspects: [OS-5.c]
#   remedy: 'set resource_types = ["EC2", "ECR", "LAMBDA"]'
all_resource_types contains f if {
	some enabler in resource.all("aws_inspector2_enabler")
	some type in ["EC2", "ECR", "LAMBDA"]
	some f in unscanned(enabler, type)
}

unscanned(enabler, type) := {finding.tagged(enabler, "resource_types", sprintf("Inspector does not scan %s", [type]), type) |
	value.lacks(enabler, "resource_types", type)
} | {finding.inconclusive(enabler, "resource_types", sprintf("it is unknown whether Inspector scans %s", [type])) |
	value.may_lack(enabler, "resource_types", type)
}

# METADATA
# title: Inspector scans the code of functions
# description: >-
#   LAMBDA looks at packages; LAMBDA_CODE finds injection and secrets in the code itself.
# related_resources:
#   - https://docs.aws.amazon.com/inspector/latest/user/scanning_resources_lambda_code.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_inspector2_enabler
#   weighs: [resource_types]
#   pedantic: [OS-5.c]
#   remedy: 'add "LAMBDA_CODE" to resource_types'
lambda_code contains f if {
	some enabler in resource.all("aws_inspector2_enabler")
	some f in unscanned(enabler, "LAMBDA_CODE")
}
