# Tasks, the services that keep them running, and their clusters.
package demarc.ecs

import data.demarc.lib.finding
import data.demarc.lib.resource
import data.demarc.lib.value

tasks := resource.all("aws_ecs_task_definition")

# called is a container's name for people.
called(container) := sprintf("the container %s", [container.name]) if {
	is_string(container.name)
} else := "a container"

# METADATA
# title: Tasks have no public addresses
# description: >-
#   A task with a public address stands on the internet behind nothing but its security groups. What serves the
#   public belongs behind a load balancer.
# related_resources:
#   - https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-task-networking.html
# custom:
#   severity: high
#   profile: default
#   subject: [aws_ecs_service, aws_ecs_task_set]
#   reads: [network_configuration.assign_public_ip]
#   aspects: [NW-1.b]
#   remedy: 'set assign_public_ip = false / AssignPublicIp: DISABLED'
public_ip contains finding.at(service, "network_configuration.assign_public_ip", "the tasks get public addresses") if {
	some type in ["aws_ecs_service", "aws_ecs_task_set"]
	some service in resource.all(type)
	value.is(service, "network_configuration.assign_public_ip", true)
}

# METADATA
# title: Services on Fargate run on a current platform
# description: >-
#   A service that is pinned to an old platform version keeps its kernel and its runtime, with their known
#   vulnerabilities.
# related_resources:
#   - https://docs.aws.amazon.com/AmazonECS/latest/developerguide/platform-fargate.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_ecs_service
#   when: [launch_type]
#   reads: [platform_version]
#   aspects: [OS-3.f]
#   remedy: 'set platform_version = "LATEST" / PlatformVersion: LATEST'
fargate_latest_platform contains finding.at(service, "platform_version", message) if {
	some service in resource.all("aws_ecs_service")
	value.matches(service, "platform_version", `^1\.[1-3](\.|$)`)
	message := sprintf("the service is pinned to the old platform %s", [service.values.platform_version])
}

# 1.0.0 is old on Linux, and the only version on Windows.
fargate_latest_platform contains finding.inconclusive(service, "platform_version", message) if {
	some service in resource.all("aws_ecs_service")
	value.outside(service, "platform_version", {"LATEST", "1.4.0"})
	value.differs_from(service, "platform_version", `^1\.[1-3](\.|$)`)
	message := sprintf("it is unknown whether the platform %s is current", [service.values.platform_version])
}

fargate_latest_platform_applies contains service.id if {
	some service in resource.all("aws_ecs_service")
	value.is(service, "launch_type", "FARGATE")
}

# METADATA
# title: Services run tasks with a role of their own
# description: >-
#   A task without a role uses that of its instance, if it can reach it, or credentials from elsewhere.
# related_resources:
#   - https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_ecs_service
#   presence: [task_definition]
#   pedantic: [ID-7.b]
#   remedy: set task_role_arn / TaskRoleArn in the task definition
task_role contains finding.at(service, "task_definition", "the service runs a task without a role") if {
	some service in resource.all("aws_ecs_service")
	some task in resource.targets(service, "task_definition", "aws_ecs_task_definition")
	value.none(task, "task_role_arn")
}

task_role contains finding.inconclusive(service, "task_definition", "it is unknown whether the task has a role") if {
	some service in resource.all("aws_ecs_service")
	some task in resource.targets(service, "task_definition", "aws_ecs_task_definition")
	value.unsettled(task, "task_role_arn")
	resource.may_lack(task, "task_role_arn")
}

task_role_applies contains service.id if {
	some service in resource.all("aws_ecs_service")
	some _ in resource.targets(service, "task_definition", "aws_ecs_task_definition")
}

# METADATA
# title: Clusters gather metrics of their containers
# description: >-
#   Without Container Insights a cluster counts what its services reserve, not what each task and container
#   uses.
# related_resources:
#   - https://docs.aws.amazon.com/AmazonECS/latest/developerguide/cloudwatch-container-insights.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_ecs_cluster
#   reads: [setting]
#   pedantic: [DT-10.a]
#   remedy: 'set setting { name = "containerInsights", value = "enabled" } / ClusterSettings'
container_insights contains finding.at(cluster, "setting", "the cluster gathers no metrics of its containers") if {
	some cluster in resource.all("aws_ecs_cluster")
	value.lacks_block(cluster, "setting", {"name": "containerInsights", "value": "enabled"})
	value.lacks_block(cluster, "setting", {"name": "containerInsights", "value": "enhanced"})
}

# METADATA
# title: Sessions in containers are logged
# description: >-
#   ECS Exec opens a shell in a running container. With NONE nobody can tell what was typed there.
# related_resources:
#   - https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_ecs_cluster
#   reads: [configuration.execute_command_configuration.logging]
#   aspects: [DT-7.c]
#   remedy: 'set logging = "OVERRIDE" with a log configuration, or remove it'
exec_logging contains finding.at(cluster, "configuration.execute_command_configuration.logging", "commands that are run in containers are not logged") if {
	some cluster in resource.all("aws_ecs_cluster")
	value.is(cluster, "configuration.execute_command_configuration.logging", "NONE")
}

# METADATA
# title: Capacity providers spare instances that run tasks
# description: >-
#   Without termination protection the group that scales in stops instances with running tasks.
# related_resources:
#   - https://docs.aws.amazon.com/AmazonECS/latest/developerguide/managed-termination-protection.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_ecs_capacity_provider
#   reads: [auto_scaling_group_provider.managed_termination_protection]
#   pedantic: [RS-3.c]
#   remedy: 'set managed_termination_protection = "ENABLED" / ManagedTerminationProtection: ENABLED'
capacity_provider_termination_protection contains finding.at(provider, "auto_scaling_group_provider.managed_termination_protection", "instances that run tasks may be stopped") if {
	some provider in resource.all("aws_ecs_capacity_provider")
	value.is(provider, "auto_scaling_group_provider.managed_termination_protection", "DISABLED")
}
