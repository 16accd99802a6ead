package linter

import (
	"maps"
	"testing"
)

func TestParseParameters(t *testing.T) {
	want := map[string]string{"Env": "prod", "Size": "3"}
	for _, text := range []string{
		`[{"ParameterKey": "Env", "ParameterValue": "prod"}, {"ParameterKey": "Size", "ParameterValue": "3"}, {"ParameterKey": "Old", "UsePreviousValue": true}]`,
		`{"Parameters": {"Env": "prod", "Size": 3}}`,
		`{"Env": "prod", "Size": "3"}`,
		"Env: prod\nSize: 3\n",
	} {
		if got, err := parseParameters([]byte(text)); err != nil || !maps.Equal(got, want) {
			t.Errorf("%s: %v, %v", text, got, err)
		}
	}
	for _, text := range []string{`"x"`, `[{"Key": "x"}]`, `["x"]`, `{"a": {"b": 1}}`, `{`} {
		if _, err := parseParameters([]byte(text)); err == nil {
			t.Errorf("%s was accepted", text)
		}
	}
}
