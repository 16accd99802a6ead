package finding

import (
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// Fingerprint is the lasting identity of a finding: it stays the same when
// lines move, files are reformatted or renamed. root is relative to the
// repository's top, address has no instance keys, and tag is a stable human
// string that tells apart several findings of one rule on one resource.
func Fingerprint(rule, root, address, tag string) string {
	sum := sha256.Sum256([]byte(strings.Join([]string{rule, root, address, tag}, "\x00")))
	return hex.EncodeToString(sum[:])
}

// IDs are the rule's own id and all its aliases.
func (f *Finding) IDs() []string {
	out := []string{f.Rule}
	for _, peer := range slices.Sorted(maps.Keys(f.Aliases)) {
		out = append(out, f.Aliases[peer]...)
	}
	return out
}

// peerID are the forms of other tools' ids: checkov, trivy and tfsec, kics,
// cfn_nag, cdk-nag, Security Hub.
var peerID = regexp.MustCompile(`(?i)^(ckv\d?_\w+|bc_\w+|avd-[a-z]+-\d+|aws-?\d+|aws-[a-z0-9]+-[a-z0-9-]+|` +
	`[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[wf]\d+|awssolutions-\w+|[a-z][a-z0-9]*\.\d+)$`)

// IsPeerID reports whether an id is of a form that another tool uses: demarc
// need not have a rule for it.
func IsPeerID(id string) bool { return peerID.MatchString(id) }

// Is reports whether id is the finding's rule or one of its aliases, in any case.
func (f *Finding) Is(id string) bool {
	if strings.EqualFold(f.Rule, id) {
		return true
	}
	for _, ids := range f.Aliases {
		for _, alias := range ids {
			if SameID(alias, id) {
				return true
			}
		}
	}
	return false
}
