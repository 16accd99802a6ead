# Literal secrets in text. A reference or a lookup is none.
package demarc.lib.secret

import data.demarc.lib.finding
import data.demarc.lib.value

patterns := {
	"an AWS access key id": `(^|[^A-Z0-9])(AKIA|ASIA)[A-Z0-9]{16}([^A-Z0-9]|$)`,
	"an AWS secret access key": `(?i)aws_?secret_?(access_?)?key["']?\s*[:=]\s*["']?[A-Za-z0-9/+]{40}`,
	"a private key": `-----BEGIN ([A-Z]+ )*PRIVATE KEY-----`,
	"a GitHub token": `(^|[^A-Za-z0-9_])(ghp|gho|ghs|ghu)_[A-Za-z0-9]{36}`,
	"a Slack token": `xox[abprs]-[A-Za-z0-9-]{10,}`,
	"a Stripe key": `(^|[^A-Za-z0-9_])[rs]k_live_[A-Za-z0-9]{20,}`,
	"a password": `(?i)(^|[\s_"';])(password|passwd|db_pass|mysql_pwd|pgpassword)["']?\s*=\s*["']?[^\s"'$<>{}()]{6,}`,
}

# named are where text names a password that follows: keys of YAML and JSON and
# constants of scripts, options of commands.
named := [
	`(?i)(?:password|passwd)\\?["']?\s*(?::|=>|,)\s*\\?["']?([^\s"'\\,;]+)`,
	`(?i)(?:^|\s)--?[a-z-]*(?:password|passwd)(?:=|\s+)\\?["']?([^\s"'\\]+)`,
]

in_url := `[a-zA-Z][a-zA-Z0-9+.-]*://[^\s:/@"'${}<>*%]+:([^\s:/@"'${}<>*]{6,})@`

placeholder := `(?i)^(password|passwd|secret|token|x+|example)$`

# in_text are the kinds of secret that the text holds, also behind base64.
in_text(text) := {kind |
	is_string(text)
	some form in forms(text)
	some kind in kinds(form)
}

kinds(text) := ({kind |
	some kind, pattern in patterns
	regex.match(pattern, text)
} | {"a password" |
	some pattern in named
	some found in regex.find_all_string_submatch_n(pattern, text, -1)
	is_password(found[1])
}) | {"a password in a URL" |
	some found in regex.find_all_string_submatch_n(in_url, text, -1)
	not regex.match(placeholder, found[1])
}

# is_password: the text has letters and digits, and is no reference, path or
# address.
is_password(text) if {
	regex.match(`^[^{}$<>:/()]{6,}$`, text)
	regex.match(`[0-9]`, text)
	regex.match(`[A-Za-z]`, text)
}

# any_form: the text, also behind base64, matches the pattern.
any_form(text, pattern) if {
	is_string(text)
	some form in forms(text)
	regex.match(pattern, form)
}

# sets_keys: the text sets access keys of AWS, which do not stand in it themselves.
sets_keys(text) if {
	any_form(text, `(?mi)^[^#\n]*aws_(access_key_id|secret_access_key)\s*[=:]`)
	in_text(text) == set()
}

forms(text) := {text} if not base64.is_valid(text)

forms(text) := {text, base64.decode(text)} if base64.is_valid(text)

# in_variable are the kinds of secret that a variable's text holds. Where its
# name says that it is one, so is any text that is no reference and no word.
in_variable(name, text) := in_text(text) if {
	count(in_text(text)) > 0
} else := {"a literal secret"} if {
	name_says(name)
	looks_literal(text)
} else := set()

# name_says: a variable's name says that its value is one.
name_says(name) if regex.match(`(?i)(password|passwd|secret|api_?key|private_?key|access_?key|(^|[a-z]_|auth)token)$`, name)

# looks_literal: the text is no reference, lookup, address or plain word.
looks_literal(text) if {
	is_string(text)
	regex.match(`^[^\s{}$<>:/]{8,}$`, text)
	regex.match(`[0-9]`, text)
	regex.match(`[A-Za-z]`, text)
}

# written is what is to be said of the paths at which a secret itself stands, or
# a list that holds one. A reference, a lookup, or what is given at deployment is
# unknown, and none. what names the secret: "the master password".
written(r, paths, what) := {finding.at(r, path, sprintf("%s is written in the source", [what])) |
	some path in paths
	some text in texts(value.get(r, path))
	text != ""
}

# texts are the known texts of a value, or of a list.
texts(v) := {v} if is_string(v)

texts(v) := {text | some text in v; is_string(text)} if is_array(v)
