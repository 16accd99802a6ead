package cloudformation

import (
	"strings"

	"github.com/demarc-dev/demarc/linter/graph"
)

// impliedAPI is the API of all functions whose events name none.
type impliedAPI struct {
	maker
	first    *origin
	routes   []route
	always   bool
	only     []*node // conditions, one of which must hold for it to exist
	needless map[string]bool
}

// route is one method of one path, and what it calls.
type route struct {
	maker
	path, method string
	target       target
	auth         *node
}

// join adds an event to the API that functions imply.
func (a *impliedAPI) join(ev event, r route) *impliedAPI {
	if a == nil {
		a = &impliedAPI{maker: ev.maker, first: ev.origin, needless: map[string]bool{}}
	}
	a.routes = append(a.routes, r)
	switch c := ev.origin.body.get("Condition"); {
	case c == nil:
		a.always = true
	case !a.needless[c.text]:
		a.needless[c.text] = true
		a.only = append(a.only, ev.object(ev.member("Condition", c)))
	}
	return a
}

// stand returns what the implied API is made from: a resource without properties.
func (a *impliedAPI) stand(x *expansion, name, section string) *origin {
	body := a.object(a.member("Type", a.text(serverlessPrefix+section)))
	switch {
	case a.always:
	case len(a.only) == 1:
		body.pairs = append(body.pairs, a.only[0].pairs[0])
	default:
		body.pairs = append(body.pairs, a.member("Condition", a.object(a.member("Fn::Or", a.list(a.only...)))))
	}
	e := &entry{name: name, header: a.at, body: body, whole: a.first.block(),
		origin: &graph.Origin{Address: x.prefix + a.first.name, Type: a.first.kind()}}
	o := &origin{maker: a.maker, entry: e}
	o.properties = x.withGlobals(section, body, a.object())
	return o
}

// apiOf is the logical id of the API that an event names, and its stage; an
// event that names none joins the implied one.
func (ev event) apiOf(property string) (name string, explicit bool) {
	n := ev.properties.get(property)
	if n == nil {
		return "", false
	}
	if name, ok := refersTo(n); ok {
		return name, true
	}
	if n.kind == stringNode { // the logical id alone
		return n.text, true
	}
	return "", true
}

// stageID is a stage's name in a logical id: none where it is computed, or
// not alphanumeric, when SAM takes a hash of it.
func stageID(stage *node) string {
	if stage.isScalar() && stage.text != "" && alphanumeric(stage.text) == stage.text {
		return stage.text
	}
	return ""
}

func (x *expansion) route(ev event) route {
	path, _ := x.literal(ev.properties.get("Path"))
	method, _ := x.literal(ev.properties.get("Method"))
	if path == "" {
		path = "$default"
	}
	if method == "" || strings.EqualFold(method, "any") {
		method = "x-amazon-apigateway-any-method"
	}
	return route{maker: ev.maker, path: path, method: strings.ToLower(method), target: ev.target, auth: x.settled(ev.properties, "Auth")}
}

// apiEvent lets a REST API call the function.
func (x *expansion) apiEvent(ev event) {
	name, explicit := ev.apiOf("RestApiId")
	r := x.route(ev)
	api, suffix := ev.ref("ServerlessRestApi"), "Prod"
	switch {
	case !explicit:
		x.restAPI = x.restAPI.join(ev, r)
	default:
		api, suffix = ev.properties.get("RestApiId"), ""
		if body := x.template.resources.get(name); body != nil {
			if suffix = stageID(body.get("Properties").get("StageName")); suffix == "" {
				suffix = "Stage"
			}
			x.routes[name] = append(x.routes[name], r)
			if api.kind == stringNode {
				api = ev.ref(name)
			}
		}
	}
	if ev.service != "lambda" {
		x.callerRole(ev, "apigateway.amazonaws.com", "states:StartExecution")
		return
	}
	x.permit(ev, ev.name+"Permission"+suffix, "apigateway.amazonaws.com", ev.member("SourceArn", x.callers(ev, api, r)))
}

// httpApiEvent lets an HTTP API call the function.
func (x *expansion) httpApiEvent(ev event, byDefault map[string]bool) {
	name, explicit := ev.apiOf("ApiId")
	r := x.route(ev)
	api := ev.ref("ServerlessHttpApi")
	switch {
	case !explicit:
		x.httpAPI = x.httpAPI.join(ev, r)
	default:
		api = ev.properties.get("ApiId")
		x.routes[name] = append(x.routes[name], r)
	}
	// A function that takes the default route needs no other permission.
	if ev.service == "lambda" && (r.path == "$default" || !byDefault[name]) {
		x.permit(ev, ev.name+"Permission", "apigateway.amazonaws.com", ev.member("SourceArn", x.callers(ev, api, r)))
	}
}

// defaultRoutes are the HTTP APIs whose default route one of these events takes.
func (x *expansion) defaultRoutes(events []event) map[string]bool {
	taken := map[string]bool{}
	for _, ev := range events {
		if ev.kind == "HttpApi" && ev.properties.get("Path") == nil {
			name, _ := ev.apiOf("ApiId")
			taken[name] = true
		}
	}
	return taken
}

// callers is the ARN of the calls that an API may make.
func (x *expansion) callers(ev event, api *node, r route) *node {
	method := strings.ToUpper(r.method)
	if method == "X-AMAZON-APIGATEWAY-ANY-METHOD" {
		method = "*"
	}
	path := r.path
	for {
		open := strings.IndexByte(path, '{')
		end := strings.IndexByte(path, '}')
		if open < 0 || end < open {
			break
		}
		path = path[:open] + "*" + path[end+1:]
	}
	if path == "$default" {
		path = "/*"
	}
	return ev.sub("arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${__ApiId__}/*/"+method+path, ev.member("__ApiId__", api))
}

// finish makes what only the whole template decides: the implied APIs, and
// what events add to buckets and user pools.
func (x *expansion) finish() {
	if x.restAPI != nil && x.byName["ServerlessRestApi"] == nil {
		o := x.restAPI.stand(x, "ServerlessRestApi", "Api")
		o.properties.pairs = append(o.properties.pairs, o.member("StageName", o.text("Prod")))
		x.routes[o.name] = x.restAPI.routes
		x.api(o)
	}
	if x.httpAPI != nil && x.byName["ServerlessHttpApi"] == nil {
		o := x.httpAPI.stand(x, "ServerlessHttpApi", "HttpApi")
		x.routes[o.name] = x.httpAPI.routes
		x.httpApi(o)
	}
	for name, have := range x.bodies {
		have.pairs = append(have.pairs, x.describe(name)...)
	}
	for _, ext := range x.extensions {
		r := x.byName[ext.name]
		if r == nil || r.body.kind != mappingNode {
			continue
		}
		body := *r.body
		body.pairs = append([]pair(nil), body.pairs...)
		if p := body.pair("Properties"); p != nil {
			p.value = x.merge(ext.more, p.value)
		} else {
			body.pairs = append(body.pairs, pair{name: "Properties", start: r.body.start, end: r.body.start, value: ext.more})
		}
		r.body = &body
	}
}

// definition is an API's own description, or the one that SAM writes from the
// routes, which are known when all functions have been seen.
func (x *expansion) definition(o *origin) pair {
	if p := o.property("DefinitionBody"); p != nil {
		return o.moved("Body", p)
	}
	if p := o.property("DefinitionUri"); p != nil {
		place := x.location(maker{o.properties.nameAt(p)}, x.settle(p.value), "Bucket", "Key", "Version")
		return o.moved("BodyS3Location", &pair{start: p.start, end: p.end, value: place})
	}
	body := o.object()
	x.bodies[o.name] = body
	x.authOf[o.name] = x.settled(o.properties, "Auth")
	return o.member("Body", body)
}

// describe writes the paths of an API: what each method calls, and who may call it.
func (x *expansion) describe(name string) []pair {
	var paths []pair
	at := map[string]*node{}
	routes := x.routes[name]
	standard := x.authOf[name].get("DefaultAuthorizer")
	for _, r := range routes {
		if at[r.path] == nil {
			at[r.path] = r.object()
			paths = append(paths, r.member(r.path, at[r.path]))
		}
		authorizer := standard
		if own := r.auth.get("Authorizer"); own != nil {
			authorizer = own
		}
		var security *node
		if text, known := x.literal(authorizer); known && text != "NONE" {
			security = r.list(r.object(r.member(text, r.list())))
		}
		if x.holds(r.auth.get("ApiKeyRequired")) || r.auth.get("ApiKeyRequired") == nil && x.holds(x.authOf[name].get("ApiKeyRequired")) {
			security = r.list(r.object(r.member("api_key", r.list())))
		}
		at[r.path].pairs = append(at[r.path].pairs, r.member(r.method, r.object(
			r.member("security", security),
			r.member("x-amazon-apigateway-integration", r.object(r.member("type", r.text("aws_proxy")), r.member("uri", r.target.arn))))))
	}
	if len(paths) == 0 {
		return nil
	}
	m := routes[0].maker
	return []pair{m.member("paths", m.object(paths...))}
}

// api expands AWS::Serverless::Api.
// https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-api.html
func (x *expansion) api(o *origin) {
	properties := []pair{x.definition(o), o.member("Tags", o.tagList(x.settled(o.properties, "Tags")))}
	for _, name := range [...]string{"Name", "Description", "ApiKeySourceType", "BinaryMediaTypes", "DisableExecuteApiEndpoint",
		"FailOnWarnings", "MinimumCompressionSize", "Mode", "SecurityPolicy", "EndpointAccessMode"} {
		properties = append(properties, o.moved(name, o.property(name)))
	}
	if p := o.property("EndpointConfiguration"); p != nil {
		m := maker{o.properties.nameAt(p)}
		config := x.settle(p.value)
		switch {
		case config.isScalar():
			properties = append(properties, m.member("EndpointConfiguration", m.object(m.member("Types", m.list(config)))))
		case config != nil && config.kind == mappingNode && config.get("Type") != nil:
			kind := config.pair("Type")
			properties = append(properties, m.member("EndpointConfiguration", m.object(
				m.moved("Types", &pair{start: kind.start, end: kind.end, value: m.list(kind.value)}),
				m.moved("VpcEndpointIds", config.pair("VPCEndpointIds")))))
		}
	}
	auth := x.settled(o.properties, "Auth")
	properties = append(properties, x.resourcePolicy(auth))
	x.main(o, "AWS::ApiGateway::RestApi", properties...)

	deployment := o.name + "Deployment"
	x.make(o, deployment, o.maker, "AWS::ApiGateway::Deployment", o.member("RestApiId", o.ref(o.name)))
	x.alias(o, "Deployment", deployment)
	stage := o.property("StageName")
	name := o.name + "Stage"
	if stage != nil {
		name = o.name + stageID(stage.value) + "Stage"
	}
	staged := []pair{o.member("RestApiId", o.ref(o.name)), o.member("DeploymentId", o.ref(deployment)), o.moved("StageName", stage),
		o.member("Tags", o.tagList(x.settled(o.properties, "Tags")))}
	for _, name := range [...]string{"AccessLogSetting", "CacheClusterEnabled", "CacheClusterSize", "CanarySetting", "MethodSettings", "TracingEnabled", "Variables"} {
		staged = append(staged, o.moved(name, o.property(name)))
	}
	x.make(o, name, o.maker, "AWS::ApiGateway::Stage", staged...)
	x.alias(o, "Stage", name)
	x.apiDomain(o, "AWS::ApiGateway::DomainName", "AWS::ApiGateway::BasePathMapping", "RestApiId", name)
	x.apiKeys(o, auth, name)
	x.authorizers(o, auth, true)
}

// resourcePolicy is the policy that Auth.ResourcePolicy makes.
func (x *expansion) resourcePolicy(auth *node) pair {
	p := auth.pair("ResourcePolicy")
	if p == nil {
		return pair{}
	}
	m := maker{auth.nameAt(p)}
	config := x.settle(p.value)
	own := config.get("CustomStatements")
	if config == nil || config.kind != mappingNode || own == nil || len(config.pairs) > 1 {
		return m.member("Policy", m.call("Fn::Transform", m.object(m.member("Name", m.text("SAM's ResourcePolicy")))))
	}
	if own.kind != sequenceNode {
		own = m.list(own)
	}
	return m.member("Policy", m.object(m.member("Version", m.text("2012-10-17")), m.member("Statement", own)))
}

// apiDomain makes the domain name of an API. SAM appends a hash of the name to
// its logical id; the API's own takes its place here.
func (x *expansion) apiDomain(o *origin, kind, mapping, api, stage string) {
	p := o.property("Domain")
	config := x.settled(o.properties, "Domain")
	if config == nil || config.kind != mappingNode {
		return
	}
	m := maker{o.properties.nameAt(p)}
	name := "ApiGatewayDomainName" + o.name
	endpoint := config.pair("EndpointConfiguration")
	var properties []pair
	if kind == "AWS::ApiGatewayV2::DomainName" {
		name = "ApiGatewayDomainNameV2" + o.name
		properties = []pair{m.moved("DomainName", config.pair("DomainName")), m.moved("MutualTlsAuthentication", config.pair("MutualTlsAuthentication")),
			m.member("DomainNameConfigurations", m.list(m.object(m.moved("CertificateArn", config.pair("CertificateArn")),
				m.moved("EndpointType", endpoint), m.moved("SecurityPolicy", config.pair("SecurityPolicy")),
				m.moved("OwnershipVerificationCertificateArn", config.pair("OwnershipVerificationCertificateArn")))))}
	} else {
		certificate := "CertificateArn"
		place := m.list(m.text("EDGE"))
		if endpoint != nil {
			place = m.list(endpoint.value)
		}
		switch text, _ := x.literal(config.get("EndpointConfiguration")); text {
		case "REGIONAL":
			certificate = "RegionalCertificateArn"
		case "PRIVATE":
			kind, mapping = "AWS::ApiGateway::DomainNameV2", "AWS::ApiGateway::BasePathMappingV2"
		}
		properties = []pair{m.moved("DomainName", config.pair("DomainName")), m.moved(certificate, config.pair("CertificateArn")),
			m.member("EndpointConfiguration", m.object(m.member("Types", place))), m.moved("SecurityPolicy", config.pair("SecurityPolicy")),
			m.moved("MutualTlsAuthentication", config.pair("MutualTlsAuthentication"))}
	}
	x.make(o, name, m, kind, properties...)
	x.alias(o, "DomainName", name)
	id := "ApiId"
	if api == "RestApiId" {
		id = "RestApiId"
	}
	suffix, key := "BasePathMapping", "BasePath"
	if mapping == "AWS::ApiGatewayV2::ApiMapping" {
		suffix, key = "ApiMapping", "ApiMappingKey"
	}
	paths := x.settled(config, "BasePath")
	if paths.isScalar() {
		paths = &node{kind: sequenceNode, items: []*node{paths}}
	}
	if paths == nil || paths.kind != sequenceNode {
		x.make(o, o.name+suffix, m, mapping, m.member("DomainName", m.ref(name)), m.member(id, m.ref(o.name)), m.member("Stage", m.ref(stage)))
		return
	}
	for _, item := range paths.items {
		path, _ := x.literal(item)
		place := maker{item.at()}
		x.make(o, o.name+alphanumeric(path)+suffix, place, mapping, place.member("DomainName", place.ref(name)),
			place.member(id, place.ref(o.name)), place.member("Stage", place.ref(stage)), place.member(key, item))
	}
}

// apiKeys makes the usage plan that belongs to one API.
func (x *expansion) apiKeys(o *origin, auth *node, stage string) {
	p := auth.pair("UsagePlan")
	if p == nil {
		return
	}
	config := x.settle(p.value)
	prefix := o.name
	switch kind, _ := x.literal(config.get("CreateUsagePlan")); kind {
	case "PER_API":
	case "SHARED": // by all APIs; the first one's settings stand for it here
		prefix = "Serverless"
	default:
		return
	}
	m := maker{auth.nameAt(p)}
	properties := []pair{m.member("ApiStages", m.list(m.object(m.member("ApiId", m.ref(o.name)), m.member("Stage", m.ref(stage)))))}
	for _, name := range [...]string{"Description", "Quota", "Throttle", "UsagePlanName", "Tags"} {
		properties = append(properties, m.moved(name, config.pair(name)))
	}
	x.make(o, prefix+"UsagePlan", m, "AWS::ApiGateway::UsagePlan", properties...)
	x.make(o, prefix+"ApiKey", m, "AWS::ApiGateway::ApiKey", m.member("Enabled", m.boolean(true)),
		m.member("StageKeys", m.list(m.object(m.member("RestApiId", m.ref(o.name)), m.member("StageName", m.ref(stage))))))
	x.make(o, prefix+"UsagePlanKey", m, "AWS::ApiGateway::UsagePlanKey", m.member("KeyId", m.ref(prefix+"ApiKey")),
		m.member("KeyType", m.text("API_KEY")), m.member("UsagePlanId", m.ref(prefix+"UsagePlan")))
	for _, name := range [...]string{"UsagePlan", "ApiKey", "UsagePlanKey"} {
		x.alias(o, name, prefix+name)
	}
}

// authorizers lets an API call the functions that authorise its callers.
//
// For a REST API this is the default, for an HTTP API it is asked for.
func (x *expansion) authorizers(o *origin, auth *node, byDefault bool) {
	all := x.settled(auth, "Authorizers")
	if all == nil || all.kind != mappingNode {
		return
	}
	for i := range all.pairs {
		p := &all.pairs[i]
		function := x.settle(p.value).pair("FunctionArn")
		if function == nil {
			continue
		}
		disabled := x.holds(x.settle(p.value).get("DisableFunctionDefaultPermissions"))
		enabled := x.holds(x.settle(p.value).get("EnableFunctionDefaultPermissions"))
		if byDefault && disabled || !byDefault && !enabled {
			continue
		}
		m := maker{all.nameAt(p)}
		x.make(o, o.name+alphanumeric(p.name)+"AuthorizerPermission", m, "AWS::Lambda::Permission",
			m.member("Action", m.text("lambda:InvokeFunction")), m.moved("FunctionName", function),
			m.member("Principal", m.text("apigateway.amazonaws.com")),
			m.member("SourceArn", m.sub("arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${__ApiId__}/authorizers/*", m.member("__ApiId__", m.ref(o.name)))))
	}
}

// httpApi expands AWS::Serverless::HttpApi.
// https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-httpapi.html
func (x *expansion) httpApi(o *origin) {
	properties := []pair{x.definition(o), o.member("ProtocolType", nil)}
	for _, name := range [...]string{"Name", "Description", "DisableExecuteApiEndpoint", "FailOnWarnings", "Tags"} {
		properties = append(properties, o.moved(name, o.property(name)))
	}
	if p := o.property("CorsConfiguration"); p != nil {
		if cors := x.settle(p.value); cors != nil && cors.kind == mappingNode {
			properties = append(properties, o.moved("CorsConfiguration", p))
		}
	}
	x.main(o, "AWS::ApiGatewayV2::Api", properties...)

	stage := o.property("StageName")
	name := o.name + "ApiGatewayDefaultStage"
	called := o.member("StageName", o.text("$default"))
	if stage != nil {
		called = *stage
		if text, known := x.literal(stage.value); !known || text != "$default" {
			name = o.name + stageID(stage.value) + "Stage"
		}
	}
	x.make(o, name, o.maker, "AWS::ApiGatewayV2::Stage", o.member("ApiId", o.ref(o.name)), called, o.member("AutoDeploy", o.boolean(true)),
		o.moved("AccessLogSettings", o.property("AccessLogSettings")), o.moved("DefaultRouteSettings", o.property("DefaultRouteSettings")),
		o.moved("RouteSettings", o.property("RouteSettings")), o.moved("StageVariables", o.property("StageVariables")), o.moved("Tags", o.property("Tags")))
	x.alias(o, "Stage", name)
	x.apiDomain(o, "AWS::ApiGatewayV2::DomainName", "AWS::ApiGatewayV2::ApiMapping", "ApiId", name)
	x.authorizers(o, x.settled(o.properties, "Auth"), false)
}
