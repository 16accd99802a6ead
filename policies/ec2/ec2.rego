# Instances, their disks, their metadata service and what starts in them.
package demarc.ec2

import data.demarc.lib.resource
import data.demarc.lib.value

launchers := ["aws_instance", "aws_launch_template", "aws_launch_configuration"]

launched := [r | some type in launchers; some r in resource.all(type)]

# own_options: no launch template decides for the instance.
own_options contains r.id if {
	some r in launched
	value.none(r, "launch_template")
}

own_options contains r.id if {
	some type in ["aws_launch_template", "aws_launch_configuration"]
	some r in resource.all(type)
}
