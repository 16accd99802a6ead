# State machines.
package demarc.stepfunctions

import data.demarc.lib.finding
import data.demarc.lib.resource
import data.demarc.lib.value

# METADATA
# title: State machines log their executions
# description: >-
#   Without a level what an execution did is kept for 90 days at most, and of express ones not at all.
# related_resources:
#   - https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html
# custom:
#   severity: medium
#   profile: extended
#   subject: aws_sfn_state_machine
#   reads: [logging_configuration.level]
#   pedantic: [DT-7.c]
#   remedy: 'set logging_configuration { level = "ERROR" } with a destination / LoggingConfiguration'
logging contains finding.at(machine, "logging_configuration.level", "executions are not logged") if {
	some machine in resource.all("aws_sfn_state_machine")
	value.is(machine, "logging_configuration.level", "OFF")
}

# METADATA
# title: Logs of state machines hold input and output of steps
# description: >-
#   Without them the log says that a step failed, but not with what. They may hold personal data.
# related_resources:
#   - https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_sfn_state_machine
#   reads: [logging_configuration.include_execution_data]
#   pedantic: [DT-7.c]
#   remedy: 'set include_execution_data = true / IncludeExecutionData: true'
logging_execution_data contains finding.at(machine, "logging_configuration.include_execution_data", "the log holds no input and output of steps") if {
	some machine in resource.all("aws_sfn_state_machine")
	value.is(machine, "logging_configuration.include_execution_data", false)
}

# METADATA
# title: State machines trace their executions
# description: >-
#   A trace shows where an execution spent its time and where it failed, across the services that it calls.
# related_resources:
#   - https://docs.aws.amazon.com/step-functions/latest/dg/concepts-xray-tracing.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_sfn_state_machine
#   reads: [tracing_configuration.enabled]
#   pedantic: [OS-6.d]
#   remedy: 'set tracing_configuration { enabled = true } / TracingConfiguration'
tracing contains finding.at(machine, "tracing_configuration.enabled", "executions are not traced") if {
	some machine in resource.all("aws_sfn_state_machine")
	value.is(machine, "tracing_configuration.enabled", false)
}
