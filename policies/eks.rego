# Clusters of Kubernetes.
package demarc.eks

import data.demarc.lib.finding
import data.demarc.lib.resource
import data.demarc.lib.value

clusters := resource.all("aws_eks_cluster")

# METADATA
# title: The Kubernetes API is not open to the whole internet
# description: >-
#   Unless a cluster says otherwise its API answers everybody on the internet: only credentials, and the next
#   vulnerability of the API server, keep strangers out.
# related_resources:
#   - https://docs.aws.amazon.com/eks/latest/userguide/cluster-endpoint.html
# custom:
#   severity: high
#   profile: default
#   subject: aws_eks_cluster
#   when: [vpc_config.endpoint_public_access]
#   reads: [vpc_config.public_access_cidrs]
#   aspects: [NW-16.b]
#   remedy: set endpoint_public_access = false and endpoint_private_access = true, or name your ranges in public_access_cidrs / PublicAccessCidrs
public_endpoint_cidrs contains finding.at(cluster, "vpc_config.public_access_cidrs", "the whole internet reaches the Kubernetes API") if {
	some cluster in clusters
	some range in cluster.values.vpc_config.public_access_cidrs
	range in {"0.0.0.0/0", "::/0"}
}

public_endpoint_cidrs_applies contains cluster.id if {
	some cluster in clusters
	value.is(cluster, "vpc_config.endpoint_public_access", true)
}

# METADATA
# title: The Kubernetes API is reached from the VPC alone
# description: >-
#   A public endpoint has an address on the internet, whatever ranges it admits. A private one is reached over
#   the VPC, a VPN or a bastion.
# related_resources:
#   - https://docs.aws.amazon.com/eks/latest/userguide/cluster-endpoint.html
# custom:
#   severity: medium
#   profile: extended
#   subject: aws_eks_cluster
#   reads: [vpc_config.endpoint_public_access]
#   pedantic: [NW-16.b]
#   remedy: set endpoint_public_access = false and endpoint_private_access = true / EndpointPublicAccess, EndpointPrivateAccess
public_endpoint contains finding.at(cluster, "vpc_config.endpoint_public_access", "the Kubernetes API has a public address") if {
	some cluster in resource.all("aws_eks_cluster")
	value.is(cluster, "vpc_config.endpoint_public_access", true)
}

# METADATA
# title: Nodes reach the Kubernetes API over the VPC
# description: >-
#   Without a private endpoint what nodes say to the API leaves the VPC, and needs a way to the internet.
# related_resources:
#   - https://docs.aws.amazon.com/eks/latest/userguide/cluster-endpoint.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_eks_cluster
#   reads: [vpc_config.endpoint_private_access]
#   pedantic: [NW-16.b]
#   remedy: 'set endpoint_private_access = true / EndpointPrivateAccess: true'
private_endpoint contains finding.at(cluster, "vpc_config.endpoint_private_access", "nodes reach the Kubernetes API over public addresses") if {
	some cluster in resource.all("aws_eks_cluster")
	value.is(cluster, "vpc_config.endpoint_private_access", false)
}

# METADATA
# title: The Kubernetes API keeps an audit log
# description: >-
#   The audit log says who asked the cluster for what. It is off unless a cluster asks for it, and what was not
#   logged cannot be found out later.
# related_resources:
#   - https://docs.aws.amazon.com/eks/latest/userguide/control-plane-logs.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_eks_cluster
#   reads: [enabled_cluster_log_types]
#   aspects: [DT-7.c]
#   remedy: 'add "audit" to enabled_cluster_log_types / Logging.ClusterLogging.EnabledTypes'
audit_logging contains finding.at(cluster, "enabled_cluster_log_types", "the cluster keeps no audit log") if {
	some cluster in clusters
	value.lacks(cluster, "enabled_cluster_log_types", "audit")
}

# METADATA
# title: The control plane keeps all of its logs
# description: >-
#   The logs of the API server, the authenticator, the controllers and the scheduler tell how an intruder came
#   in, and why the cluster misbehaves.
# related_resources:
#   - https://docs.aws.amazon.com/eks/latest/userguide/control-plane-logs.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_eks_cluster
#   reads: [enabled_cluster_log_types]
#   aspects: [DT-7.c]
#   remedy: 'set enabled_cluster_log_types = ["api", "audit", "authenticator", "controllerManager", "scheduler"]'
control_plane_logging contains finding.tagged(cluster, "enabled_cluster_log_types", message, type) if {
	some cluster in clusters
	some type in ["api", "audit", "authenticator", "controllerManager", "scheduler"]
	value.lacks(cluster, "enabled_cluster_log_types", type)
	message := sprintf("the control plane does not keep its %s log", [type])
}

# METADATA
# title: Secrets of Kubernetes are encrypted with a KMS key of the customer's own
# description: >-
#   EKS encrypts the objects of current clusters with a key of AWS's. A key of your own has a policy and a log
#   of its own, and also covers clusters before 1.28.
# related_resources:
#   - https://docs.aws.amazon.com/eks/latest/userguide/enable-kms.html
# custom:
#   severity: medium
#   profile: extended
#   subject: aws_eks_cluster
#   presence: [encryption_config.key_arn]
#   aspects: [DP-10.b]
#   remedy: 'set encryption_config { resources = ["secrets"], provider { key_arn = ... } } / EncryptionConfig'
secrets_encryption contains finding.at(cluster, "encryption_config", "no key of the customer's own encrypts the secrets of Kubernetes") if {
	some cluster in clusters
	value.none(cluster, "encryption_config")
}

# METADATA
# title: Clusters run a version of Kubernetes that AWS supports
# description: >-
#   A version past its extended support gets no security patches, and AWS upgrades the cluster at a time of its
#   own.
# related_resources:
#   - https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_eks_cluster
#   reads: [version]
#   aspects: [OS-3.f]
#   remedy: move to a version that is in standard support
supported_version contains finding.at(cluster, "version", message) if {
	some cluster in clusters
	value.matches(cluster, "version", `^1\.([0-9]|[12][0-9]|3[01])$`)
	message := sprintf("AWS no longer supports Kubernetes %s", [cluster.values.version])
}

# As of November 2026: https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html
supported_version contains finding.inconclusive(cluster, "version", message) if {
	some cluster in clusters
	value.differs_from(cluster, "version", `^1\.([0-9]|[12][0-9]|3[0-6])$`)
	value.outside(cluster, "version", {""})
	message := sprintf("it is unknown whether AWS supports Kubernetes %s", [cluster.values.version])
}

# METADATA
# title: Nodes take SSH from named security groups
# description: >-
#   With a key and no source groups EKS opens port 22 of every node to the whole internet.
# related_resources:
#   - https://docs.aws.amazon.com/eks/latest/userguide/create-managed-node-group.html
# custom:
#   severity: high
#   profile: default
#   subject: aws_eks_node_group
#   presence: [remote_access.ec2_ssh_key, remote_access.source_security_group_ids]
#   aspects: [NW-3.a]
#   remedy: set source_security_group_ids / SourceSecurityGroups, or remove the key
node_group_ssh contains finding.at(group, "remote_access.source_security_group_ids", "nodes take SSH from the whole internet") if {
	some group in resource.all("aws_eks_node_group")
	value.none(group, "remote_access.source_security_group_ids")
}

node_group_ssh_applies contains group.id if {
	some group in resource.all("aws_eks_node_group")
	resource.set(group, "remote_access.ec2_ssh_key")
}
