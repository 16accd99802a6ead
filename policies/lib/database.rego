# Rules that every kind of database has, with its own noun.
package demarc.lib.database

import data.demarc.lib.finding
import data.demarc.lib.resource
import data.demarc.lib.value

# in_clear are the findings about databases of a type whose storage is known
# not to be encrypted.
in_clear(type, what) := {finding.at(db, "storage_encrypted", sprintf("%s is not encrypted", [what])) |
	some db in resource.all(type)
	value.is(db, "storage_encrypted", false)
}

# public are those about databases of some types that have a public address.
public(types, what) := {finding.at(db, "publicly_accessible", sprintf("%s has a public address", [what])) |
	some type in types
	some db in resource.all(type)
	value.is(db, "publicly_accessible", true)
}

# unprotected are those about databases that nothing keeps from being deleted.
unprotected(databases, what) := {finding.at(db, "deletion_protection", sprintf("%s can be deleted in one step", [what])) |
	some db in databases
	value.is(db, "deletion_protection", false)
}

# kept_briefly are those about databases whose backups are kept for fewer days.
kept_briefly(databases, days, what) := {finding.at(db, "backup_retention_period", message) |
	some db in databases
	message := value.too_brief(db, "backup_retention_period", days, what)
}
