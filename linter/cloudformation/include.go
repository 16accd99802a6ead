package cloudformation

import (
	"bytes"
	"path"
	"strings"

	"github.com/demarc-dev/demarc/linter/source"
)

// The transform AWS::Include puts a file's content where it stands. The file
// lies in S3 when the template is deployed, and beside the template before
// "aws cloudformation package" uploads it; then it is read.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/transform-aws-include.html

const (
	includeName = "AWS::Include"
	// maxIncludes is how many files one template may include.
	maxIncludes = 50
)

// inclusion collects what includes bring into one template.
type inclusion struct {
	*loader
	files      []*source.File
	duplicates []syntaxError
	left       int
	contents   map[*source.File]*node // shared by all places that include it
}

// includes puts the content of local files where the template includes them.
func (l *loader) includes(root *node) *inclusion {
	in := &inclusion{loader: l, left: maxIncludes}
	if l.tree != nil && bytes.Contains(root.file.Data, []byte(includeName)) {
		in.visit(root, 0)
	}
	return in
}

func (in *inclusion) visit(n *node, depth int) {
	if depth > maxDepth {
		return
	}
	for i, item := range n.items {
		if whole := in.content(n.file, item); whole != nil {
			n.items[i] = whole
			continue
		}
		in.visit(item, depth+1)
	}
	var pairs []pair
	changed := false
	for i := range n.pairs {
		p := &n.pairs[i]
		if whole := in.content(n.file, p.value); whole != nil {
			p.value = whole
		}
		if part := in.part(n.file, p); part != nil {
			changed = true
			for _, q := range part.pairs {
				q.file = part.file
				pairs = append(pairs, q)
			}
			continue
		}
		in.visit(p.value, depth+1)
		pairs = append(pairs, *p)
	}
	if changed {
		n.pairs = first(pairs)
	}
}

// first drops the members whose name occurred before.
func first(pairs []pair) []pair {
	seen := map[string]bool{}
	kept := pairs[:0]
	for _, p := range pairs {
		if !seen[p.name] {
			seen[p.name] = true
			kept = append(kept, p)
		}
	}
	return kept
}

// content is what a value becomes that is an include and nothing else.
func (in *inclusion) content(from *source.File, n *node) *node {
	if name, argument, ok := n.call(); ok && name == "Fn::Transform" {
		return in.read(from, argument)
	}
	return nil
}

// part is what a member of a mapping becomes that is an include: Fn::Transform
// anywhere, Transform at the top of a template.
func (in *inclusion) part(from *source.File, p *pair) *node {
	if p.name != "Fn::Transform" && p.name != "Transform" {
		return nil
	}
	n := in.read(from, p.value)
	if n == nil || n.kind != mappingNode {
		return nil
	}
	return n
}

// read reads the file that an include names, or returns nil when it is no
// include, or one of a file that is not at hand.
func (in *inclusion) read(from *source.File, n *node) *node {
	name, location := n.get("Name"), n.get("Parameters").get("Location")
	if !name.isScalar() || name.text != includeName || !location.isScalar() || strings.Contains(location.text, "://") || path.IsAbs(location.text) {
		return nil
	}
	if in.left--; in.left < 0 {
		in.report(location.at(), "the template includes too many files: this one is not read")
		return nil
	}
	f, err := in.tree.Read(path.Join(path.Dir(from.Path), location.text))
	if err != nil {
		in.report(location.at(), "the included file "+location.text+" cannot be read: "+err.Error())
		return nil
	}
	if content, known := in.contents[f]; known {
		return content
	}
	if in.contents == nil {
		in.contents = map[*source.File]*node{}
	}
	content, duplicates, err := parse(f)
	in.contents[f] = content
	if err != nil {
		in.reportError(f, err)
		return nil
	}
	in.files = append(in.files, f)
	in.duplicates = append(in.duplicates, duplicates...)
	return content
}
