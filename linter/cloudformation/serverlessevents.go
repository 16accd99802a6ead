package cloudformation

import (
	"slices"
	"strings"
)

// target is what an event source calls: a function, its alias, or a state machine.
type target struct {
	origin  *origin
	arn     *node  // the ARN to call
	callee  *node  // what names it in a permission or mapping
	alias   string // the alias's logical id, or ""
	service string // "lambda" or "states"
}

// event is one member of Events.
type event struct {
	maker
	target
	name       string // the logical id that SAM gives what it makes of it
	kind       string
	properties *node
}

// events expands the event sources of a function.
// https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-function-eventsource.html
func (x *expansion) events(o *origin, t target) {
	all := x.eventsOf(o)
	byDefault := x.defaultRoutes(all)
	for _, ev := range all {
		ev.target = t
		switch ev.kind {
		case "Api":
			x.apiEvent(ev)
		case "HttpApi":
			x.httpApiEvent(ev, byDefault)
		case "SQS", "Kinesis", "DynamoDB", "MSK", "MQ", "SelfManagedKafka", "DocumentDB":
			x.mapping(ev, ev.name, ev.source())
		case "SNS":
			x.topicEvent(ev)
		case "S3":
			x.bucketEvent(ev)
		case "Schedule", "CloudWatchEvent", "EventBridgeRule":
			x.ruleEvent(ev)
		case "ScheduleV2":
			x.scheduleEvent(ev)
		case "IoTRule":
			x.iotEvent(ev)
		case "CloudWatchLogs":
			x.logsEvent(ev)
		case "AlexaSkill":
			x.permit(ev, ev.name+"Permission", "alexa-appkit.amazon.com", ev.moved("EventSourceToken", ev.properties.pair("SkillId")))
		case "Cognito":
			x.poolEvent(ev)
		default:
			x.gaps = append(x.gaps, unexpanded{name: ev.name, kind: "an event source of type " + ev.kind, at: ev.at, body: ev.properties, scope: o.scope})
		}
	}
}

// eventsOf reads the event sources of a function or state machine.
func (x *expansion) eventsOf(o *origin) []event {
	section := x.settled(o.properties, "Events")
	if section == nil || section.kind != mappingNode {
		return nil
	}
	var out []event
	for i := range section.pairs {
		p := &section.pairs[i]
		body := x.settle(p.value)
		kind, known := x.literal(body.get("Type"))
		if !known {
			continue
		}
		ev := event{maker: maker{section.nameAt(p)}, name: o.name + p.name, kind: kind, properties: x.settled(body, "Properties")}
		if ev.properties == nil || ev.properties.kind != mappingNode {
			ev.properties = ev.object()
		}
		ev.origin = o
		out = append(out, ev)
	}
	return out
}

// sourceProperties name the property of an event that its mapping reads from.
var sourceProperties = [...]string{"Queue", "Stream", "Broker"}

func (ev event) source() pair {
	for _, name := range sourceProperties {
		if p := ev.properties.pair(name); p != nil {
			return ev.moved("EventSourceArn", p)
		}
	}
	switch ev.kind {
	case "MSK", "DocumentDB":
		if p := ev.properties.pair("Cluster"); p != nil {
			return ev.moved("EventSourceArn", p)
		}
		return ev.moved("EventSourceArn", ev.properties.pair("Stream"))
	case "SelfManagedKafka":
		if p := ev.properties.pair("KafkaBootstrapServers"); p != nil {
			return ev.member("SelfManagedEventSource", ev.object(ev.member("Endpoints", ev.object(*p))))
		}
	}
	return pair{}
}

// configOf names the property of a mapping that holds what only this kind of
// source has, which SAM writes beside the rest.
var configOf = map[string]string{
	"MSK": "AmazonManagedKafkaEventSourceConfig", "SelfManagedKafka": "SelfManagedKafkaEventSourceConfig",
	"DocumentDB": "DocumentDBEventSourceConfig",
}

var configProperties = [...]string{"ConsumerGroupId", "SchemaRegistryConfig", "DatabaseName", "CollectionName", "FullDocument"}

// mapping makes the event source mapping of a queue or stream.
func (x *expansion) mapping(ev event, name string, source pair) {
	properties := []pair{ev.member("FunctionName", ev.callee), source}
	var config []pair
	for _, p := range ev.properties.pairs {
		switch {
		case p.name == "KafkaBootstrapServers" || p.name == "Cluster" || slices.Contains(sourceProperties[:], p.name):
		case configOf[ev.kind] != "" && slices.Contains(configProperties[:], p.name):
			config = append(config, p)
		default:
			properties = append(properties, p)
		}
	}
	if config != nil {
		properties = append(properties, ev.member(configOf[ev.kind], ev.object(config...)))
	}
	x.make(ev.origin, name, ev.maker, "AWS::Lambda::EventSourceMapping", properties...)
}

// eventPolicies gives a function's role what its event sources need.
func (x *expansion) eventPolicies(o *origin, r *roleMaker) {
	for _, ev := range x.eventsOf(o) {
		switch ev.kind {
		case "SQS":
			r.manage(ev.maker, "service-role/AWSLambdaSQSQueueExecutionRole")
		case "SNS":
			if sqs := x.settled(ev.properties, "SqsSubscription"); sqs != nil && (sqs.kind == mappingNode || x.holds(sqs)) {
				r.manage(ev.maker, "service-role/AWSLambdaSQSQueueExecutionRole")
			}
		case "Kinesis":
			r.manage(ev.maker, "service-role/AWSLambdaKinesisExecutionRole")
		case "DynamoDB":
			r.manage(ev.maker, "service-role/AWSLambdaDynamoDBExecutionRole")
		case "MSK":
			r.manage(ev.maker, "service-role/AWSLambdaMSKExecutionRole")
		case "MQ", "SelfManagedKafka", "DocumentDB":
			r.inline(ev.maker, strings.TrimPrefix(ev.name, o.name)+"Policy", ev.document(x.sourceStatements(ev)...))
		}
		failed := x.settled(x.settled(x.settled(ev.properties, "DestinationConfig"), "OnFailure"), "Destination")
		if failed == nil || ev.kind != "Kinesis" && ev.kind != "DynamoDB" && ev.kind != "MSK" {
			continue
		}
		action := "sqs:SendMessage"
		switch kind, _ := x.literal(ev.properties.get("DestinationConfig").get("OnFailure").get("Type")); kind {
		case "SNS":
			action = "sns:Publish"
		case "S3Bucket":
			action = "s3:PutObject"
		}
		r.inline(ev.maker, strings.TrimPrefix(ev.name, o.name)+"Policy", ev.document(ev.statement(action, ev.member("Resource", failed))))
	}
}

// sourceStatements let a function read from a source that SAM has no managed
// policy for: its credentials, the source, the network it lies in.
func (x *expansion) sourceStatements(ev event) []*node {
	var out []*node
	if access := x.settled(ev.properties, "SourceAccessConfigurations"); access != nil {
		for _, item := range access.items {
			if uri := x.settle(item).get("URI"); uri != nil {
				if kind, _ := x.literal(x.settle(item).get("Type")); strings.HasPrefix(kind, "VPC_") || kind == "VIRTUAL_HOST" {
					continue
				}
				out = append(out, ev.statement("secretsmanager:GetSecretValue", ev.member("Resource", uri)))
			}
		}
	}
	switch ev.kind {
	case "MQ":
		return append(out, ev.statement("mq:DescribeBroker", ev.moved("Resource", ev.properties.pair("Broker"))))
	case "DocumentDB":
		out = append(out, ev.statement("rds:DescribeDBClusters", ev.moved("Resource", ev.properties.pair("Cluster"))))
	}
	network := ev.statement("", ev.member("Resource", ev.text("*")))
	network.pair("Action").value = ev.list(ev.text("ec2:CreateNetworkInterface"), ev.text("ec2:DescribeNetworkInterfaces"),
		ev.text("ec2:DeleteNetworkInterface"), ev.text("ec2:DescribeVpcs"), ev.text("ec2:DescribeSubnets"), ev.text("ec2:DescribeSecurityGroups"))
	return append(out, network)
}

// permit lets a service call the function.
func (x *expansion) permit(ev event, name, principal string, more ...pair) {
	properties := append([]pair{ev.member("Action", ev.text("lambda:InvokeFunction")),
		ev.member("FunctionName", ev.callee), ev.member("Principal", ev.text(principal))}, more...)
	x.make(ev.origin, name, ev.maker, "AWS::Lambda::Permission", properties...)
}

// topicEvent subscribes a function, or a queue in between, to a topic.
func (x *expansion) topicEvent(ev event) {
	topic := ev.properties.pair("Topic")
	subscription := []pair{ev.moved("TopicArn", topic), ev.moved("Region", ev.properties.pair("Region")),
		ev.moved("FilterPolicy", ev.properties.pair("FilterPolicy")), ev.moved("FilterPolicyScope", ev.properties.pair("FilterPolicyScope")),
		ev.moved("RedrivePolicy", ev.properties.pair("RedrivePolicy"))}
	queue := x.settled(ev.properties, "SqsSubscription")
	if queue == nil || queue.kind != mappingNode && !x.holds(queue) {
		x.make(ev.origin, ev.name, ev.maker, "AWS::SNS::Subscription",
			append(subscription, ev.member("Protocol", ev.text("lambda")), ev.member("Endpoint", ev.arn))...)
		x.permit(ev, ev.name+"Permission", "sns.amazonaws.com", ev.moved("SourceArn", topic))
		return
	}
	arn, url := queue.get("QueueArn"), queue.get("QueueUrl")
	if arn == nil {
		x.make(ev.origin, ev.name+"Queue", ev.maker, "AWS::SQS::Queue")
		arn, url = ev.getAtt(ev.name+"Queue", "Arn"), ev.ref(ev.name+"Queue")
	}
	policy, known := x.literal(queue.get("QueuePolicyLogicalId"))
	if !known {
		policy = ev.name + "QueuePolicy"
	}
	x.queuePolicy(ev, policy, arn, url, ev.member("Principal", ev.text("*")), ev.moved("aws:SourceArn", topic))
	x.make(ev.origin, ev.name, ev.maker, "AWS::SNS::Subscription",
		append(subscription, ev.member("Protocol", ev.text("sqs")), ev.member("Endpoint", arn))...)
	x.make(ev.origin, ev.name+"EventSourceMapping", ev.maker, "AWS::Lambda::EventSourceMapping",
		ev.member("FunctionName", ev.callee), ev.member("EventSourceArn", arn), ev.moved("BatchSize", queue.pair("BatchSize")),
		ev.moved("Enabled", queue.pair("Enabled")))
}

// queuePolicy lets a principal send to a queue, from one source.
func (x *expansion) queuePolicy(ev event, name string, arn, url *node, principal, source pair) {
	x.make(ev.origin, name, ev.maker, "AWS::SQS::QueuePolicy",
		ev.member("Queues", ev.list(url)),
		ev.member("PolicyDocument", ev.document(ev.statement("sqs:SendMessage", principal, ev.member("Resource", arn),
			ev.member("Condition", ev.object(ev.member("ArnEquals", ev.object(source))))))))
}

// bucketEvent lets a bucket of the template call the function, and tells the bucket to.
func (x *expansion) bucketEvent(ev event) {
	x.permit(ev, ev.name+"Permission", "s3.amazonaws.com", ev.member("SourceAccount", ev.ref("AWS::AccountId")))
	kinds := x.settled(ev.properties, "Events")
	if kinds != nil && kinds.kind != sequenceNode {
		kinds = ev.list(kinds)
	}
	if kinds == nil {
		return
	}
	var calls []*node
	for _, kind := range kinds.items {
		calls = append(calls, ev.object(ev.member("Event", kind), ev.moved("Filter", ev.properties.pair("Filter")), ev.member("Function", ev.arn)))
	}
	x.extend(ev.properties.get("Bucket"), ev.object(ev.member("NotificationConfiguration",
		ev.object(ev.member("LambdaConfigurations", ev.list(calls...))))))
}

// poolEvent lets a user pool of the template call the function, and tells the pool to.
func (x *expansion) poolEvent(ev event) {
	pool := ev.properties.get("UserPool")
	name, known := refersTo(pool)
	if !known {
		return
	}
	x.permit(ev, ev.origin.name+"CognitoPermission", "cognito-idp.amazonaws.com", ev.member("SourceArn", ev.getAtt(name, "Arn")))
	triggers := x.settled(ev.properties, "Trigger")
	if triggers != nil && triggers.kind != sequenceNode {
		triggers = ev.list(triggers)
	}
	if triggers == nil {
		return
	}
	var members []pair
	for _, trigger := range triggers.items {
		if name, known := x.literal(trigger); known {
			members = append(members, ev.member(name, ev.arn))
		}
	}
	x.extend(pool, ev.object(ev.member("LambdaConfig", ev.object(members...))))
}

// extend notes that a resource of the template gets further properties.
func (x *expansion) extend(reference, more *node) {
	if name, known := refersTo(reference); known {
		x.extensions = append(x.extensions, extension{name, more})
	}
}

// extension is what an event source adds to a resource of the template.
type extension struct {
	name string
	more *node
}

// refersTo is the logical id in a Ref.
func refersTo(n *node) (string, bool) {
	if name, argument, ok := n.call(); ok && name == "Ref" && argument.kind == stringNode {
		return argument.text, true
	}
	return "", false
}

// state is a rule's State where the event says whether it is enabled.
func (x *expansion) state(ev event) pair {
	if p := ev.properties.pair("State"); p != nil {
		return *p
	}
	p := ev.properties.pair("Enabled")
	if p == nil {
		return pair{}
	}
	enabled, known := x.literal(p.value)
	if !known {
		return ev.moved("State", p)
	}
	place := maker{p.value.at()}
	text := "ENABLED"
	if !strings.EqualFold(enabled, "true") {
		text = "DISABLED"
	}
	return ev.moved("State", &pair{start: p.start, end: p.end, value: place.text(text)})
}

// ruleEvent makes a rule of EventBridge, by schedule or pattern.
func (x *expansion) ruleEvent(ev event) {
	called := []pair{ev.member("Arn", ev.arn), ev.member("Id", ev.text(ev.name+"Target"))}
	for _, name := range [...]string{"Input", "InputPath", "InputTransformer", "RetryPolicy"} {
		called = append(called, ev.moved(name, ev.properties.pair(name)))
	}
	source := ev.getAtt(ev.name, "Arn")
	called = append(called, x.deadLetters(ev, source, "events.amazonaws.com"))
	if ev.service == "states" {
		role := ev.moved("RoleArn", ev.properties.pair("RoleArn"))
		if role.value == nil {
			x.callerRole(ev, "events.amazonaws.com", "states:StartExecution")
			role = ev.member("RoleArn", ev.getAtt(ev.name+"Role", "Arn"))
		}
		called = append(called, role)
	}
	schedule := ev.properties.pair("Schedule")
	pattern := ev.properties.pair("Pattern")
	if pattern == nil {
		pattern = ev.properties.pair("EventPattern")
	}
	x.make(ev.origin, ev.name, ev.maker, "AWS::Events::Rule",
		ev.moved("Name", ev.properties.pair("Name")), ev.moved("Name", ev.properties.pair("RuleName")),
		ev.moved("Description", ev.properties.pair("Description")), ev.moved("ScheduleExpression", schedule),
		ev.moved("EventPattern", pattern), ev.moved("EventBusName", ev.properties.pair("EventBusName")),
		x.state(ev), ev.member("Targets", ev.list(ev.object(called...))))
	if ev.service == "lambda" {
		x.permit(ev, ev.name+"Permission", "events.amazonaws.com", ev.member("SourceArn", source))
	}
}

// deadLetters is where events go that could not be delivered: a queue that is
// named, or one that SAM makes.
func (x *expansion) deadLetters(ev event, source *node, principal string) pair {
	p := ev.properties.pair("DeadLetterConfig")
	if p == nil {
		return pair{}
	}
	config := x.settle(p.value)
	m := maker{ev.properties.nameAt(p)}
	if arn := config.pair("Arn"); arn != nil {
		return m.member("DeadLetterConfig", m.object(*arn))
	}
	if kind, _ := x.literal(config.get("Type")); kind != "SQS" {
		return pair{}
	}
	name := ev.name + "Queue"
	if given, known := x.literal(config.get("QueueLogicalId")); known && given != "" {
		name = given
	}
	x.make(ev.origin, name, m, "AWS::SQS::Queue")
	x.queuePolicy(ev, ev.name+"QueuePolicy", ev.getAtt(name, "Arn"), ev.ref(name),
		ev.member("Principal", ev.object(ev.member("Service", ev.text(principal)))), ev.member("aws:SourceArn", source))
	return m.member("DeadLetterConfig", m.object(m.member("Arn", m.getAtt(name, "Arn"))))
}

// callerRole makes the role in which a service calls the target.
func (x *expansion) callerRole(ev event, service, action string) {
	r := roleMaker{name: ev.name + "Role", trust: ev.trust(service)}
	if arn := x.settle(ev.properties.get("DeadLetterConfig")).get("Arn"); arn != nil && service == "scheduler.amazonaws.com" {
		r.inline(ev.maker, "DeadLetterPolicy", ev.document(ev.statement("sqs:SendMessage", ev.member("Resource", arn))))
	}
	r.inline(ev.maker, "CallTargetPolicy", ev.document(ev.statement(action, ev.member("Resource", ev.arn))))
	x.roleOf(ev.origin, ev.maker, &r, ev.moved("PermissionsBoundary", ev.properties.pair("PermissionsBoundary")))
}

// scheduleEvent makes a schedule of EventBridge Scheduler.
func (x *expansion) scheduleEvent(ev event) {
	role := ev.moved("RoleArn", ev.properties.pair("RoleArn"))
	if role.value == nil {
		action := "lambda:InvokeFunction"
		if ev.service == "states" {
			action = "states:StartExecution"
		}
		x.callerRole(ev, "scheduler.amazonaws.com", action)
		role = ev.member("RoleArn", ev.getAtt(ev.name+"Role", "Arn"))
	}
	window := ev.moved("FlexibleTimeWindow", ev.properties.pair("FlexibleTimeWindow"))
	if window.value == nil {
		window = ev.member("FlexibleTimeWindow", ev.object(ev.member("Mode", ev.text("OFF"))))
	}
	dead := pair{}
	if p := ev.properties.pair("DeadLetterConfig"); p != nil {
		m := maker{ev.properties.nameAt(p)}
		switch arn := x.settle(p.value).pair("Arn"); {
		case arn != nil:
			dead = m.member("DeadLetterConfig", m.object(*arn))
		default:
			x.make(ev.origin, ev.name+"Queue", m, "AWS::SQS::Queue")
			dead = m.member("DeadLetterConfig", m.object(m.member("Arn", m.getAtt(ev.name+"Queue", "Arn"))))
		}
	}
	properties := []pair{window, x.state(ev), ev.member("Target", ev.object(ev.member("Arn", ev.arn), role, dead,
		ev.moved("Input", ev.properties.pair("Input")), ev.moved("RetryPolicy", ev.properties.pair("RetryPolicy"))))}
	for _, name := range [...]string{"ScheduleExpression", "ScheduleExpressionTimezone", "Name", "GroupName", "Description", "StartDate", "EndDate", "KmsKeyArn"} {
		properties = append(properties, ev.moved(name, ev.properties.pair(name)))
	}
	x.make(ev.origin, ev.name, ev.maker, "AWS::Scheduler::Schedule", properties...)
}

func (x *expansion) iotEvent(ev event) {
	x.make(ev.origin, ev.name, ev.maker, "AWS::IoT::TopicRule", ev.member("TopicRulePayload", ev.object(
		ev.moved("Sql", ev.properties.pair("Sql")), ev.moved("AwsIotSqlVersion", ev.properties.pair("AwsIotSqlVersion")),
		ev.member("RuleDisabled", ev.boolean(false)),
		ev.member("Actions", ev.list(ev.object(ev.member("Lambda", ev.object(ev.member("FunctionArn", ev.arn)))))))))
	x.permit(ev, ev.name+"Permission", "iot.amazonaws.com", ev.member("SourceAccount", ev.ref("AWS::AccountId")), ev.member("SourceArn",
		ev.sub("arn:${AWS::Partition}:iot:${AWS::Region}:${AWS::AccountId}:rule/${RuleName}", ev.member("RuleName", ev.ref(ev.name)))))
}

func (x *expansion) logsEvent(ev event) {
	group := ev.properties.pair("LogGroupName")
	x.make(ev.origin, ev.name, ev.maker, "AWS::Logs::SubscriptionFilter", ev.moved("LogGroupName", group),
		ev.moved("FilterPattern", ev.properties.pair("FilterPattern")), ev.member("DestinationArn", ev.arn))
	if group != nil {
		x.permit(ev, ev.name+"Permission", "logs.amazonaws.com", ev.member("SourceArn",
			ev.sub("arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:${__LogGroupName__}:*", ev.moved("__LogGroupName__", group))))
	}
}
