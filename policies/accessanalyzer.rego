# Access that reaches beyond the account.
package demarc.accessanalyzer

import data.demarc.lib.account

# METADATA
# title: Roots that manage the account set Access Analyzer up
# description: >-
#   An analyzer finds what is shared with other accounts or with everybody, and access that nobody uses.
# related_resources:
#   - https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-getting-started.html
# custom:
#   severity: low
#   profile: extended
#   subject: [aws_organizations_organization, aws_iam_account_password_policy, aws_account_alternate_contact, aws_s3_account_public_access_block, aws_securityhub_account, aws_guardduty_detector, aws_config_configuration_recorder, aws_accessanalyzer_analyzer]
#   aspects: [ID-11.b]
#   only_breaks: [ID-11.b]
#   remedy: 'add aws_accessanalyzer_analyzer / AWS::AccessAnalyzer::Analyzer'
enabled contains f if some f in account.absent(["aws_accessanalyzer_analyzer"], "access analyzer")

enabled_applies contains r.id if some r in account.roots
