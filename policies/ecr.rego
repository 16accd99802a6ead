# Image registries.
package demarc.ecr

import data.demarc.lib.audience
import data.demarc.lib.document
import data.demarc.lib.finding
import data.demarc.lib.key
import data.demarc.lib.resource
import data.demarc.lib.value

# METADATA
# title: Images are scanned when they are pushed
# description: >-
#   A scan finds packages with known vulnerabilities before the image runs. A registry that scans by
#   rules of its own needs no setting on the repository.
# related_resources:
#   - https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_ecr_repository
#   reads: [image_scanning_configuration.scan_on_push]
#   aspects: [OS-5.d]
#   remedy: 'set image_scanning_configuration { scan_on_push = true } / ImageScanningConfiguration.ScanOnPush: true'
scan_on_push contains finding.at(repository, "image_scanning_configuration.scan_on_push", "images are not scanned when they are pushed") if {
	some repository in resource.all("aws_ecr_repository")
	repository.values.image_scanning_configuration.scan_on_push == false
}

scan_on_push_applies contains repository.id if {
	some repository in resource.all("aws_ecr_repository")
	resource.alone(repository, "aws_ecr_registry_scanning_configuration")
}

# METADATA
# title: Image tags cannot be moved
# description: >-
#   Who may push can put another image under a tag that is in use; what is deployed is then not what was
#   reviewed.
# related_resources:
#   - https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-tag-mutability.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_ecr_repository
#   reads: [image_tag_mutability]
#   aspects: [DP-12.d]
#   remedy: 'set image_tag_mutability = "IMMUTABLE" / ImageTagMutability: IMMUTABLE'
immutable_tags contains finding.at(repository, "image_tag_mutability", "tags can be moved to another image") if {
	some repository in resource.all("aws_ecr_repository")
	value.matches(repository, "image_tag_mutability", `^MUTABLE`)
}

immutable_tags contains finding.inconclusive(repository, "image_tag_mutability", "ECR knows no such setting") if {
	some repository in resource.all("aws_ecr_repository")
	value.differs_from(repository, "image_tag_mutability", `^(IM)?MUTABLE(_WITH_EXCLUSION)?$`)
}

# METADATA
# title: Repository policies name who may pull and push
# description: >-
#   A policy that allows everybody gives the images to all AWS accounts, or lets them put images of
#   their own in.
# related_resources:
#   - https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policies.html
# custom:
#   severity: critical
#   profile: default
#   subject: aws_ecr_repository
#   weighs: [policy]
#   aspects: [ID-9.a]
#   remedy: name the principals, or add a condition on aws:PrincipalOrgID
public_policy contains f if {
	some repository in document.carriers("aws_ecr_repository", "policy")
	some f in audience.public_findings(repository, "policy", "the repository policy")
}

# METADATA
# title: Images are encrypted with a KMS key of the customer's own
# description: >-
#   ECR encrypts images with a key of AWS's. A key of your own has a policy and a log of its own. Changing it
#   replaces the repository.
# related_resources:
#   - https://docs.aws.amazon.com/AmazonECR/latest/userguide/encryption-at-rest.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_ecr_repository
#   weighs: [kms_key]
#   pedantic: [DP-10.b]
#   remedy: 'set encryption_configuration { encryption_type = "KMS", kms_key } / EncryptionConfiguration'
cmk contains f if {
	some repository in resource.all("aws_ecr_repository")
	some f in key.foreign(repository, "kms_key", "the images")
}

# METADATA
# title: Repositories drop old images
# description: >-
#   Without a lifecycle policy images stay for ever, with the vulnerabilities of their time ready to be started
#   again.
# related_resources:
#   - https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_ecr_repository
#   presence: [lifecycle_policy]
#   pedantic: [DP-11.c]
#   only_keeps: [DP-11.c]
#   remedy: add an aws_ecr_lifecycle_policy / LifecyclePolicy
lifecycle_policy contains finding.at(repository, "lifecycle_policy", "old images are never dropped") if {
	some repository in resource.all("aws_ecr_repository")
	value.none(repository, "lifecycle_policy")
}
