package load

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/demarc-dev/demarc/linter/cloudformation"
	"github.com/demarc-dev/demarc/linter/source"
)

// maxParameters is the largest file of parameters, in bytes.
const maxParameters = 1 << 20

// ReadParameterFile reads the inputs of a CloudFormation template in any form
// that AWS's tools take: the command line's list of ParameterKey and
// ParameterValue, CodePipeline's object with Parameters, or a plain object,
// in YAML as well as JSON; and SAM's samconfig.toml.
func ReadParameterFile(name string) (map[string]string, error) {
	data, err := source.ReadNamed(name, maxParameters)
	if err != nil {
		return nil, fmt.Errorf("read parameters: %w", err)
	}
	read := cloudformation.ReadParameters
	if strings.EqualFold(filepath.Ext(name), ".toml") {
		read = cloudformation.ReadSAMConfig
	}
	parameters, err := read(data)
	if err != nil {
		return nil, fmt.Errorf("read parameters of %s: %w", name, err)
	}
	return parameters, nil
}
