# What a database records.
package demarc.rds

import data.demarc.lib.finding
import data.demarc.lib.parameter
import data.demarc.lib.resource
import data.demarc.lib.value

# METADATA
# title: Databases publish their logs
# description: >-
#   Logs on the database's own disk go with the database. Exported to CloudWatch Logs they stay, and can
#   be searched and alarmed on.
# related_resources:
#   - https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_LogAccess.Procedural.UploadtoCloudWatch.html
# custom:
#   severity: medium
#   profile: extended
#   subject: [aws_db_instance, aws_rds_cluster]
#   when: [engine_mode]
#   presence: [db_cluster_identifier]
#   reads: [enabled_cloudwatch_logs_exports]
#   aspects: [DT-7.b]
#   remedy: set enabled_cloudwatch_logs_exports to the engine's logs
log_exports contains finding.at(db, "enabled_cloudwatch_logs_exports", "the database exports no logs") if {
	some db in databases
	value.none(db, "enabled_cloudwatch_logs_exports")
}

log_exports_applies contains db.id if {
	some db in resource.all("aws_db_instance")
	value.none(db, "db_cluster_identifier")
}

# Serverless version 1 sends its logs by itself.
log_exports_applies contains id if some id in provisioned

# METADATA
# title: MySQL clusters export their audit log
# description: >-
#   The audit log says who signed in and what they asked. Without the export it stays on the cluster's own
#   disk, is rotated away, and goes with the cluster. The parameter group switches it on.
# related_resources:
#   - https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraMySQL.Auditing.html
# custom:
#   severity: medium
#   profile: extended
#   subject: aws_rds_cluster
#   when: [engine_mode]
#   reads: [engine, enabled_cloudwatch_logs_exports]
#   aspects: [DT-7.b]
#   remedy: 'add audit to enabled_cloudwatch_logs_exports / EnableCloudwatchLogsExports, and set server_audit_logging = 1'
audit_log_export contains finding.at(cluster, "enabled_cloudwatch_logs_exports", "the cluster does not export its audit log") if {
	some cluster in resource.all("aws_rds_cluster")
	cluster.id in provisioned
	cluster.values.engine in mysql_clusters
	value.lacks(cluster, "enabled_cloudwatch_logs_exports", "audit")
}

mysql_clusters := {"aurora", "aurora-mysql", "mysql"}

# What is exported, or is no MySQL, needs no more to be known of it.
audit_log_export_applies contains cluster.id if {
	some cluster in resource.all("aws_rds_cluster")
	cluster.id in provisioned
	some engine in mysql_clusters
	value.may_be(cluster, "engine", engine)
	may_lack_audit(cluster)
}

audit_log_export_applies contains cluster.id if {
	some cluster in resource.all("aws_rds_cluster")
	cluster.id in provisioned
	cluster.values.engine in mysql_clusters
}

may_lack_audit(cluster) if value.lacks(cluster, "enabled_cloudwatch_logs_exports", "audit")

may_lack_audit(cluster) if value.unsettled(cluster, "enabled_cloudwatch_logs_exports")

# METADATA
# title: Databases record their query load
# description: >-
#   Performance Insights keeps which queries waited for what, and for whom: the first thing to look at when a
#   database is slow or abused. Db2, the smallest classes of MySQL and MariaDB, and the older burstable ones of
#   Aurora MySQL do not offer it; a cluster may ask for it for all its members.
# related_resources:
#   - https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PerfInsights.Overview.Engines.html
# custom:
#   severity: low
#   profile: extended
#   subject: [aws_db_instance, aws_rds_cluster_instance]
#   reads: [performance_insights_enabled]
#   presence: [cluster_identifier]
#   weighs: [engine, instance_class]
#   pedantic: [DT-10.a]
#   remedy: 'set performance_insights_enabled = true / EnablePerformanceInsights: true'
performance_insights contains finding.at(db, "performance_insights_enabled", "nothing records the database's query load") if {
	some db in instances
	offers_insights(db)
	db.values.performance_insights_enabled == false
}

performance_insights contains finding.inconclusive(db, attribute, "nothing records the database's query load, and it is unknown whether it could be recorded") if {
	some db in instances
	db.values.performance_insights_enabled == false
	some attribute in ["engine", "instance_class"]
	value.unsettled(db, attribute)
	may_offer_insights(db)
}

performance_insights contains finding.inconclusive(db, "engine", "nothing records the database's query load, and it is unknown whether the engine it inherits could") if {
	some db in instances
	inherits_engine(db)
	db.values.performance_insights_enabled == false
}

performance_insights_applies contains db.id if {
	some db in instances
	may_offer_insights(db)
	cluster_at_hand(db)
	resource.targets_lack(db, "cluster_identifier", "aws_rds_cluster", "performance_insights_enabled", true)
}

# cluster_at_hand: it is not unknown which cluster, if any, the member is of.
cluster_at_hand(db) if value.settled(db, "cluster_identifier")

cluster_at_hand(db) if some _ in resource.targets(db, "cluster_identifier", "aws_rds_cluster")

may_offer_insights(db) if offers_insights(db)

may_offer_insights(db) if value.unsettled(db, "engine")

may_offer_insights(db) if inherits_engine(db)

may_offer_insights(db) if {
	value.matches(db, "engine", "^(mysql|mariadb|aurora|aurora-mysql)$")
	value.unsettled(db, "instance_class")
}

offers_insights(db) if value.matches(db, "engine", "^(postgres|oracle|sqlserver|aurora-postgresql)")

offers_insights(db) if {
	value.matches(db, "engine", "^(mysql|mariadb)$")
	value.differs_from(db, "instance_class", `^db\.t(2|3|4g)\.(micro|small)$`)
}

offers_insights(db) if {
	value.matches(db, "engine", "^aurora(-mysql)?$")
	value.differs_from(db, "instance_class", `^db\.(t[23]\..*|t4g\.(micro|small))$`)
}

# METADATA
# title: PostgreSQL logs statements and slow queries
# description: >-
#   PostgreSQL logs no statements of its own accord. log_statement says which kinds it logs, and
#   log_min_duration_statement from how many milliseconds on it logs any.
# related_resources:
#   - https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_LogAccess.Concepts.PostgreSQL.Query_Logging.html
# custom:
#   severity: low
#   profile: extended
#   subject: [aws_db_parameter_group, aws_rds_cluster_parameter_group]
#   when: [family]
#   weighs: [parameter, parameter.name, parameter.value]
#   pedantic: [DT-7.b]
#   remedy: 'set log_statement (ddl, mod or all) and log_min_duration_statement (milliseconds)'
postgres_query_logging contains finding.tagged(group, "", sprintf("the parameter group does not set %s", [name]), name) if {
	some group in postgres_groups
	some name in query_logging
	parameter.absent(group, name)
}

postgres_query_logging contains finding.tagged(group, path, "no kind of statement is logged", "log_statement") if {
	some group in postgres_groups
	some path in parameter.outside(group, "log_statement", {"ddl", "mod", "all"})
}

postgres_query_logging contains finding.tagged(group, path, "no slow query is logged", "log_min_duration_statement") if {
	some group in postgres_groups
	some path in parameter.among(group, "log_min_duration_statement", {"-1"})
}

postgres_query_logging contains finding.inconclusive(group, path, sprintf("it is unknown what %s is", [name])) if {
	some group in postgres_groups
	some name in query_logging
	some path in parameter.undecided(group, name)
}

postgres_query_logging_applies contains group.id if some group in postgres_groups

query_logging := ["log_statement", "log_min_duration_statement"]

postgres_groups contains group if {
	some group in resource.all("aws_db_parameter_group")
	value.matches(group, "family", "^postgres")
}

# The members of an Aurora cluster take both from the cluster's group.
postgres_groups contains group if {
	some group in resource.all("aws_rds_cluster_parameter_group")
	value.matches(group, "family", "^(aurora-)?postgres")
}
