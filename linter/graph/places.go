package graph

import "strings"

// Place is where a declared type writes a canonical attribute.
type Place struct {
	Attribute Path // canonical
	Path      Path // written, from the resource
}

// Places lists where a declared type writes the attributes of a table: all of
// them for a type of the table's own, those it contributes for a companion.
// What the type cannot express is left out.
func (t *Type) Places(declared string) []Place {
	e := extraction{table: t, declared: declared, language: Terraform}
	if strings.Contains(declared, "::") {
		e.language = CloudFormation
	}
	if into, companion := t.companionOf(declared); companion {
		var out []Place
		for _, name := range into {
			if a := t.Attribute(Path{name}); a != nil {
				out = append(out, e.contributes(a)...)
			}
		}
		return out
	}
	return e.places(t.Attributes, nil, nil, nil)
}

func (t *Type) companionOf(declared string) (into []string, ok bool) {
	for _, f := range t.Folds {
		if f.Type == declared {
			into, ok = append(into, f.Into...), true
		}
	}
	return into, ok
}

// contributes lists the places of one attribute that a companion sets.
func (e extraction) contributes(a *Attribute) []Place {
	_, named := a.from(e.table, e.declared)
	if !named && (a.Form == FormBlocks || a.Form == FormObject) {
		return e.places(a.Attributes, Path{a.Name}, nil, nil)
	}
	return e.places([]Attribute{*a}, nil, nil, nil)
}

// places walks a table. base is the written path of the enclosing block,
// parent that of the enclosing object below it.
func (e extraction) places(attributes []Attribute, prefix, base, parent Path) []Place {
	var out []Place
	for i := range attributes {
		a := &attributes[i]
		path, ok := e.path(a, parent)
		if ok && len(path) > 0 && path[0] != "" {
			out = append(out, Place{prefix.Join(a.Name), base.Join(path...)})
		}
		if !ok {
			path = nowhere
		}
		if a.Form == FormBlocks {
			if ok {
				out = append(out, e.places(a.Attributes, prefix.Join(a.Name), base.Join(path...), nil)...)
			}
			continue
		}
		out = append(out, e.places(a.Attributes, prefix.Join(a.Name), base, path)...)
	}
	return out
}
