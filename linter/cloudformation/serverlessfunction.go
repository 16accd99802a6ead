package cloudformation

import "strings"

// function expands AWS::Serverless::Function.
// https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-function.html
func (x *expansion) function(o *origin) {
	properties := o.rest("CodeUri", "InlineCode", "ImageUri", "DeadLetterQueue", "Tracing", "Tags", "Role", "Policies",
		"PermissionsBoundary", "AssumeRolePolicyDocument", "RolePath", "Events", "EventInvokeConfig", "FunctionUrlConfig",
		"AutoPublishAlias", "AutoPublishAliasAllProperties", "AutoPublishCodeSha256", "VersionDescription", "DeploymentPreference",
		"ProvisionedConcurrencyConfig", "VersionDeletionPolicy", "PropagateTags", "PublishToLatestPublished")
	properties = append(properties, x.code(o), o.member("Tags", o.tagList(x.settled(o.properties, "Tags"),
		o.object(o.member("Key", o.text("lambda:createdBy")), o.member("Value", o.text("SAM"))))))
	if dlq := o.property("DeadLetterQueue"); dlq != nil {
		config := maker{o.properties.nameAt(dlq)}
		properties = append(properties, config.member("DeadLetterConfig",
			config.object(config.moved("TargetArn", x.settle(dlq.value).pair("TargetArn")))))
	}
	if tracing := o.property("Tracing"); tracing != nil {
		if mode, known := x.literal(tracing.value); !known || mode != "Disabled" {
			config := maker{o.properties.nameAt(tracing)}
			properties = append(properties, config.member("TracingConfig", config.object(config.moved("Mode", tracing))))
		}
	}
	role := x.functionRole(o)
	properties = append(properties, role)
	x.main(o, "AWS::Lambda::Function", properties...)

	t := target{origin: o, arn: o.getAtt(o.name, "Arn"), callee: o.ref(o.name), service: "lambda"}
	if alias := x.settled(o.properties, "AutoPublishAlias"); alias != nil {
		t = x.published(o, alias)
	}
	x.invokeConfig(o)
	x.functionURL(o)
	x.deploymentPreference(o, t)
	x.events(o, t)
}

// code is where a function's code comes from.
func (x *expansion) code(o *origin) pair {
	if p := o.property("InlineCode"); p != nil {
		return o.member("Code", o.object(o.moved("ZipFile", p)))
	}
	if p := o.property("ImageUri"); p != nil {
		return o.member("Code", o.object(o.moved("ImageUri", p)))
	}
	p := o.property("CodeUri")
	if p == nil {
		return pair{}
	}
	return o.moved("Code", &pair{start: p.start, end: p.end, value: x.location(maker{o.properties.nameAt(p)}, x.settle(p.value), "S3Bucket", "S3Key", "S3ObjectVersion")})
}

// location reads SAM's {Bucket, Key, Version}, or s3://bucket/key, or a local
// path which the packaging will upload to a place that is not known now.
func (x *expansion) location(m maker, uri *node, bucket, key, version string) *node {
	switch {
	case uri == nil:
		return nil
	case uri.kind == mappingNode && uri.get("Bucket") != nil:
		return m.object(m.moved(bucket, uri.pair("Bucket")), m.moved(key, uri.pair("Key")), m.moved(version, uri.pair("Version")))
	case uri.kind == stringNode && strings.HasPrefix(uri.text, "s3://"):
		b, k, _ := strings.Cut(strings.TrimPrefix(uri.text, "s3://"), "/")
		place := maker{uri.at()}
		return m.object(m.member(bucket, place.text(b)), m.member(key, place.text(k)))
	}
	return m.object()
}

// functionRole makes the role of a function that names none, and returns the
// function's Role.
func (x *expansion) functionRole(o *origin) pair {
	if p := o.property("Role"); p != nil && x.settle(p.value) != nil {
		return *p
	}
	name := o.name + "Role"
	r := roleMaker{name: name, trust: o.trust("lambda.amazonaws.com")}
	if p := o.property("AssumeRolePolicyDocument"); p != nil {
		r.trust, r.trustKey = p.value, p
	}
	r.manage(o.maker, "service-role/AWSLambdaBasicExecutionRole")
	if tracing := o.property("Tracing"); tracing != nil {
		if mode, _ := x.literal(tracing.value); mode != "Disabled" {
			r.manage(maker{o.properties.nameAt(tracing)}, "AWSXrayWriteOnlyAccess")
		}
	}
	if vpc := o.property("VpcConfig"); vpc != nil && x.settle(vpc.value) != nil {
		r.manage(maker{o.properties.nameAt(vpc)}, "service-role/AWSLambdaVPCAccessExecutionRole")
	}
	if dlq := o.property("DeadLetterQueue"); dlq != nil {
		action := "sqs:SendMessage"
		if kind, _ := x.literal(x.settle(dlq.value).get("Type")); kind == "SNS" {
			action = "sns:Publish"
		}
		m := maker{o.properties.nameAt(dlq)}
		r.inline(m, "DeadLetterQueuePolicy", m.document(m.statement(action, m.moved("Resource", x.settle(dlq.value).pair("TargetArn")))))
	}
	x.eventPolicies(o, &r)
	x.destinationPolicies(o, &r)
	x.role(o, &r, "lambda:createdBy")
	return o.member("Role", o.getAtt(name, "Arn"))
}

// published makes the version and the alias of AutoPublishAlias. SAM appends
// a hash of the code to the version's name, which is left out here.
func (x *expansion) published(o *origin, alias *node) target {
	m := maker{alias.at()}
	name, known := x.literal(alias)
	if !known {
		name = ""
	}
	version := x.make(o, o.name+"Version", m, "AWS::Lambda::Version", m.member("FunctionName", m.ref(o.name)),
		m.moved("Description", o.property("VersionDescription")))
	version.body.pairs = append(version.body.pairs, m.member("DeletionPolicy", m.text("Retain")))
	id := o.name + "Alias" + aliasID(name)
	x.make(o, id, m, "AWS::Lambda::Alias", m.member("Name", alias), m.member("FunctionName", m.ref(o.name)),
		m.member("FunctionVersion", m.getAtt(version.name, "Version")),
		m.moved("ProvisionedConcurrencyConfig", o.property("ProvisionedConcurrencyConfig")))
	x.alias(o, "Version", version.name)
	x.alias(o, "Alias", id)
	return target{origin: o, arn: m.ref(id), callee: m.ref(id), alias: id, service: "lambda"}
}

// aliasID is an alias's name in a logical id.
func aliasID(name string) string {
	return alphanumeric(strings.NewReplacer("-", "D", "_", "U").Replace(name))
}

// functionURL makes a function's URL. SAM also makes two permissions for
// everybody where AuthType is NONE; they say what the URL says and are left
// out, or one line would break three rules.
func (x *expansion) functionURL(o *origin) {
	p := o.property("FunctionUrlConfig")
	if p == nil {
		return
	}
	config := x.settle(p.value)
	if config == nil || config.kind != mappingNode {
		return
	}
	m := maker{o.properties.nameAt(p)}
	function := m.ref(o.name)
	if id, ok := x.aliases[o.name+".Alias"]; ok {
		function = m.ref(id)
	}
	properties := append([]pair{m.member("TargetFunctionArn", function)}, config.pairs...)
	x.make(o, o.name+"Url", m, "AWS::Lambda::Url", properties...)
}

// invokeConfig makes what happens to asynchronous calls, and the queue or
// topic that it asks for.
func (x *expansion) invokeConfig(o *origin) {
	p := o.property("EventInvokeConfig")
	if p == nil {
		return
	}
	config := x.settle(p.value)
	if config == nil || config.kind != mappingNode {
		return
	}
	m := maker{o.properties.nameAt(p)}
	qualifier := m.text("$LATEST")
	if alias := x.settled(o.properties, "AutoPublishAlias"); alias != nil {
		qualifier = alias
	}
	properties := []pair{m.member("FunctionName", m.ref(o.name)), m.member("Qualifier", qualifier),
		m.moved("MaximumEventAgeInSeconds", config.pair("MaximumEventAgeInSeconds")),
		m.moved("MaximumRetryAttempts", config.pair("MaximumRetryAttempts"))}
	var destinations []pair
	for _, name := range [...]string{"OnSuccess", "OnFailure"} {
		d := x.destination(o, name)
		if d.config != nil {
			destinations = append(destinations, d.member(name, d.object(d.member("Destination", d.arn))))
		}
		if d.made != "" {
			x.make(o, d.made, d.maker, d.kind)
			x.alias(o, "Destination"+strings.TrimPrefix(d.made, o.name+"EventInvokeConfig"+name), d.made)
		}
	}
	if destinations != nil {
		properties = append(properties, m.member("DestinationConfig", m.object(destinations...)))
	}
	x.make(o, o.name+"EventInvokeConfig", m, "AWS::Lambda::EventInvokeConfig", properties...)
}

// destination is where the outcome of an asynchronous call goes.
type destination struct {
	maker
	config     *node
	arn        *node
	made, kind string // what SAM makes where no destination is named
	action     string // what the function's role must be allowed
}

func (x *expansion) destination(o *origin, name string) destination {
	all := x.settled(x.settled(o.properties, "EventInvokeConfig"), "DestinationConfig")
	p := all.pair(name)
	if p == nil {
		return destination{}
	}
	d := destination{maker: maker{all.nameAt(p)}, config: x.settle(p.value)}
	if d.config == nil {
		return destination{}
	}
	d.arn = x.settled(d.config, "Destination")
	kind, _ := x.literal(d.config.get("Type"))
	switch kind {
	case "SQS":
		d.action, d.kind, d.made = "sqs:SendMessage", "AWS::SQS::Queue", o.name+"EventInvokeConfig"+name+"Queue"
	case "SNS":
		d.action, d.kind, d.made = "sns:Publish", "AWS::SNS::Topic", o.name+"EventInvokeConfig"+name+"Topic"
	case "Lambda":
		d.action = "lambda:InvokeFunction"
	case "EventBridge":
		d.action = "events:PutEvents"
	case "S3Bucket":
		d.action = "s3:PutObject"
	}
	switch {
	case d.arn != nil:
		d.made = ""
	case d.kind == "AWS::SQS::Queue":
		d.arn = d.getAtt(d.made, "Arn")
	case d.made != "":
		d.arn = d.ref(d.made)
	}
	return d
}

func (x *expansion) destinationPolicies(o *origin, r *roleMaker) {
	if o.property("EventInvokeConfig") == nil {
		return
	}
	for _, name := range [...]string{"OnSuccess", "OnFailure"} {
		if d := x.destination(o, name); d.config != nil && d.action != "" && d.arn != nil {
			r.inline(d.maker, name+"Policy", d.document(d.statement(d.action, d.member("Resource", d.arn))))
		}
	}
}

// deploymentPreference makes the CodeDeploy group of gradual deployments. All
// functions share one application and one role.
func (x *expansion) deploymentPreference(o *origin, t target) {
	p := o.property("DeploymentPreference")
	if p == nil || t.alias == "" {
		return
	}
	config := x.settle(p.value)
	if config == nil {
		return
	}
	if enabled, known := x.literal(config.get("Enabled")); known && strings.EqualFold(enabled, "false") {
		return
	}
	m := maker{o.properties.nameAt(p)}
	role := config.get("Role")
	if x.deployments == nil {
		x.deployments = x.make(o, "ServerlessDeploymentApplication", m, "AWS::CodeDeploy::Application", m.member("ComputePlatform", m.text("Lambda")))
	}
	if role == nil {
		role = m.getAtt("CodeDeployServiceRole", "Arn")
		if x.byName["CodeDeployServiceRole"] == nil {
			r := roleMaker{name: "CodeDeployServiceRole", trust: m.trust("codedeploy.amazonaws.com")}
			r.manage(m, "service-role/AWSCodeDeployRoleForLambdaLimited")
			x.roleOf(o, m, &r)
		}
	}
	x.make(o, o.name+"DeploymentGroup", m, "AWS::CodeDeploy::DeploymentGroup",
		m.member("ApplicationName", m.ref("ServerlessDeploymentApplication")), m.member("ServiceRoleArn", role))
}
