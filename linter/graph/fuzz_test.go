package graph

import "testing"

// FuzzDocument holds that no text makes reading a policy document fail, and that
// its statements are a list, or unknown, whatever it holds.
func FuzzDocument(f *testing.F) {
	for _, seed := range []string{
		`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*","Principal":{"AWS":["*",1]},"Condition":{"Bool":{"aws:SecureTransport":false}}}]}`,
		`{"Statement":{"Effect":"Deny","NotAction":["s3:*"],"NotPrincipal":"*"}}`, `{"Statement":[null,[],1,{"Condition":[],"Principal":null}]}`, `[[[[`, `"a"`, `{"Statement":`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		d := document(StringValue(text))
		if d.Kind == Unknown {
			return
		}
		if s, ok := d.Field("statements"); !ok || s.Value.Kind != List && s.Value.Kind != Unknown {
			t.Errorf("the statements are %+v", s)
		}
		if again := document(StringValue(text)); again.JSON() != d.JSON() {
			t.Error("the same text gives another document")
		}
	})
}
