# Pipelines that build machine images.
package demarc.imagebuilder

import data.demarc.lib.finding
import data.demarc.lib.resource
import data.demarc.lib.value

# METADATA
# title: Image Builder publishes no image to everybody
# description: >-
#   An image that is shared with all can be started, and its disks read, by everybody with an AWS account.
# related_resources:
#   - https://docs.aws.amazon.com/imagebuilder/latest/userguide/manage-distribution-settings.html
# custom:
#   severity: high
#   profile: default
#   subject: aws_imagebuilder_distribution_configuration
#   weighs: [user_groups]
#   aspects: [OS-1.b]
#   only_breaks: [OS-1.b]
#   remedy: 'name accounts in user_ids / UserIds'
public_image contains finding.at(distribution, "user_groups", "everybody with an AWS account may start the image") if {
	some distribution in resource.all("aws_imagebuilder_distribution_configuration")
	value.has(distribution, "user_groups", "all")
}

public_image contains finding.inconclusive(distribution, "user_groups", "it is unknown who may start the image") if {
	some distribution in resource.all("aws_imagebuilder_distribution_configuration")
	value.may_lack(distribution, "user_groups", "all")
}

# METADATA
# title: Disks of image recipes are encrypted
# description: >-
#   Whatever starts from the image inherits its disks, and whoever gets hold of its snapshots reads them.
# related_resources:
#   - https://docs.aws.amazon.com/imagebuilder/latest/userguide/manage-recipes.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_imagebuilder_image_recipe
#   reads: [ebs.encrypted]
#   weighs: [ebs.snapshot_id]
#   aspects: [DP-4.c]
#   remedy: 'set encrypted = true / Encrypted: true'
recipe_volume_encryption contains finding.tagged(recipe, value.path(disk, "encrypted"), "a disk of the image is not encrypted", "disk") if {
	some recipe in resource.all("aws_imagebuilder_image_recipe")
	some disk in recipe.values.ebs
	disk.encrypted == false
	value.none(disk, "snapshot_id")
}

recipe_volume_encryption contains finding.inconclusive(recipe, value.path(disk, "snapshot_id"), "it is unknown whether the disk is made from a snapshot, which then decides") if {
	some recipe in resource.all("aws_imagebuilder_image_recipe")
	resource.may_lack(recipe, "ebs.snapshot_id")
	some disk in recipe.values.ebs
	disk.encrypted == false
	value.unsettled(disk, "snapshot_id")
}

# METADATA
# title: Build instances ask for metadata tokens
# description: >-
#   A build runs code from elsewhere, which can read the credentials of the build's role without a token.
# related_resources:
#   - https://docs.aws.amazon.com/imagebuilder/latest/userguide/manage-infra-config.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_imagebuilder_infrastructure_configuration
#   reads: [http_tokens]
#   pedantic: [ID-7.d]
#   remedy: 'set instance_metadata_options { http_tokens = "required" } / HttpTokens: required'
build_imdsv2 contains finding.at(configuration, "http_tokens", "build instances hand out credentials without a token") if {
	some configuration in resource.all("aws_imagebuilder_infrastructure_configuration")
	value.differs(configuration, "http_tokens", "required")
}

# METADATA
# title: Images are scanned when they are built
# description: >-
#   A scan finds what is known to be vulnerable before anything starts from the image.
# related_resources:
#   - https://docs.aws.amazon.com/imagebuilder/latest/userguide/image-builder-findings.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_imagebuilder_image_pipeline
#   reads: [image_scanning_enabled]
#   pedantic: [OS-5.d]
#   remedy: 'set image_scanning_enabled = true / ImageScanningEnabled: true'
image_scanning contains finding.at(r, "image_scanning_enabled", "images are not scanned") if {
	some r in resource.all("aws_imagebuilder_image_pipeline")
	value.is(r, "image_scanning_enabled", false)
}
