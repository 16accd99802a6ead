package policies

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// StandardFiles has the controls of Security Hub and the standards that name
// them, read when a standard is asked for.
//
//go:embed standards/*.yaml
var StandardFiles embed.FS

const securityHub = "standards/securityhub.yaml"

// SecurityControl is a control of AWS Security Hub.
type SecurityControl struct {
	ID            string `yaml:"-"` // S3.8
	Ask, Severity string
	Types         []string // CloudFormation's resource types
	Config        string   // the AWS Config rule that judges it after deployment, or ""
	Evidence      string   // static, partial or none, as of a finding.Aspect
	WhyNot        string   `yaml:"why_not"`
	// Rules ask the same. A finding of the Laxer ones breaks the control, and their
	// silence shows nothing; the Stricter ones are the other way round. They may be
	// rules that do not exist yet.
	Rules, Laxer, Stricter []string
}

// Breaking are the rules of which a finding breaks the control.
func (c SecurityControl) Breaking() []string { return slices.Concat(c.Rules, c.Laxer) }

// Service is the part of the control's id that names it.
func (c SecurityControl) Service() string {
	service, _, _ := strings.Cut(c.ID, ".")
	return service
}

// Standard is a list of controls that AWS Security Hub calls a standard.
type Standard struct {
	ID     string `yaml:"-"` // cis-5.0
	Title  string
	AsOf   string `yaml:"as_of"` // the date of the source
	Source string
	// Members are its controls, in order.
	Members []Member `yaml:"-"`
}

// Member is a control with the requirements of the standard that it answers,
// as far as they are known.
type Member struct {
	Control      SecurityControl
	Requirements []string
}

// StandardIDs are those of the standards in files, sorted.
func StandardIDs(files fs.FS) []string {
	names, _ := fs.Glob(files, "standards/*.yaml") // whose pattern is well formed
	var out []string
	for _, name := range names {
		if name != securityHub {
			out = append(out, strings.TrimSuffix(path.Base(name), ".yaml"))
		}
	}
	return out
}

// ReadSecurityControls reads the controls of Security Hub, in order.
func ReadSecurityControls(files fs.FS) ([]SecurityControl, error) {
	var out []SecurityControl
	err := readPairs(files, securityHub, func(id string, value *yaml.Node) error {
		c := SecurityControl{ID: id}
		if err := errors.Join(eachPair(value, knownKey), value.Decode(&c)); err != nil {
			return err
		}
		out = append(out, c)
		return c.check()
	})
	return out, err
}

// knownKey refuses what a control has no field for, which yaml.Node does not.
func knownKey(key string, _ *yaml.Node) error {
	if slices.Contains([]string{"ask", "severity", "types", "config", "evidence", "why_not", "rules", "laxer", "stricter"}, key) {
		return nil
	}
	return errors.New("there is no such key")
}

func (c SecurityControl) check() error {
	switch {
	case c.Ask == "" || Severity(c.Severity).Rank() == 0 || len(c.Types) == 0:
		return errors.New("needs an ask, a severity and types")
	case !slices.Contains([]string{"static", "partial", "none"}, c.Evidence):
		return fmt.Errorf("evidence is static, partial or none, not %q", c.Evidence)
	case (c.Evidence == "none") != (c.WhyNot != ""):
		return errors.New("what no template shows says why_not, and nothing else does")
	case c.Evidence == "none" && len(c.Rules)+len(c.Stricter) > 0:
		return errors.New("no template shows it, so no rule can show it kept")
	}
	return nil
}

// ReadStandard reads a standard and what it says of these controls.
func ReadStandard(files fs.FS, id string, controls []SecurityControl) (*Standard, error) {
	at := make(map[string]SecurityControl, len(controls))
	for _, c := range controls {
		at[c.ID] = c
	}
	s := &Standard{ID: id}
	err := readPairs(files, "standards/"+id+".yaml", func(key string, value *yaml.Node) error {
		switch key {
		case "title":
			return value.Decode(&s.Title)
		case "as_of":
			s.AsOf = value.Value
		case "source":
			return value.Decode(&s.Source)
		case "controls":
			return eachPair(value, func(control string, value *yaml.Node) error {
				m := Member{Control: at[control]}
				if m.Control.ID == "" {
					return errors.New("there is no such control")
				}
				err := value.Decode(&m.Requirements)
				s.Members = append(s.Members, m)
				return err
			})
		default:
			return errors.New("there is no such key")
		}
		return nil
	})
	return s, err
}

// readPairs gives the keys of a file, which is a mapping, to a reader.
func readPairs(files fs.FS, name string, read func(key string, value *yaml.Node) error) error {
	data, err := fs.ReadFile(files, name)
	if err != nil {
		return err
	}
	var doc yaml.Node
	if err := yaml.Unmarshal(data, &doc); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if len(doc.Content) == 0 {
		return fmt.Errorf("%s is empty", name)
	}
	if err := eachPair(doc.Content[0], read); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

func eachPair(mapping *yaml.Node, read func(key string, value *yaml.Node) error) error {
	if mapping.Kind != yaml.MappingNode {
		return fmt.Errorf("line %d: a mapping is needed here", mapping.Line)
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(mapping.Content); i += 2 {
		key := mapping.Content[i]
		if seen[key.Value] {
			return fmt.Errorf("line %d: %s stands twice", key.Line, key.Value)
		}
		seen[key.Value] = true
		if err := read(key.Value, mapping.Content[i+1]); err != nil {
			return fmt.Errorf("line %d: %s: %w", key.Line, key.Value, err)
		}
	}
	return nil
}
