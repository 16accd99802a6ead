package cloudformation

import (
	_ "embed"
	"fmt"
	"strings"
	"sync"

	"github.com/demarc-dev/demarc/linter/source"
)

// policyTemplatesJSON holds the statements of SAM's policy templates by name;
// ${TableName} and kin are their parameters, and all of them allow.
// https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-policy-template-list.html
//
//go:embed policytemplates.json
var policyTemplatesJSON []byte

var policyTemplates = sync.OnceValue(func() *node {
	n, _, err := parseJSON(source.NewFile("policytemplates.json", policyTemplatesJSON))
	if err != nil {
		panic(err) // it is part of the program
	}
	return n
})

// roleMaker collects what an execution role is made of.
type roleMaker struct {
	name     string
	trust    *node
	trustKey *pair // where the template writes it
	managed  []*node
	policies []*node
}

// managedPrefix begins the ARN of a policy of AWS's own.
const managedPrefix = "arn:${AWS::Partition}:iam::aws:policy/"

// manage attaches one of AWS's own policies, once.
func (r *roleMaker) manage(m maker, policy string) {
	arn := managedPrefix + policy
	for _, have := range r.managed {
		if have.kind == callNode && have.items[0].text == arn {
			return
		}
	}
	r.managed = append(r.managed, m.sub(arn))
}

func (r *roleMaker) inline(m maker, name string, document *node) {
	r.policies = append(r.policies, m.object(m.member("PolicyName", m.text(r.name+name)), m.member("PolicyDocument", document)))
}

// role makes the role of a function or state machine, with the policies that
// its Policies name.
func (x *expansion) role(o *origin, r *roleMaker, tag string) {
	if p := o.property("Policies"); p != nil {
		x.addPolicies(r, x.settle(p.value))
	}
	x.roleOf(o, o.maker, r,
		o.moved("PermissionsBoundary", o.property("PermissionsBoundary")), o.moved("Path", o.property("RolePath")),
		o.member("Tags", o.tagList(x.settled(o.properties, "Tags"), o.object(o.member("Key", o.text(tag)), o.member("Value", o.text("SAM"))))))
}

func (x *expansion) roleOf(o *origin, m maker, r *roleMaker, more ...pair) {
	trust := m.member("AssumeRolePolicyDocument", r.trust)
	if r.trustKey != nil {
		trust = m.moved("AssumeRolePolicyDocument", r.trustKey)
	}
	properties := append([]pair{trust}, more...)
	if r.managed != nil {
		properties = append(properties, m.member("ManagedPolicyArns", m.list(r.managed...)))
	}
	if r.policies != nil {
		properties = append(properties, m.member("Policies", m.list(r.policies...)))
	}
	x.make(o, r.name, m, "AWS::IAM::Role", properties...)
}

// addPolicies reads one or several of: the name or ARN of a managed policy, a
// policy document, a policy template.
func (x *expansion) addPolicies(r *roleMaker, n *node) {
	if n == nil {
		return
	}
	if n.kind == sequenceNode {
		for _, item := range n.items {
			x.addPolicies(r, x.settle(item))
		}
		return
	}
	place := maker{n.at()}
	number := fmt.Sprint("Policy", len(r.policies))
	if name, _, call := n.call(); call {
		if name == "Fn::If" {
			// One or the other: what it allows is not known.
			r.inline(place, number, n)
			return
		}
		r.managed = append(r.managed, n)
		return
	}
	switch {
	case n.kind == stringNode:
		if arn := managedPolicy(place, n); arn != n {
			r.manage(place, strings.TrimPrefix(arn.items[0].text, managedPrefix))
		} else {
			r.managed = append(r.managed, n)
		}
	case n.get("Statement") != nil:
		r.inline(place, number, n)
	case n.kind == mappingNode && len(n.pairs) > 0:
		p := &n.pairs[0]
		key := maker{n.nameAt(p)}
		statements := policyTemplates().get(p.name)
		if statements == nil {
			r.inline(key, number, key.call("Fn::Transform", key.object(key.member("Name", key.text("SAM's policy template "+p.name)))))
			return
		}
		r.inline(key, number, key.fillIn(statements, x.settle(p.value)))
	}
}

// serviceRoles are the managed policies in the path service-role/ that
// functions name without it.
var serviceRoles = map[string]bool{
	"AWSLambdaBasicExecutionRole": true, "AWSLambdaDynamoDBExecutionRole": true, "AWSLambdaENIManagementAccess": true,
	"AWSLambdaKinesisExecutionRole": true, "AWSLambdaMSKExecutionRole": true, "AWSLambdaRole": true,
	"AWSLambdaSQSQueueExecutionRole": true, "AWSLambdaVPCAccessExecutionRole": true, "AmazonAPIGatewayPushToCloudWatchLogs": true,
}

// managedPolicy is the ARN of a managed policy that is named by it, or by its
// name alone.
func managedPolicy(m maker, n *node) *node {
	switch {
	case strings.Contains(n.text, ":") || strings.Contains(n.text, "{{"):
		return n
	case serviceRoles[n.text]:
		return m.sub(managedPrefix + "service-role/" + n.text)
	}
	return m.sub(managedPrefix + n.text)
}

// fillIn writes the statements of a policy template with its parameters.
func (m maker) fillIn(statements, parameters *node) *node {
	var out []*node
	for _, s := range statements.items {
		written := []pair{m.member("Effect", m.text("Allow"))}
		for _, p := range s.pairs {
			written = append(written, m.member(p.name, m.substituted(p.value, parameters)))
		}
		out = append(out, m.object(written...))
	}
	return m.document(out...)
}

// substituted is n with every text that has variables as an Fn::Sub.
func (m maker) substituted(n, parameters *node) *node {
	switch {
	case n.kind == stringNode && strings.Contains(n.text, "${"):
		if parameters == nil || parameters.kind != mappingNode {
			return m.sub(n.text)
		}
		return m.sub(n.text, parameters.pairs...)
	case n.kind == sequenceNode:
		out := m.list()
		for _, item := range n.items {
			out.items = append(out.items, m.substituted(item, parameters))
		}
		return out
	case n.kind == mappingNode:
		out := m.object()
		for _, p := range n.pairs {
			out.pairs = append(out.pairs, m.member(p.name, m.substituted(p.value, parameters)))
		}
		return out
	}
	return m.copied(n)
}
