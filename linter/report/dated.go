package report

import (
	"crypto/sha1" //nolint:gosec // RFC 9562 makes a UUID of version 5 with it; it protects nothing
	"encoding/hex"
	"strings"
	"time"

	"github.com/demarc-dev/demarc/linter/finding"
)

// undated is the time in the forms that must have one where nobody gave a date:
// two runs say the same, and nobody takes it for the time of a run.
var undated = time.Unix(0, 0).UTC()

// when is the time that forms write which must have one.
func (o Options) when() time.Time {
	if o.Date.IsZero() {
		return undated
	}
	return o.Date.UTC()
}

// uuidSpace is the namespace of demarc's UUIDs: that of homepage among URLs.
var uuidSpace = uuidIn([]byte("\x6b\xa7\xb8\x11\x9d\xad\x11\xd1\x80\xb4\x00\xc0\x4f\xd4\x30\xc8"), homepage)

// uuid is the UUID of version 5 of what names a thing (RFC 9562).
func uuid(name ...string) string {
	u := uuidIn(uuidSpace, strings.Join(name, "\x00"))
	text := hex.EncodeToString(u)
	return strings.Join([]string{text[:8], text[8:12], text[12:16], text[16:20], text[20:]}, "-")
}

func uuidIn(space []byte, name string) []byte {
	sum := sha1.Sum(append(append([]byte{}, space...), name...)) //nolint:gosec // as above
	u := sum[:16]
	u[6], u[8] = u[6]&0x0f|0x50, u[8]&0x3f|0x80
	return u
}

// account and region stand where nobody named the ones that findings are for:
// those that templates are judged with, too.
func (o Options) account() string {
	if o.Account == "" {
		return "123456789012"
	}
	return o.Account
}

func (o Options) region() string {
	if o.Region == "" {
		return "us-east-1"
	}
	return o.Region
}

// partition is the one that a region is in.
func (o Options) partition() string {
	switch region := o.region(); {
	case strings.HasPrefix(region, "cn-"):
		return "aws-cn"
	case strings.HasPrefix(region, "us-gov-"):
		return "aws-us-gov"
	}
	return "aws"
}

// requirements are the controls that a finding breaks: the catalogue's, then
// those of Security Hub.
func requirements(f finding.Finding) []string {
	var out []string
	for _, id := range append(append([]string{}, f.Controls...), f.Aliases["securityhub"]...) {
		out = append(out, clean(id))
	}
	return out
}
