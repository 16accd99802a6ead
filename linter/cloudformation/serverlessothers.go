package cloudformation

// simpleTable expands AWS::Serverless::SimpleTable.
// https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-simpletable.html
func (x *expansion) simpleTable(o *origin) {
	name, kind := o.text("id"), o.text("S")
	m := o.maker
	if p := o.property("PrimaryKey"); p != nil {
		m = maker{o.properties.nameAt(p)}
		key := x.settle(p.value)
		if given := key.get("Name"); given != nil {
			name = given
		}
		if given := key.get("Type"); given != nil {
			kind = given
			if text, known := x.literal(given); known {
				short := map[string]string{"String": "S", "Number": "N", "Binary": "B"}[text]
				kind = maker{given.at()}.text(short)
			}
		}
	}
	properties := append(o.rest("PrimaryKey", "Tags"),
		m.member("AttributeDefinitions", m.list(m.object(m.member("AttributeName", name), m.member("AttributeType", kind)))),
		m.member("KeySchema", m.list(m.object(m.member("AttributeName", name), m.member("KeyType", m.text("HASH"))))),
		o.member("Tags", o.tagList(x.settled(o.properties, "Tags"))))
	if o.property("ProvisionedThroughput") == nil {
		properties = append(properties, o.member("BillingMode", o.text("PAY_PER_REQUEST")))
	}
	x.main(o, "AWS::DynamoDB::Table", properties...)
}

// layerVersion expands AWS::Serverless::LayerVersion. SAM appends a hash of
// the content to its logical id, which is left out here.
// https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-layerversion.html
func (x *expansion) layerVersion(o *origin) {
	properties := o.rest("ContentUri", "RetentionPolicy", "PublishLambdaVersion")
	if p := o.property("ContentUri"); p != nil {
		content := x.location(maker{o.properties.nameAt(p)}, x.settle(p.value), "S3Bucket", "S3Key", "S3ObjectVersion")
		properties = append(properties, o.moved("Content", &pair{start: p.start, end: p.end, value: content}))
	}
	made := x.main(o, "AWS::Lambda::LayerVersion", properties...)
	if made.body.pair("DeletionPolicy") == nil {
		made.body.pairs = append(made.body.pairs, o.member("DeletionPolicy", o.text("Retain")))
	}
}

// stateMachine expands AWS::Serverless::StateMachine.
// https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-statemachine.html
func (x *expansion) stateMachine(o *origin) {
	properties := []pair{o.moved("StateMachineName", o.property("Name")), o.moved("StateMachineType", o.property("Type")),
		o.moved("LoggingConfiguration", o.property("Logging")), o.moved("TracingConfiguration", o.property("Tracing")),
		o.moved("Definition", o.property("Definition")), o.moved("DefinitionSubstitutions", o.property("DefinitionSubstitutions")),
		o.moved("EncryptionConfiguration", o.property("EncryptionConfiguration")),
		o.member("Tags", o.tagList(x.settled(o.properties, "Tags"), o.object(o.member("Key", o.text("stateMachine:createdBy")), o.member("Value", o.text("SAM")))))}
	if p := o.property("DefinitionUri"); p != nil {
		place := x.location(maker{o.properties.nameAt(p)}, x.settle(p.value), "Bucket", "Key", "Version")
		properties = append(properties, o.moved("DefinitionS3Location", &pair{start: p.start, end: p.end, value: place}))
	}
	if p := o.property("Role"); p != nil && x.settle(p.value) != nil {
		properties = append(properties, o.moved("RoleArn", p))
	} else {
		r := roleMaker{name: o.name + "Role", trust: o.trust("states.amazonaws.com")}
		if tracing := o.property("Tracing"); tracing != nil && x.holds(x.settled(x.settle(tracing.value), "Enabled")) {
			r.manage(maker{o.properties.nameAt(tracing)}, "AWSXrayWriteOnlyAccess")
		}
		x.role(o, &r, "stateMachine:createdBy")
		properties = append(properties, o.member("RoleArn", o.getAtt(r.name, "Arn")))
	}
	x.main(o, "AWS::StepFunctions::StateMachine", properties...)
	t := target{origin: o, arn: o.ref(o.name), callee: o.ref(o.name), service: "states"}
	if alias := x.settled(o.properties, "AutoPublishAlias"); alias != nil {
		m := maker{alias.at()}
		name, _ := x.literal(alias)
		version := o.name + "Version"
		x.make(o, version, m, "AWS::StepFunctions::StateMachineVersion", m.member("StateMachineArn", m.ref(o.name)))
		x.make(o, o.name+"Alias"+aliasID(name), m, "AWS::StepFunctions::StateMachineAlias", m.member("Name", alias),
			m.member("RoutingConfiguration", m.list(m.object(m.member("StateMachineVersionArn", m.ref(version)), m.member("Weight", m.text("100"))))))
		x.alias(o, "Alias", o.name+"Alias"+aliasID(name))
		x.alias(o, "Version", version)
	}
	x.events(o, t)
}

// application expands AWS::Serverless::Application.
// https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-application.html
func (x *expansion) application(o *origin) {
	x.main(o, "AWS::CloudFormation::Stack", append(o.rest("Location", "Tags"), o.moved("TemplateURL", o.property("Location")),
		o.member("Tags", o.tagList(x.settled(o.properties, "Tags"), o.object(o.member("Key", o.text("lambda:createdBy")), o.member("Value", o.text("SAM"))))))...)
}
