# Notebooks, domains, models, and jobs that watch them.
package demarc.sagemaker

import data.demarc.lib.finding
import data.demarc.lib.key
import data.demarc.lib.resource
import data.demarc.lib.value

# METADATA
# title: Notebooks have no way to the internet of their own
# description: >-
#   Unless it is switched off a notebook reaches the internet past your VPC, its routes and its flow logs: data
#   leave unseen.
# related_resources:
#   - https://docs.aws.amazon.com/sagemaker/latest/dg/appendix-notebook-and-internet-access.html
# custom:
#   severity: high
#   profile: default
#   subject: aws_sagemaker_notebook_instance
#   reads: [direct_internet_access]
#   aspects: [NW-16.b]
#   remedy: 'set direct_internet_access = "Disabled" / DirectInternetAccess: Disabled, with a subnet'
notebook_direct_internet contains finding.at(notebook, "direct_internet_access", "the notebook reaches the internet past your VPC") if {
	some notebook in resource.all("aws_sagemaker_notebook_instance")
	value.is(notebook, "direct_internet_access", "Enabled")
}

# METADATA
# title: Notebooks stand in a subnet of the customer
# description: >-
#   Without a subnet a notebook runs in a VPC of AWS's, where no security group or flow log of yours reaches.
# related_resources:
#   - https://docs.aws.amazon.com/sagemaker/latest/dg/appendix-notebook-and-internet-access.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_sagemaker_notebook_instance
#   presence: [subnet_id]
#   aspects: [NW-1.a]
#   remedy: set subnet_id / SubnetId and security groups
notebook_vpc contains finding.at(notebook, "subnet_id", "the notebook runs outside of your VPC") if {
	some notebook in resource.all("aws_sagemaker_notebook_instance")
	value.none(notebook, "subnet_id")
}

# METADATA
# title: Notebooks answer for metadata with a token alone
# description: >-
#   Version 1 of the metadata service gives the credentials of the role to whatever can be made to fetch an
#   address.
# related_resources:
#   - https://docs.aws.amazon.com/sagemaker/latest/dg/nbi-imds.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_sagemaker_notebook_instance
#   reads: [imds_version]
#   aspects: [ID-7.d]
#   remedy: 'set minimum_instance_metadata_service_version = "2" / MinimumInstanceMetadataServiceVersion'
notebook_imdsv2 contains finding.at(notebook, "imds_version", "the credentials of the notebook are given without a token") if {
	some notebook in resource.all("aws_sagemaker_notebook_instance")
	value.is(notebook, "imds_version", "1")
}

# METADATA
# title: Users of notebooks are not root
# description: >-
#   Root changes whatever the notebook enforces: its agents, its logs, its updates.
# related_resources:
#   - https://docs.aws.amazon.com/sagemaker/latest/dg/nbi-root-access.html
# custom:
#   severity: medium
#   profile: extended
#   subject: aws_sagemaker_notebook_instance
#   reads: [root_access]
#   pedantic: [OS-4.d]
#   remedy: 'set root_access = "Disabled" / RootAccess: Disabled'
notebook_root_access contains finding.at(notebook, "root_access", "users of the notebook are root") if {
	some notebook in resource.all("aws_sagemaker_notebook_instance")
	value.is(notebook, "root_access", "Enabled")
}

# METADATA
# title: Notebooks run on a platform that is maintained
# description: >-
#   A platform past its date gets no security patches.
# related_resources:
#   - https://docs.aws.amazon.com/sagemaker/latest/dg/nbi-al2.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_sagemaker_notebook_instance
#   reads: [platform_identifier]
#   aspects: [OS-3.f]
#   remedy: 'set platform_identifier = "notebook-al2023-v1" / PlatformIdentifier'
notebook_platform contains finding.at(notebook, "platform_identifier", message) if {
	some notebook in resource.all("aws_sagemaker_notebook_instance")
	value.matches(notebook, "platform_identifier", `^notebook-(al1-v1|al2-v[12])$`)
	message := sprintf("AWS no longer patches %s", [notebook.values.platform_identifier])
}

# As of November 2026.
notebook_platform contains finding.inconclusive(notebook, "platform_identifier", message) if {
	some notebook in resource.all("aws_sagemaker_notebook_instance")
	value.outside(notebook, "platform_identifier", {"notebook-al1-v1", "notebook-al2-v1", "notebook-al2-v2", "notebook-al2-v3", "notebook-al2023-v1"})
	message := sprintf("it is unknown whether AWS maintains %s", [notebook.values.platform_identifier])
}

# METADATA
# title: Notebooks and domains are encrypted with a KMS key of the customer's own
# description: >-
#   AWS encrypts them with a key of its own, which has no policy of yours.
# related_resources:
#   - https://docs.aws.amazon.com/sagemaker/latest/dg/encryption-at-rest.html
# custom:
#   severity: low
#   profile: extended
#   subject: [aws_sagemaker_notebook_instance, aws_sagemaker_domain]
#   weighs: [kms_key_id]
#   pedantic: [DP-10.b]
#   remedy: set kms_key_id / KmsKeyId to a key of your own
notebook_domain_cmk contains f if {
	some type, what in {"aws_sagemaker_notebook_instance": "the notebook", "aws_sagemaker_domain": "the domain"}
	some r in resource.all(type)
	some f in key.foreign(r, "kms_key_id", what)
}

# METADATA
# title: Domains send their traffic through the VPC
# description: >-
#   By default what users run reaches the internet past your VPC, its routes and its flow logs.
# related_resources:
#   - https://docs.aws.amazon.com/sagemaker/latest/dg/studio-notebooks-and-internet-access.html
# custom:
#   severity: medium
#   profile: extended
#   subject: aws_sagemaker_domain
#   reads: [app_network_access_type]
#   pedantic: [NW-16.b]
#   remedy: 'set app_network_access_type = "VpcOnly" / AppNetworkAccessType: VpcOnly'
domain_vpc_only contains finding.at(domain, "app_network_access_type", "what users run reaches the internet past your VPC") if {
	some domain in resource.all("aws_sagemaker_domain")
	value.is(domain, "app_network_access_type", "PublicInternetOnly")
}

# METADATA
# title: Containers of models have no network
# description: >-
#   A model that was tampered with sends what it is asked about to others. In isolation its container reaches
#   nothing.
# related_resources:
#   - https://docs.aws.amazon.com/sagemaker/latest/dg/mkt-algo-model-internet-free.html
# custom:
#   severity: medium
#   profile: extended
#   subject: aws_sagemaker_model
#   reads: [enable_network_isolation]
#   pedantic: [NW-16.b]
#   remedy: 'set enable_network_isolation = true / EnableNetworkIsolation: true'
model_network_isolation contains finding.at(model, "enable_network_isolation", "the container of the model reaches the network") if {
	some model in resource.all("aws_sagemaker_model")
	value.is(model, "enable_network_isolation", false)
}

# METADATA
# title: Endpoints encrypt their storage with a KMS key of the customer's own
# description: >-
#   AWS encrypts the storage of endpoints with a key of its own, which has no policy of yours. Instances with
#   local disks and serverless endpoints take no key.
# related_resources:
#   - https://docs.aws.amazon.com/sagemaker/latest/dg/encryption-at-rest.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_sagemaker_endpoint_configuration
#   weighs: [kms_key_arn]
#   pedantic: [DP-10.b]
#   remedy: set kms_key_arn / KmsKeyId to a key of your own
endpoint_config_cmk contains f if {
	some endpoint in resource.all("aws_sagemaker_endpoint_configuration")
	some f in key.foreign(endpoint, "kms_key_arn", "the storage of the endpoint")
}

# METADATA
# title: Endpoints run on two instances or more
# description: >-
#   One instance is one zone: with it the endpoint goes.
# related_resources:
#   - https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-best-practices.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_sagemaker_endpoint_configuration
#   reads: [production_variants.initial_instance_count, production_variants.serverless_config]
#   pedantic: [RS-2.a]
#   remedy: set initial_instance_count to 2 or more / InitialInstanceCount
endpoint_instance_count contains finding.at(endpoint, value.path(variant, "initial_instance_count"), "the endpoint runs on one instance") if {
	some endpoint in resource.all("aws_sagemaker_endpoint_configuration")
	some variant in endpoint.values.production_variants
	value.below(variant, "initial_instance_count", 2)
	value.none(variant, "serverless_config")
}

# METADATA
# title: Jobs that watch models encrypt traffic among their containers
# description: >-
#   Between the containers of a job data cross the network in clear unless it asks for more.
# related_resources:
#   - https://docs.aws.amazon.com/sagemaker/latest/dg/train-encrypt.html
# custom:
#   severity: medium
#   profile: extended
#   subject: aws_sagemaker_data_quality_job_definition
#   reads: [network_config.enable_inter_container_traffic_encryption]
#   pedantic: [TR-4.b]
#   remedy: set enable_inter_container_traffic_encryption = true / EnableInterContainerTrafficEncryption
monitoring_job_traffic_encryption contains finding.at(job, "network_config.enable_inter_container_traffic_encryption", "containers of the job speak to each other in clear") if {
	some job in resource.all("aws_sagemaker_data_quality_job_definition")
	value.is(job, "network_config.enable_inter_container_traffic_encryption", false)
}

# METADATA
# title: Containers of jobs that watch models have no network
# description: >-
#   In isolation the containers of a job reach nothing but its input and output.
# related_resources:
#   - https://docs.aws.amazon.com/sagemaker/latest/dg/mkt-algo-model-internet-free.html
# custom:
#   severity: medium
#   profile: extended
#   subject: aws_sagemaker_data_quality_job_definition
#   reads: [network_config.enable_network_isolation]
#   pedantic: [NW-16.b]
#   remedy: set enable_network_isolation = true / EnableNetworkIsolation
monitoring_job_network_isolation contains finding.at(job, "network_config.enable_network_isolation", "containers of the job reach the network") if {
	some job in resource.all("aws_sagemaker_data_quality_job_definition")
	value.is(job, "network_config.enable_network_isolation", false)
}
