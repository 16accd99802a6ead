package linter

import (
	"fmt"

	"github.com/demarc-dev/demarc/linter/cloudformation"
)

// ReadParameterFile reads the inputs of a CloudFormation template in any form
// that AWS's tools take: the command line's list of ParameterKey and
// ParameterValue, CodePipeline's object with Parameters, or a plain object.
// YAML is read as well as JSON.
func ReadParameterFile(name string) (map[string]string, error) {
	data, err := readSmall(name)
	if err != nil {
		return nil, fmt.Errorf("read parameters: %w", err)
	}
	parameters, err := cloudformation.ReadParameters(data)
	if err != nil {
		return nil, fmt.Errorf("read parameters of %s: %w", name, err)
	}
	return parameters, nil
}
