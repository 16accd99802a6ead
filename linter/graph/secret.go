package graph

import (
	"slices"
	"strings"
)

// secretNames are what the names of attributes and keys end with whose texts
// are passwords or keys, without case and punctuation.
var secretNames = []string{
	"password", "passwords", "passwd", "passphrase", "secret", "secretstring", "secretbinary", "clientsecret",
	"apikey", "privatekey", "accesskey", "secretkey", "authtoken", "accesstoken", "oauthtoken", "refreshtoken",
}

// namesSecret reports whether what stands under a name is a password or a key.
func namesSecret(name string) bool {
	bare := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z':
			return r
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		}
		return -1
	}, name)
	return slices.ContainsFunc(secretNames, func(ending string) bool { return strings.HasSuffix(bare, ending) })
}

// refersElsewhere reports whether a text only tells where a secret is.
func refersElsewhere(text string) bool {
	return strings.HasPrefix(text, "{{resolve:") || strings.HasPrefix(text, "arn:") || text == "true" || text == "false"
}

// Secrets visits every text and number in v that must not be shown: that its
// author marked sensitive, or that stands under the name of a password or a
// key. What a text encodes is part of it.
func (v Value) Secrets(visit func(secret Value, marked bool)) { v.secrets(false, false, visit) }

// secrets: marked and named tell that what is around v is sensitive, or has
// such a name.
func (v Value) secrets(marked, named bool, visit func(secret Value, marked bool)) {
	marked = marked || v.Sensitive
	switch v.Kind {
	case Number:
		if marked {
			visit(v, true)
		}
	case String:
		if marked || named && !refersElsewhere(v.Text) {
			visit(v, marked)
		} else if inner, ok := v.Structure(); ok {
			inner.secrets(false, false, visit)
		}
	case List:
		for _, item := range v.Items {
			item.secrets(marked, named && item.Kind == String, visit)
		}
	case Object:
		entry := v.secretEntry()
		for _, f := range v.Fields {
			f.Value.secrets(marked, namesSecret(f.Name) || entry && strings.EqualFold(f.Name, "value"), visit)
		}
	}
}

// secretEntry reports whether v is an entry of a list of names and values
// whose name is a secret's.
func (v Value) secretEntry() bool {
	return slices.ContainsFunc(v.Fields, func(f Field) bool {
		return (strings.EqualFold(f.Name, "name") || strings.EqualFold(f.Name, "key")) && f.Value.Kind == String && namesSecret(f.Value.Text)
	})
}

// WithoutSecrets is v with a text in place of each of its Secrets, and of each
// text that encodes one. What it refers to stays.
func (v Value) WithoutSecrets(instead string) Value { return v.withoutSecrets(false, instead) }

func (v Value) withoutSecrets(named bool, instead string) Value {
	switch {
	case v.Sensitive && v.Kind != Unknown && !v.IsNothing():
		return StringValue(instead).WithLinks(v.AllLinks()...)
	case v.Kind == String:
		hides := false
		v.secrets(false, named, func(Value, bool) { hides = true })
		if hides {
			return StringValue(instead).WithLinks(v.AllLinks()...)
		}
	case v.Kind == List:
		items := make([]Value, len(v.Items))
		for i, item := range v.Items {
			items[i] = item.withoutSecrets(named && item.Kind == String, instead)
		}
		v.Items = items
	case v.Kind == Object:
		entry := v.secretEntry()
		fields := slices.Clone(v.Fields)
		for i, f := range fields {
			fields[i].Value = f.Value.withoutSecrets(namesSecret(f.Name) || entry && strings.EqualFold(f.Name, "value"), instead)
		}
		v.Fields = fields
	}
	return v
}
