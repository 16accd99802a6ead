# What a task shares with its host.
package demarc.ecs

import data.demarc.lib.finding
import data.demarc.lib.resource
import data.demarc.lib.value

# METADATA
# title: Tasks do not see the processes of their host
# description: >-
#   A task in the process namespace of its host sees and may signal every process there, and reads their
#   environments.
# related_resources:
#   - https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html
# custom:
#   severity: high
#   profile: default
#   subject: aws_ecs_task_definition
#   reads: [pid_mode]
#   aspects: [OS-7.a]
#   remedy: 'remove pid_mode / PidMode, or set it to "task"'
host_pid contains finding.at(task, "pid_mode", "the task sees all processes of its host") if {
	some task in resource.all("aws_ecs_task_definition")
	value.is(task, "pid_mode", "host")
}

# METADATA
# title: Tasks do not share the memory of their host
# description: >-
#   In the IPC namespace of its host a task reads and writes the shared memory of other tasks and of the host.
# related_resources:
#   - https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_ecs_task_definition
#   reads: [ipc_mode]
#   aspects: [OS-7.a]
#   remedy: 'remove ipc_mode / IpcMode, or set it to "task"'
host_ipc contains finding.at(task, "ipc_mode", "the task shares memory and message queues with its host") if {
	some task in resource.all("aws_ecs_task_definition")
	value.is(task, "ipc_mode", "host")
}

# METADATA
# title: Tasks do not share the network of their host
# description: >-
#   In host mode a task listens on the addresses of its instance and reaches what listens on its loopback, the
#   agents and their credentials included.
# related_resources:
#   - https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-networking.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_ecs_task_definition
#   reads: [network_mode]
#   aspects: [OS-7.a]
#   remedy: 'set network_mode = "awsvpc" / NetworkMode: awsvpc'
host_network_mode contains finding.at(task, "network_mode", "the task uses the network of its host") if {
	some task in resource.all("aws_ecs_task_definition")
	value.is(task, "network_mode", "host")
}

# METADATA
# title: Tasks have a network interface of their own
# description: >-
#   With awsvpc each task has an address and security groups of its own. On the bridge all tasks of an instance
#   share those of the instance.
# related_resources:
#   - https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-networking.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_ecs_task_definition
#   reads: [network_mode]
#   pedantic: [OS-7.a]
#   remedy: 'set network_mode = "awsvpc" / NetworkMode: awsvpc'
network_mode contains finding.at(task, "network_mode", "the task shares the address and the security groups of its instance") if {
	some task in resource.all("aws_ecs_task_definition")
	value.is(task, "network_mode", "bridge")
}

# METADATA
# title: Tasks do not mount the runtime or the root of their host
# description: >-
#   Who writes to the socket of the container runtime starts privileged containers; who writes to the root of
#   the host owns it.
# related_resources:
#   - https://docs.aws.amazon.com/AmazonECS/latest/developerguide/bind-mounts.html
# custom:
#   severity: high
#   profile: default
#   subject: aws_ecs_task_definition
#   reads: [volume.host_path]
#   aspects: [OS-7.a]
#   remedy: remove the volume, or mount a directory of the task alone
docker_socket_mount contains finding.tagged(task, value.path(volume, "host_path"), message, volume.host_path) if {
	some task in tasks
	some volume in task.values.volume
	value.matches(volume, "host_path", ruling)
	message := sprintf("the task mounts %s of its host", [volume.host_path])
}

ruling := `^/+((var/)?run(/(docker|containerd)(/containerd)?\.sock)?|etc|proc|sys|root|var/lib/(docker|containerd|ecs))?/*$`

# METADATA
# title: Tasks mount file systems over TLS
# description: >-
#   A volume of EFS is mounted in clear unless the task definition says otherwise, and its data crosses the
#   network for others to read.
# related_resources:
#   - https://docs.aws.amazon.com/AmazonECS/latest/developerguide/efs-volumes.html
# custom:
#   severity: high
#   profile: default
#   subject: aws_ecs_task_definition
#   reads: [volume.efs_volume_configuration]
#   aspects: [TR-4.a]
#   remedy: 'set transit_encryption = "ENABLED" / TransitEncryption: ENABLED'
efs_transit_encryption contains finding.tagged(task, value.path(volume, "efs_volume_configuration.transit_encryption"), message, named(volume)) if {
	some task in tasks
	some volume in task.values.volume
	volume.efs_volume_configuration.transit_encryption == "DISABLED"
	message := sprintf("%s is mounted in clear", [named(volume)])
}

named(volume) := sprintf("the volume %s", [volume.name]) if {
	is_string(volume.name)
} else := "a volume"

# METADATA
# title: Tasks and the agent that starts them have different roles
# description: >-
#   The execution role may pull images and read the secrets of all containers. An application that runs as that
#   role may as well.
# related_resources:
#   - https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html
# custom:
#   severity: medium
#   profile: extended
#   subject: aws_ecs_task_definition
#   presence: [task_role_arn, execution_role_arn]
#   pedantic: [ID-3.b]
#   remedy: give task_role_arn / TaskRoleArn a role of its own
separate_roles contains finding.at(task, "task_role_arn", "the application runs as the role that starts it") if {
	some task in tasks
	some id in task.links.task_role_arn
	id in task.links.execution_role_arn
}

separate_roles contains finding.at(task, "task_role_arn", "the application runs as the role that starts it") if {
	some task in tasks
	is_string(task.values.task_role_arn)
	value.is(task, "execution_role_arn", task.values.task_role_arn)
}
