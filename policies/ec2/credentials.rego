# What an instance may do, who logs in to it, and the secrets it is started with.
package demarc.ec2

import data.demarc.lib.finding
import data.demarc.lib.image
import data.demarc.lib.resource
import data.demarc.lib.secret
import data.demarc.lib.value

# METADATA
# title: The instance metadata service asks for a token
# description: >-
#   The metadata service hands out the instance role's credentials. Version 1 gives them to whoever can
#   make the instance fetch a URL; version 2 asks for a session token first. An instance that starts
#   from a launch template takes the template's setting.
# related_resources:
#   - https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html
# custom:
#   severity: high
#   profile: default
#   subject: [aws_instance, aws_launch_template, aws_launch_configuration]
#   weighs: [metadata_options, metadata_options.http_tokens, metadata_options.http_endpoint, launch_template]
#   aspects: [ID-7.d]
#   remedy: 'set metadata_options { http_tokens = "required" } / MetadataOptions.HttpTokens: required'
imdsv2 contains finding.at(r, "metadata_options.http_tokens", "the instance metadata service answers without a token (IMDSv1)") if {
	some r in launched
	value.outside(r, "metadata_options.http_tokens", ["required"])
	value.differs(r, "metadata_options.http_endpoint", "disabled")
}

imdsv2 contains finding.at(r, "metadata_options", "the metadata options do not ask for a token, so IMDSv1 answers unless the account or the image does") if {
	some r in launched
	value.differs(r, "metadata_options.http_endpoint", "disabled")
	value.none(r, "metadata_options.http_tokens")
	r.values.metadata_options
	leaves_token_open(r)
}

imdsv2 contains finding.at(r, "", "no metadata options are written, so IMDSv1 answers unless the account or the image asks for a token") if {
	some r in launched
	r.values.metadata_options == null
	r.id in own_options
	leaves_token_open(r)
}

# leaves_token_open: neither the image nor the account asks for a token.
leaves_token_open(r) if {
	image.leaves_token_open(r)
	resource.without_default(r, "aws_ec2_instance_metadata_defaults", "http_tokens", "required")
}

imdsv2 contains finding.inconclusive(r, "metadata_options.http_tokens", "it is unknown whether the instance metadata service asks for a token") if {
	some r in launched
	value.unsettled(r, "metadata_options.http_tokens")
	value.may_be(r, "metadata_options.http_endpoint", "enabled")
}

imdsv2 contains finding.inconclusive(r, "metadata_options.http_endpoint", "it is unknown whether the instance has a metadata service") if {
	some r in launched
	value.unsettled(r, "metadata_options.http_endpoint")
	value.may_be(r, "metadata_options.http_tokens", "optional")
}

imdsv2 contains finding.inconclusive(r, "launch_template", "it is unknown whether a launch template decides about the metadata service") if {
	some r in launched
	r.values.metadata_options == null
	value.hidden(r, "launch_template")
}

# METADATA
# title: User data holds no secrets
# description: >-
#   User data can be read by every process on the instance, by whoever may describe the instance, and
#   stays in the state file. Secrets belong in Secrets Manager or Parameter Store, fetched with the
#   instance's role.
# related_resources:
#   - https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/user-data.html
# custom:
#   severity: critical
#   profile: default
#   subject: [aws_instance, aws_launch_template, aws_launch_configuration]
#   weighs: [user_data, user_data_base64]
#   aspects: [OS-2.a]
#   only_breaks: [OS-2.a]
#   secret: true
#   remedy: fetch the secret at start from Secrets Manager with the instance's role
user_data_secrets contains finding.tagged(r, attribute, sprintf("user data holds %s", [kind]), kind) if {
	some r in launched
	some attribute in ["user_data", "user_data_base64"]
	some kind in secret.in_text(r.values[attribute])
}

# METADATA
# title: Metadata answers do not leave the instance
# description: >-
#   A hop limit above 1 lets containers and proxies on the instance pass the role's credentials on. Hosts of
#   containers that use the instance's role need 2.
# related_resources:
#   - https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-IMDS-existing-instances.html
# custom:
#   severity: low
#   profile: extended
#   subject: [aws_instance, aws_launch_template, aws_launch_configuration]
#   reads: [metadata_options.http_put_response_hop_limit]
#   pedantic: [ID-7.d]
#   remedy: 'set http_put_response_hop_limit = 1 / HttpPutResponseHopLimit: 1'
imds_hop_limit contains finding.at(r, "metadata_options.http_put_response_hop_limit", message) if {
	some r in launched
	hops := r.values.metadata_options.http_put_response_hop_limit
	hops > 1
	message := sprintf("metadata answers travel %d hops", [hops])
}

# METADATA
# title: Programs on instances use the instance's role
# description: >-
#   Keys that the start script sets stay in the user data, on the disk and in every process, and nobody rotates
#   them. An instance profile gives keys that last for hours. A key that is itself written there is reported as
#   ec2/user-data-secrets.
# related_resources:
#   - https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/iam-roles-for-amazon-ec2.html
# custom:
#   severity: high
#   profile: default
#   subject: [aws_instance, aws_launch_template, aws_launch_configuration]
#   weighs: [user_data, user_data_base64]
#   aspects: [ID-7.a, OS-2.a]
#   only_breaks: [OS-2.a]
#   remedy: attach an instance profile and remove the keys
instance_api_keys contains finding.at(r, attribute, "user data sets access keys of AWS for the programs on the instance") if {
	some r in launched
	some attribute in ["user_data", "user_data_base64"]
	secret.sets_keys(r.values[attribute])
}

instance_api_keys contains finding.inconclusive(r, attribute, "it is unknown whether user data sets access keys") if {
	some r in launched
	some attribute in ["user_data", "user_data_base64"]
	value.unsettled(r, attribute)
}

# METADATA
# title: Start scripts leave passwords and root log-ins switched off
# description: >-
#   Images of AWS admit keys only. A script that switches on passwords, or the log-in of root, opens the host to
#   guessing.
# related_resources:
#   - https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/building-shared-amis.html
# custom:
#   severity: medium
#   profile: default
#   subject: [aws_instance, aws_launch_template, aws_launch_configuration]
#   weighs: [user_data, user_data_base64]
#   aspects: [OS-4.a]
#   only_breaks: [OS-4.a]
#   remedy: log in with Session Manager or with keys, and leave PasswordAuthentication and PermitRootLogin at no
user_data_password_login contains finding.at(r, attribute, "user data switches on log-ins with passwords or as root") if {
	some r in launched
	some attribute in ["user_data", "user_data_base64"]
	secret.any_form(r.values[attribute], password_login)
}

user_data_password_login contains finding.inconclusive(r, attribute, "it is unknown whether user data switches on log-ins with passwords") if {
	some r in launched
	some attribute in ["user_data", "user_data_base64"]
	value.unsettled(r, attribute)
}

# The text that is left in sshd_config, in cloud-init, or that sed puts there; not the one that sed looks for.
password_login := `(?mi)^[^#\n]*(PasswordAuthentication|PermitRootLogin)[ \t]+yes["']?[ \t]*($|[>|;&]|/[gi]*['"])|^\s*ssh_pwauth:\s*(true|yes)|^\s*chpasswd:|\|\s*(sudo\s+)?chpasswd`

# METADATA
# title: Instances have a role
# description: >-
#   Without an instance profile, programs that call AWS bring keys of their own, and Session Manager cannot reach
#   the instance unless the account lets it.
# related_resources:
#   - https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/iam-roles-for-amazon-ec2.html
# custom:
#   severity: medium
#   profile: extended
#   subject: aws_instance
#   presence: [iam_instance_profile, launch_template]
#   pedantic: [ID-7.a]
#   remedy: set iam_instance_profile / IamInstanceProfile
instance_profile contains finding.at(instance, "iam_instance_profile", "the instance has no role") if {
	some instance in resource.all("aws_instance")
	value.none(instance, "iam_instance_profile")
	value.none(instance, "launch_template")
}

instance_profile contains finding.at(instance, "launch_template", "neither the instance nor its launch template has a role") if {
	some instance in resource.all("aws_instance")
	value.none(instance, "iam_instance_profile")
	some template in resource.targets(instance, "launch_template.id", "aws_launch_template")
	value.none(template, "iam_instance_profile")
}

# METADATA
# title: Private keys of key pairs are made where they are used
# description: >-
#   A key that Terraform generates stands in its state in clear text, and whoever reads the state can log in.
# related_resources:
#   - https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/create-key-pairs.html
# custom:
#   severity: medium
#   profile: default
#   subject: [aws_key_pair, aws_lightsail_key_pair]
#   weighs: [public_key]
#   aspects: [OS-4.b]
#   remedy: make the key with ssh-keygen and import its public part, or use Session Manager
key_pair_private_key_in_state contains finding.at(pair, "public_key", sprintf("%s leaves the private key in Terraform's state", [maker.address])) if {
	some type in ["aws_key_pair", "aws_lightsail_key_pair"]
	some pair in resource.all(type)
	some maker in resource.targets(pair, "public_key", "tls_private_key")
}

# METADATA
# title: The serial console stays off
# description: >-
#   The serial console reaches an instance past its security groups. It is for repairs, and off unless switched on.
# related_resources:
#   - https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configure-access-to-serial-console.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_ec2_serial_console_access
#   reads: [enabled]
#   pedantic: [TR-7.e]
#   remedy: set enabled = false
serial_console_access contains finding.at(setting, "enabled", "the serial console is open to whoever IAM lets in") if {
	some setting in resource.all("aws_ec2_serial_console_access")
	setting.values.enabled == true
}
