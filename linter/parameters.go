package linter

import (
	"encoding/json"
	"fmt"

	"go.yaml.in/yaml/v3"
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
	parameters, err := parseParameters(data)
	if err != nil {
		return nil, fmt.Errorf("read parameters of %s: %w", name, err)
	}
	return parameters, nil
}

func parseParameters(data []byte) (map[string]string, error) {
	var document any
	if err := yaml.Unmarshal(data, &document); err != nil {
		return nil, err
	}
	out := map[string]string{}
	switch d := document.(type) {
	case nil:
		return out, nil
	case []any:
		for i, item := range d {
			pair, ok := item.(map[string]any)
			key, named := pair["ParameterKey"].(string)
			if !ok || !named {
				return nil, fmt.Errorf("item %d has no ParameterKey", i+1)
			}
			if pair["ParameterValue"] == nil { // UsePreviousValue: not known here
				continue
			}
			text, err := parameterText(pair["ParameterValue"])
			if err != nil {
				return nil, fmt.Errorf("parameter %s: %w", key, err)
			}
			out[key] = text
		}
		return out, nil
	case map[string]any:
		if inner, ok := d["Parameters"].(map[string]any); ok {
			d = inner
		}
		for key, value := range d {
			text, err := parameterText(value)
			if err != nil {
				return nil, fmt.Errorf("parameter %s: %w", key, err)
			}
			out[key] = text
		}
		return out, nil
	}
	return nil, fmt.Errorf("a list or an object of parameters is needed")
}

func parameterText(value any) (string, error) {
	switch v := value.(type) {
	case string:
		return v, nil
	case bool, int, int64, uint64, float64:
		text, err := json.Marshal(v)
		return string(text), err
	}
	return "", fmt.Errorf("the value must be a text or a number")
}
