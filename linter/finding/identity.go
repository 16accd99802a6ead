package finding

import (
	"crypto/sha256"
	"encoding/hex"
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
