package cloudformation

import (
	"regexp"
	"slices"
	"strconv"
)

// constraints are what a parameter's declaration demands of its value.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html
type constraints struct {
	number         bool
	allowed        []string
	written        []string       // AllowedValues like yes, where YAML reads true
	pattern        *regexp.Regexp // nil if there is none that can be read
	least, most    *float64       // of a number
	shortest, long *float64       // of a text
}

func constraintsOf(declared *node) constraints {
	kind := parameterType(declared)
	c := constraints{number: kind == "Number" || kind == "List<Number>"}
	if values := declared.get("AllowedValues"); values != nil {
		for _, item := range values.items {
			if item.isScalar() && len(c.allowed) < maxValues {
				c.allowed = append(c.allowed, item.text)
				if item.kind == boolNode {
					c.written = append(c.written, item.name())
				}
			}
		}
	}
	if pattern := declared.get("AllowedPattern"); pattern.isScalar() {
		// Java's expressions that Go doesn't know are left out.
		c.pattern, _ = regexp.Compile("^(?:" + pattern.text + ")$")
	}
	bound := func(name string) *float64 {
		if n := declared.get(name); n.isScalar() {
			if f, err := strconv.ParseFloat(n.text, 64); err == nil {
				return &f
			}
		}
		return nil
	}
	c.least, c.most, c.shortest, c.long = bound("MinValue"), bound("MaxValue"), bound("MinLength"), bound("MaxLength")
	return c
}

// permit reports whether a parameter may have a value.
func (c constraints) permit(text string) bool {
	within := func(f float64, least, most *float64) bool {
		return (least == nil || f >= *least) && (most == nil || f <= *most)
	}
	if c.number {
		f, err := strconv.ParseFloat(text, 64)
		return err != nil || within(f, c.least, c.most)
	}
	return within(float64(len(text)), c.shortest, c.long) && (c.pattern == nil || c.pattern.MatchString(text))
}

// neverEmpty reports whether a parameter that must be given is never empty: it
// is not, unless its declaration says that it may be.
func (c constraints) neverEmpty() bool {
	says := c.pattern != nil || c.shortest != nil && *c.shortest == 0
	return !says || !c.permit("")
}

// other is a value that stands for any that nobody names.
func (c constraints) other(taken []string) string {
	text := "other"
	if c.number {
		text = "9"
	}
	for slices.Contains(taken, text) {
		text += text[:1]
	}
	return text
}
