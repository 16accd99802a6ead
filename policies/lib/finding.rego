# What a rule reports.
package demarc.lib.finding

# at: the subject breaks the rule at the path ("" is the subject itself).
at(subject, path, message) := {"subject": subject.id, "path": path, "message": message}

# tagged: as at, with a stable human string that tells apart several findings
# of one rule on one subject. Never an index, never a secret.
tagged(subject, path, message, tag) := {"subject": subject.id, "path": path, "message": message, "tag": tag}

# inconclusive: the value at the path decides, and it is unknown.
inconclusive(subject, path, message) := {"subject": subject.id, "path": path, "message": message, "inconclusive": true}
