# What a container may do, and what it carries.
package demarc.ecs

import data.demarc.lib.finding
import data.demarc.lib.secret
import data.demarc.lib.value

# METADATA
# title: Containers are not privileged
# description: >-
#   A privileged container has every capability and device of its host: who breaks out of the application owns
#   the instance, and the other tasks on it.
# related_resources:
#   - https://docs.aws.amazon.com/AmazonECS/latest/developerguide/security-tasks-containers.html
# custom:
#   severity: high
#   profile: default
#   subject: aws_ecs_task_definition
#   reads: [container_definitions.privileged]
#   aspects: [OS-7.a]
#   remedy: remove privileged, or set it to false
privileged_container contains finding.tagged(task, value.path(container, "privileged"), message, called(container)) if {
	some task in tasks
	some container in task.values.container_definitions
	value.is(container, "privileged", true)
	message := sprintf("%s runs privileged", [called(container)])
}

# METADATA
# title: Containers cannot write to their root file system
# description: >-
#   With a writable root file system an intruder can replace the application or leave tools behind. What has to
#   be written belongs on a volume.
# related_resources:
#   - https://docs.aws.amazon.com/AmazonECS/latest/developerguide/security-tasks-containers.html
# custom:
#   severity: medium
#   profile: extended
#   subject: aws_ecs_task_definition
#   when: [runtime_platform.operating_system_family]
#   reads: [container_definitions.readonly_root_filesystem]
#   aspects: [OS-7.b]
#   remedy: set readonlyRootFilesystem to true in the container definition
readonly_root contains finding.tagged(task, value.path(container, "readonly_root_filesystem"), message, called(container)) if {
	some task in tasks
	some container in task.values.container_definitions
	value.is(container, "readonly_root_filesystem", false)
	message := sprintf("%s can write to its root file system", [called(container)])
}

readonly_root_applies contains task.id if {
	some task in tasks
	linux(task)
}

linux(task) if value.differs_from(task, "runtime_platform.operating_system_family", `^WINDOWS`)

# METADATA
# title: Containers send their logs somewhere
# description: >-
#   What a container without a log configuration prints is lost with it: nobody can say afterwards what it did.
# related_resources:
#   - https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_awslogs.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_ecs_task_definition
#   reads: [container_definitions.log_driver]
#   aspects: [DT-16.b]
#   remedy: set logConfiguration in the container definition, with the driver awslogs for example
container_logging contains finding.tagged(task, value.path(container, "log_driver"), message, called(container)) if {
	some task in tasks
	some container in task.values.container_definitions
	value.none(container, "log_driver")
	message := sprintf("%s sends its log nowhere", [called(container)])
}

# METADATA
# title: Containers add no dangerous capabilities
# description: >-
#   SYS_ADMIN, NET_ADMIN and their like take away most of what separates a container from its host and from its
#   neighbours.
# related_resources:
#   - https://docs.aws.amazon.com/AmazonECS/latest/developerguide/security-tasks-containers.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_ecs_task_definition
#   reads: [container_definitions.added_capabilities]
#   aspects: [OS-7.a]
#   remedy: remove the capability from linuxParameters.capabilities.add
added_capabilities contains finding.tagged(task, value.path(container, "added_capabilities"), message, tag) if {
	some task in tasks
	some container in task.values.container_definitions
	some capability in container.added_capabilities
	upper(capability) in dangerous
	message := sprintf("%s adds the capability %s", [called(container), capability])
	tag := concat(" ", [called(container), upper(capability)])
}

# Those that reach the host or other containers. https://man7.org/linux/man-pages/man7/capabilities.7.html
dangerous := {"ALL", "BPF", "DAC_READ_SEARCH", "NET_ADMIN", "NET_RAW", "SYS_ADMIN", "SYS_MODULE", "SYS_PTRACE", "SYS_RAWIO"}

# METADATA
# title: Container environments hold no secrets
# description: >-
#   Variables of a task definition are shown in the console and kept in every revision and in the state file. A
#   secret belongs into Secrets Manager or Parameter Store; the container names it under secrets.
# related_resources:
#   - https://docs.aws.amazon.com/AmazonECS/latest/developerguide/specifying-sensitive-data.html
# custom:
#   severity: critical
#   profile: default
#   subject: aws_ecs_task_definition
#   weighs: [container_definitions.environment.value]
#   aspects: [ID-7.b, OS-2.b]
#   only_breaks: [ID-7.b]
#   secret: true
#   remedy: name the secret under secrets with valueFrom, and remove it from environment
plaintext_secrets contains finding.tagged(task, value.path(entry, "value"), message, tag) if {
	some task in tasks
	some container in task.values.container_definitions
	some entry in container.environment
	kinds := secret.in_variable(entry.name, entry.value)
	kinds != set()
	message := sprintf("the variable %s of %s holds %s", [entry.name, called(container), concat(" and ", kinds)])
	tag := sprintf("%s: %s", [called(container), entry.name])
}

# METADATA
# title: Containers declare a health check
# description: >-
#   ECS replaces a container that is sick only if it is told how to ask. A load balancer asks as well, but only
#   for what it serves.
# related_resources:
#   - https://docs.aws.amazon.com/AmazonECS/latest/developerguide/healthcheck.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_ecs_task_definition
#   reads: [container_definitions.health_check]
#   pedantic: [RS-2.a]
#   remedy: set healthCheck in the container definition
health_check contains finding.tagged(task, value.path(container, "health_check"), message, called(container)) if {
	some task in tasks
	some container in task.values.container_definitions
	value.none(container, "health_check")
	message := sprintf("%s has no health check", [called(container)])
}

# METADATA
# title: Containers do not run as root
# description: >-
#   Without a user, or with root, the image decides and most images say root: an intruder then owns all that the
#   container holds.
# related_resources:
#   - https://docs.aws.amazon.com/AmazonECS/latest/developerguide/security-tasks-containers.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_ecs_task_definition
#   when: [runtime_platform.operating_system_family]
#   reads: [container_definitions.user]
#   pedantic: [OS-7.b]
#   remedy: 'set user in the container definition, such as "1000:1000"'
linux_user_stated contains finding.tagged(task, value.path(container, "user"), message, called(container)) if {
	some task in tasks
	some container in task.values.container_definitions
	some said in rooted(container)
	message := sprintf("%s %s", [called(container), said])
}

rooted(container) := {"does not say which user it runs as"} if value.none(container, "user")

rooted(container) := {"runs as root"} if value.matches(container, "user", `^(root|0)(:|$)`)

linux_user_stated_applies contains task.id if {
	some task in tasks
	linux(task)
}

# METADATA
# title: Windows containers do not run as their administrator
# description: >-
#   Without a user the image decides, and images say ContainerAdministrator: an intruder then owns all that the
#   container holds.
# related_resources:
#   - https://docs.aws.amazon.com/AmazonECS/latest/developerguide/security-tasks-containers.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_ecs_task_definition
#   when: [runtime_platform.operating_system_family]
#   reads: [container_definitions.user]
#   pedantic: [OS-7.b]
#   remedy: set user to ContainerUser in the container definition
windows_user contains finding.tagged(task, value.path(container, "user"), message, called(container)) if {
	some task in tasks
	some container in task.values.container_definitions
	some said in administers(container)
	message := sprintf("%s %s", [called(container), said])
}

administers(container) := {"does not say which user it runs as"} if value.none(container, "user")

administers(container) := {"runs as its administrator"} if value.matches(container, "user", `(?i)^ContainerAdministrator$`)

windows_user_applies contains task.id if {
	some task in tasks
	value.matches(task, "runtime_platform.operating_system_family", `^WINDOWS`)
}
