package graph_test

import (
	"slices"
	"testing"

	"github.com/demarc-dev/demarc/linter/graph"
)

func TestSecrets(t *testing.T) {
	encoded := str(`{"password":"in text"}`).WithStructure(object("password", str("in text"), "name", str("n")))
	v := object(
		"engine", str("mysql"),
		"MasterUserPassword", str("named"),
		"password_length", graph.NumberValue("12"),
		"port", graph.NumberValue("5432").AsSensitive(),
		"manage_password", graph.BoolValue(true),
		"db_password", graph.NumberValue("1234"),
		"passwords", graph.ListValue(str("first"), str("second"), object("name", str("third"))),
		"auth_token", str("{{resolve:secretsmanager:db}}"),
		"client_secret", str("arn:aws:secretsmanager:eu-west-1:111122223333:secret:x"),
		"environment", graph.ListValue(
			object("Name", str("API_KEY"), "Value", str("entry")),
			object("name", str("REGION"), "value", str("eu-west-1"))),
		"containers", encoded,
		"hidden", object("any", graph.ListValue(str("inside"))).AsSensitive(),
		"lost", graph.UnknownValue().AsSensitive(),
		"none_secret", graph.NullValue(),
	)
	var named, marked []string
	v.Secrets(func(secret graph.Value, isMarked bool) {
		if isMarked {
			marked = append(marked, secret.Text)
		} else {
			named = append(named, secret.Text)
		}
	})
	if want := []string{"named", "first", "second", "entry", "in text"}; !slices.Equal(named, want) {
		t.Errorf("named as secrets: %q, want %q", named, want)
	}
	if want := []string{"5432", "inside"}; !slices.Equal(marked, want) {
		t.Errorf("marked as secrets: %q, want %q", marked, want)
	}
	const want = `{"engine":"mysql","MasterUserPassword":"-","password_length":12,"port":"-","manage_password":true,"db_password":1234,` +
		`"passwords":["-","-",{"name":"third"}],"auth_token":"{{resolve:secretsmanager:db}}","client_secret":"arn:aws:secretsmanager:eu-west-1:111122223333:secret:x",` +
		`"environment":[{"Name":"API_KEY","Value":"-"},{"name":"REGION","value":"eu-west-1"}],"containers":"-","hidden":"-","lost":null,"none_secret":null}`
	if got := v.WithoutSecrets("-").JSON(); got != want {
		t.Errorf("without secrets: %s\nwant %s", got, want)
	}
	if v.Get("MasterUserPassword").Text != "named" || v.Get("passwords", "0").Text != "first" {
		t.Error("the value itself was changed")
	}
	key := graph.StringValue("x").AsSensitive().WithLinks(graph.Link{Address: "aws_kms_key.k", Attribute: "arn"})
	if got := object("a", key).WithoutSecrets("-").Get("a"); len(got.Links()) != 1 {
		t.Errorf("what is withheld refers to %v", got.Links())
	}
}
