package exposure

import (
	"strconv"
	"strings"

	"github.com/demarc-dev/demarc/linter/graph"
)

// functionURL are the ways to a function's URL. It is on the internet for
// everybody; who may call it is for the URL's authorization and the
// function's permissions (https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html).
func (j *judge) functionURL(r *graph.Resource) []way {
	leg := []hop{{Hop: Hop{Kind: "endpoint", State: Open, Text: "a function's URL is on the internet", Places: []Place{at(r)}}}}
	place := at(r, "authorization_type")
	switch v := r.Values.Get("authorization_type"); {
	case v.Kind == graph.Unknown:
		leg = append(leg, unknown("authorization", "it is unknown who may call it", place, outside(r, "authorization_type", v)))
	case v.Text == "NONE":
		leg = append(leg, hop{Hop: Hop{Kind: "authorization", State: Open, Text: "nobody has to sign in", Places: []Place{place}}})
	default:
		leg = append(leg, hop{Hop: Hop{Kind: "authorization", State: Closed, Text: "callers sign in with IAM", Places: []Place{place}}})
	}
	// Terraform's provider and SAM give everybody the permission with the URL.
	if r.Stack.Language == graph.CloudFormation && r.Origin == nil {
		leg = append(leg, j.permission(r))
	}
	return []way{{[][]hop{leg}}}
}

// permission is the hop of the permission for everybody. URLs made since October
// 2025 need lambda:InvokeFunction as well; the code does not tell how old a URL
// is, so that what was always needed is taken to be enough.
func (j *judge) permission(url *graph.Resource) hop {
	functions := j.targets(url, url.Values.Get("function_name"), "aws_lambda_function")
	for _, p := range j.of(url, "aws_lambda_permission") {
		same := false
		for _, to := range j.targets(p, p.Values.Get("function_name"), "aws_lambda_function") {
			same = same || len(functions) > 0 && to == functions[0]
		}
		if !same && !p.Values.Get("function_name").Equal(url.Values.Get("function_name")) {
			continue
		}
		action, principal := p.Values.Get("action"), p.Values.Get("principal")
		switch {
		case action.Kind == graph.Unknown:
			return unknown("permission", "it is unknown what "+name(p)+" permits", at(p, "action"), outside(p, "action", action))
		case !strings.EqualFold(action.Text, "lambda:InvokeFunctionUrl") && action.Text != "lambda:*":
		case principal.Kind == graph.Unknown && !principal.IsNamed():
			return unknown("permission", "it is unknown whom "+name(p)+" permits to call", at(p, "principal"), outside(p, "principal", principal))
		case principal.Text == "*" && p.Values.Get("principal_org_id").IsNothing():
			return hop{Hop: Hop{Kind: "permission", State: Open, Text: name(p) + " permits everybody", Places: []Place{at(p, "principal")}}}
		}
	}
	for _, f := range functions {
		if why := j.graph.MayReference(f, "aws_lambda_permission.function_name"); len(why) > 0 {
			return unknown("permission", "it is unknown which function a permission is for", at(f), why)
		}
	}
	return hop{Hop: Hop{Kind: "permission", State: Closed, Text: "nothing permits everybody to call it", Places: []Place{at(url)}}}
}

// searchDomain are the ways to a domain of OpenSearch. One that is in no VPC
// is on the internet, and its access policy says who may ask
// (https://docs.aws.amazon.com/opensearch-service/latest/developerguide/ac.html).
func (j *judge) searchDomain(r *graph.Resource) []way {
	place := at(r, "vpc_options")
	h := hop{Hop: Hop{Kind: "endpoint", State: Open, Text: "a domain in no VPC has an endpoint on the internet", Places: []Place{place}}}
	switch v := r.Values.Get("vpc_options"); {
	case v.Kind == graph.Unknown:
		h = unknown("endpoint", "it is unknown whether the domain stands in a VPC", place, outside(r, "vpc_options", v))
	case !v.IsNothing() && (v.Kind != graph.List || len(v.Items) > 0):
		h = hop{Hop: Hop{Kind: "endpoint", State: Closed, Text: "the domain's endpoint stands in a VPC", Places: []Place{place}}}
	}
	return []way{{[][]hop{{h, anybody(r, "access_policies")}}}}
}

// anybody is the hop of a policy that lets everybody in.
func anybody(r *graph.Resource, attribute string) hop {
	policy := r.Values.Get(attribute)
	if policy.Kind == graph.Unknown {
		return unknown("access policy", "it is unknown whom the policy admits", at(r, attribute), outside(r, attribute, policy))
	}
	doubt := hop{}
	statements := policy.Get("statements")
	for i, s := range statements.Items {
		place := at(r, attribute, "statements", strconv.Itoa(i))
		effect, conditions := s.Get("effect"), s.Get("conditions")
		if effect.Kind == graph.String && effect.Text != "Allow" {
			continue
		}
		anyone, maybe := false, s.Get("principals").Kind == graph.Unknown
		for _, p := range s.Get("principals").Items {
			anyone = anyone || p.Get("anyone").Bool
			maybe = maybe || p.Get("anyone").Kind == graph.Unknown
		}
		switch {
		case !anyone && !maybe || len(conditions.Items) > 0:
		case anyone && effect.Kind == graph.String && conditions.Kind != graph.Unknown:
			return hop{Hop: Hop{Kind: "access policy", State: Open, Text: "the policy admits everybody", Places: []Place{place}}}
		default:
			doubt = unknown("access policy", "it is unknown whom the policy admits", place, append(s.Reasons(), append(effect.Reasons(), conditions.Reasons()...)...))
		}
	}
	if doubt.Kind != "" {
		return doubt
	}
	if statements.Kind == graph.Unknown {
		return unknown("access policy", "it is unknown whom the policy admits", at(r, attribute), outside(r, attribute, statements))
	}
	return hop{Hop: Hop{Kind: "access policy", State: Closed, Text: "the policy does not admit everybody", Places: []Place{at(r, attribute)}}}
}
