# Relational databases: instances and Aurora clusters.
package demarc.rds

import data.demarc.lib.resource
import data.demarc.lib.value

databases := array.concat(resource.all("aws_db_instance"), resource.all("aws_rds_cluster"))

# standalone: not a member of a cluster, a replica or a restored snapshot,
# which take their settings from elsewhere.
standalone(db) if {
	value.none(db, "db_cluster_identifier")
	value.none(db, "replicate_source_db")
	value.none(db, "snapshot_identifier")
	value.none(db, "restore_to_point_in_time")
}

# inherits_engine: the database has the engine of the snapshot, the source or the
# backup it is made from, since none is written.
inherits_engine(db) if value.none(db, "engine")

# A cluster has no cluster above it.
stands_alone contains db.id if {
	some db in resource.all("aws_db_instance")
	standalone(db)
}

stands_alone contains db.id if {
	some db in resource.all("aws_rds_cluster")
	value.none(db, "snapshot_identifier")
	value.none(db, "replication_source_identifier")
	value.none(db, "restore_to_point_in_time")
}

# provisioned are the clusters that are not of Aurora Serverless version 1.
provisioned contains db.id if {
	some db in resource.all("aws_rds_cluster")
	value.differs(db, "engine_mode", "serverless")
}

# originals are neither members of a cluster nor replicas.
originals contains db.id if {
	some db in resource.all("aws_db_instance")
	value.none(db, "replicate_source_db")
	value.none(db, "db_cluster_identifier")
}

originals contains db.id if some db in resource.all("aws_rds_cluster")

instances := array.concat(resource.all("aws_db_instance"), resource.all("aws_rds_cluster_instance"))
