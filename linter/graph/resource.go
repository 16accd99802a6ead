package graph

import (
	"strings"

	"github.com/demarc-dev/demarc/linter/source"
)

// Language is the language a resource was written in.
type Language string

// The languages demarc reads.
const (
	Terraform      Language = "terraform"
	CloudFormation Language = "cloudformation"
)

// Resource is one resource instance. The front end fills the declared half,
// Build the canonical half.
type Resource struct {
	// Address is unique in its stack and has instance keys:
	// module.a["x"].aws_s3_bucket.b[0], Child/LogicalId.
	Address string
	// DeclaredType is the type as written: aws_alb, AWS::S3::Bucket.
	DeclaredType string
	// Data marks a Terraform data source.
	Data bool
	// Name is a name its author knows it by (aws:cdk:path), or "".
	Name string
	// Declared is the resource as written, evaluated: an Object.
	Declared Value
	// Header is the line that opens it (resource "a" "b", or the logical
	// id), Block the whole of it.
	Header, Block source.Range
	// Calls are the module calls that lead to it, outermost first.
	Calls []Call
	// Maybe says why it is unknown whether the resource exists; nil when it does.
	Maybe *Reason
	// Guards are the conditions, by name, that decide whether it exists or
	// what it says.
	Guards []string
	// Exists is the condition under which it exists; nil where Maybe is nil,
	// or where it is not known what that hangs on.
	Exists *Condition
	// Origin is what a template has where a transform made this resource;
	// nil when the resource is written as it is.
	Origin *Origin

	// ID numbers the resources of one Graph.
	ID int
	// Type is the canonical type: aws_lb, aws_s3_bucket.
	Type string
	// Values are the canonical attributes: an Object.
	Values Value
	// Stack is the stack it belongs to.
	Stack *Stack
	// External marks the stand-in for a parent outside the stack that a
	// companion inside refers to. Only what was folded in may be judged.
	External bool
	// Folded marks a companion that became part of its parents.
	Folded bool
	// Table is the canonical type's table, or nil for a type that no table names.
	Table *Type

	referrers map[string][]*Resource // "aws_flow_log.vpc_id" -> those that refer here
	inGap     *Gap                   // a missing module that takes it as argument
}

// Origin is a resource that a transform replaced by others.
type Origin struct {
	Address string // MyFunction
	Type    string // AWS::Serverless::Function
}

// Call is one module call on the way to a resource.
type Call struct {
	Address       string // module.a["x"]
	Header, Block source.Range
}

// Identity is the address without instance keys, which names the resource in
// the source whatever number of instances it has.
func (r *Resource) Identity() string { return StripKeys(r.Address) }

// StripKeys drops every [...] instance key of an address.
func StripKeys(address string) string {
	if !strings.Contains(address, "[") {
		return address
	}
	var b strings.Builder
	depth, quoted := 0, false
	for i := 0; i < len(address); i++ {
		c := address[i]
		switch {
		case quoted && c == '\\':
			i++
		case c == '"' && depth > 0:
			quoted = !quoted
		case quoted:
		case c == '[':
			depth++
		case c == ']':
			depth--
		case depth == 0:
			b.WriteByte(c)
		}
	}
	return b.String()
}

// Stack is one root: a Terraform root module or a CloudFormation template,
// evaluated under one set of inputs.
type Stack struct {
	// Root names it: the directory or the template, relative to the
	// repository's top, with forward slashes ("." for the top itself).
	Root     string
	Language Language
	// Variant says under which conditions the stack is as it is; nil when it is
	// the only one of its root.
	Variant *Variant
	// Parameters are the names of the inputs that a template declares.
	Parameters []string
	// Environment is the name of the inputs that it was evaluated with; "" if
	// they have none.
	Environment string
	// Plan is the plan or state that its values come from, relative to the
	// repository's top; "" if it was evaluated from source.
	Plan string
	// Files are the source files, the one that a root-wide finding names first.
	Files     []*source.File
	Resources []*Resource
	// Gaps are the parts of the stack that could not be read.
	Gaps []*Gap
	// Requests to silence findings stand in metadata.
	Requests []source.Request
	// Advice is about what the source says and may not mean.
	Advice []Advice
	// Secrets are where the source writes inputs that must not be shown,
	// whether or not a resource takes them.
	Secrets []source.Range

	builder *builder
}

// IsBase reports whether the stack is what its root makes where nothing is said
// about conditions.
func (s *Stack) IsBase() bool { return s.Variant == nil || s.Variant.Base }

// Variant is one way in which the conditions of a root come out.
type Variant struct {
	Base bool
	// Conditions are those that occur, in the order they do; Inputs are what
	// makes them so.
	Conditions []Decided
	Inputs     []Assumed
}

// Decided is a condition as it comes out.
type Decided struct {
	Name  string // IsProd, Child/IsProd
	Holds bool
}

// Assumed is the value of an input: a literal in quotes, or "something else".
type Assumed struct{ Name, Value string }

// Advice is a remark about the source that is no finding.
type Advice struct {
	Kind    AdviceKind
	At      source.Range
	Tag     string // tells it from others in the file
	Message string
}

// AdviceKind is what a remark is about.
type AdviceKind uint8

// The kinds of Advice.
const (
	Misspelt AdviceKind = iota
	FailedValidation
)

// Gap is a module that is not at hand.
type Gap struct {
	Address string // module.vpc
	Source  string // terraform-aws-modules/vpc/aws
	Range   source.Range
	// Links are the resources the module takes as arguments, or, if it is a
	// macro that rewrites what is written, those that it may change.
	Links    []Link
	Rewrites bool
	// Arguments are the values that it takes: an Object, or Absent.
	Arguments Value
	// Maybe and Exists tell whether the module is called at all, as of a Resource.
	Maybe  *Reason
	Exists *Condition
}

// Diagnostic is something that could not be analysed.
type Diagnostic struct {
	File    string // relative to the confinement root
	Range   source.Range
	Message string
}
