package cloudformation

import (
	"regexp"
	"strings"

	"github.com/demarc-dev/demarc/linter/graph"
)

// pseudoParameters are stand-ins for what only a deployment knows. Policies
// need the shape of an ARN or the number of zones, and the stand-ins give it;
// no rule may depend on their exact values. The second value of each is for
// the world in which a condition finds the first one different.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html
var pseudoParameters = map[string][]string{
	"AWS::AccountId": {"123456789012", "210987654321"},
	"AWS::Partition": {"aws", "aws-us-gov", "aws-cn"},
	"AWS::Region":    {"us-east-1", "eu-west-1", "ap-southeast-2", "us-west-2"},
	"AWS::StackName": {"stack", "other-stack"},
	"AWS::URLSuffix": {"amazonaws.com", "amazonaws.com.cn"},
	"AWS::StackId":   {"arn:aws:cloudformation:us-east-1:123456789012:stack/stack/00000000-0000-0000-0000-000000000000"},
}

const afterDeployment = "known after deployment"

// ref is Ref: a parameter's value, or a resource's physical name.
func (e *evaluator) ref(argument, n *node) graph.Value {
	if !argument.isScalar() {
		v := e.eval(argument)
		name, ok := text(v)
		if !ok {
			if v.Kind == graph.Unknown {
				return gather(v).unknownAt(n.at())
			}
			return unknown(n, "Ref takes a name")
		}
		return e.refTo(name, n)
	}
	name, undecided := e.scope.replace(argument.text)
	if undecided != nil {
		return undecided.At(n.at())
	}
	return e.refTo(name, n)
}

// refTo is the value of Ref with a known name, used at n.
func (e *evaluator) refTo(name string, n *node) graph.Value {
	if v, ok := e.scope.lookup(name); ok {
		return place(v, n.at())
	}
	if strings.HasPrefix(name, "AWS::") {
		return e.pseudo(name, n)
	}
	if p := e.template.parameters.pair(name); p != nil && p.value.kind == mappingNode {
		return e.loader.resolved(place(e.parameter(p), n.at()))
	}
	if r := e.resource(name); r != nil {
		link := e.link(name, "Ref", n)
		if property := nameProperty[r.kind()]; property != "" {
			return e.property(r, property, link)
		}
		return link
	}
	if made, ok := e.aliases[name]; ok {
		return e.refTo(made, n)
	}
	if e.madeBySAM(name) {
		return unknown(n, name+" is made by the SAM transform")
	}
	return unknown(n, name+" is neither a parameter nor a resource of this template")
}

// madeBySAM reports whether a name that the template does not declare may be
// that of a resource which SAM makes: the logical id of one that it makes it
// from, with more after it, or one of SAM's own.
// https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-generated-resources.html
func (e *evaluator) madeBySAM(name string) bool {
	if !e.template.serverless {
		return false
	}
	if strings.HasPrefix(name, "Serverless") || name == "CodeDeployServiceRole" {
		return true
	}
	for i := range e.template.resources.pairs {
		p := &e.template.resources.pairs[i]
		kind := p.value.get("Type")
		rest, made := strings.CutPrefix(name, p.name)
		if made && kind != nil && strings.HasPrefix(kind.text, serverlessPrefix) && madeOf(rest, p.value) {
			return true
		}
	}
	return false
}

// generated is how the names of what SAM makes go on after the logical id of
// what it makes it from.
var generated = regexp.MustCompile(`^(?:[0-9a-f]{10}$|Version|Alias|Deployment|Stage|Role|Url|EventInvokeConfig|Permission|Queue|Topic|Subscription|UsagePlan|ApiKey|BasePathMapping|RecordSet|Authorizer)`)

// madeOf reports whether SAM may make something from a resource whose logical
// id goes on so.
func madeOf(rest string, body *node) bool {
	switch strings.TrimPrefix(body.get("Type").text, serverlessPrefix) {
	case "Connector", "GraphQLApi", "WebSocketApi", "CapacityProvider":
		return true // not expanded
	}
	if events := body.get("Properties").get("Events"); events != nil {
		for _, event := range events.pairs {
			if strings.HasPrefix(rest, event.name) {
				return true
			}
		}
	}
	return generated.MatchString(rest)
}

// nameProperty is the property that a resource's Ref repeats where it is
// given, by type: the Ref is the resource's name.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html
var nameProperty = map[string]string{
	"AWS::S3::Bucket":            "BucketName",
	"AWS::Lambda::Function":      "FunctionName",
	"AWS::IAM::Role":             "RoleName",
	"AWS::IAM::User":             "UserName",
	"AWS::IAM::Group":            "GroupName",
	"AWS::IAM::InstanceProfile":  "InstanceProfileName",
	"AWS::DynamoDB::Table":       "TableName",
	"AWS::Logs::LogGroup":        "LogGroupName",
	"AWS::Kinesis::Stream":       "Name",
	"AWS::CloudTrail::Trail":     "TrailName",
	"AWS::CloudWatch::Alarm":     "AlarmName",
	"AWS::ECS::Cluster":          "ClusterName",
	"AWS::EKS::Cluster":          "Name",
	"AWS::ECR::Repository":       "RepositoryName",
	"AWS::SSM::Parameter":        "Name",
	"AWS::ApiGateway::Stage":     "StageName",
	"AWS::RDS::DBSubnetGroup":    "DBSubnetGroupName",
	"AWS::RDS::DBParameterGroup": "DBParameterGroupName",
}

func (e *evaluator) link(name, attribute string, n *node) graph.Value {
	return graph.UnknownValue(graph.Reason{Text: afterDeployment}).At(n.at()).
		WithLinks(graph.Link{Address: e.prefix + name, Attribute: attribute})
}

func (e *evaluator) pseudo(name string, n *node) graph.Value {
	switch name {
	case "AWS::NoValue":
		return graph.Value{}
	case "AWS::NotificationARNs":
		return graph.Value{Kind: graph.List, Range: n.at()}
	}
	e.note(name)
	values, ok := pseudoParameters[name]
	if !ok {
		return unknown(n, name+" is no pseudo parameter that demarc knows")
	}
	value := values[0]
	if f, ok := e.flips[name]; ok {
		value = f.text
	} else if given, ok := e.given[name]; ok {
		value = given
	}
	return graph.Value{Kind: graph.String, Text: value, Range: n.at()}
}

// getAtt is Fn::GetAtt as "Name.Attribute" or [Name, Attribute].
func (e *evaluator) getAtt(argument, n *node) graph.Value {
	if argument.isScalar() {
		target, undecided := e.scope.replace(argument.text)
		if undecided != nil {
			return undecided.At(n.at())
		}
		return e.getAttOf(target, n)
	}
	if argument.kind != sequenceNode || len(argument.items) < 2 {
		return unknown(n, "Fn::GetAtt takes a resource and an attribute")
	}
	parts := make([]string, len(argument.items))
	g := &gathered{}
	known := true
	for i, item := range argument.items {
		v := e.eval(item)
		part, ok := text(v)
		parts[i], known = part, known && ok
		g.add(v)
	}
	if !known {
		if parts[0] != "" && e.resource(parts[0]) != nil {
			return g.into(e.link(parts[0], "*", n))
		}
		return g.unknownAt(n.at())
	}
	return e.getAttOf(strings.Join(parts, "."), n)
}

// getAttOf is the value of Fn::GetAtt "Name.Attribute", used at n.
func (e *evaluator) getAttOf(target string, n *node) graph.Value {
	name, attribute, ok := strings.Cut(target, ".")
	if !ok || attribute == "" {
		return unknown(n, "Fn::GetAtt takes a resource and an attribute")
	}
	r := e.resource(name)
	if made, ok := e.aliases[target]; ok {
		return e.refTo(made, n)
	}
	if property, rest, ok := strings.Cut(attribute, "."); ok && e.aliases[name+"."+property] != "" {
		name, attribute = e.aliases[name+"."+property], rest
		r = e.resource(name)
	}
	if r == nil {
		if e.madeBySAM(name) {
			return unknown(n, name+" is made by the SAM transform")
		}
		return unknown(n, name+" is no resource of this template")
	}
	if output, ok := strings.CutPrefix(attribute, "Outputs."); ok {
		e.note(nestedInput)
		if child := e.child(r); child != nil {
			return child.output(output, name, n)
		}
	}
	return e.property(r, attribute, e.link(name, attribute, n))
}

// maxRepeats bounds attributes that repeat properties that are attributes.
const maxRepeats = 8

// property is the value of an attribute that repeats a property, as a VPC's
// CidrBlock does, if that is known; else what is known of the attribute.
func (e *evaluator) property(r *entry, attribute string, link graph.Value) graph.Value {
	written := r.body.get("Properties").get(attribute)
	if written == nil || e.repeats == maxRepeats {
		return link
	}
	outer := e.scope
	e.scope = r.scope
	e.repeats++
	v := e.eval(written)
	e.repeats--
	e.scope = outer
	switch v.Kind {
	case graph.Bool, graph.Number, graph.String:
		return place(v, link.Range).WithLinks(link.Links()...)
	}
	return link
}

// output is the value of a nested stack's output, used at n of the parent.
func (e *evaluator) output(name, child string, n *node) graph.Value {
	p := e.template.outputs.pair(name)
	if p == nil {
		return unknown(n, "stack "+child+" has no output "+name)
	}
	v := e.eval(p.value.get("Value"))
	if v.Kind == graph.Absent {
		return unknown(n, "output "+name+" of stack "+child+" has no value")
	}
	v = throughStep(v, graph.Step{Message: "output " + name + " of " + child, Range: e.template.outputs.nameAt(p)})
	return place(v, n.at())
}
