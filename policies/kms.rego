# Encryption keys.
package demarc.kms

import data.demarc.lib.audience
import data.demarc.lib.document
import data.demarc.lib.finding
import data.demarc.lib.resource
import data.demarc.lib.value

# METADATA
# title: Symmetric keys rotate
# description: >-
#   AWS makes new key material every year and keeps the old for decryption; nothing has to change for
#   those who use the key. Asymmetric, HMAC and imported keys cannot be rotated by AWS.
# related_resources:
#   - https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_kms_key
#   when: [customer_master_key_spec, key_usage, origin, is_enabled, custom_key_store_id]
#   reads: [enable_key_rotation]
#   aspects: [DP-9.b]
#   remedy: 'set enable_key_rotation = true / EnableKeyRotation: true'
rotation contains finding.at(key, "enable_key_rotation", "the key's material is never rotated") if {
	some key in resource.all("aws_kms_key")
	key.values.enable_key_rotation == false
}

rotation_applies contains key.id if {
	some key in resource.all("aws_kms_key")
	key.values.customer_master_key_spec == "SYMMETRIC_DEFAULT"
	key.values.key_usage == "ENCRYPT_DECRYPT"
	key.values.is_enabled == true
	value.none(key, "custom_key_store_id")
	value.differs(key, "origin", "EXTERNAL")
}

# METADATA
# title: Key policies name who may use the key
# description: >-
#   A key that everybody may use protects nothing. AWS's own keys use the principal * together with
#   kms:CallerAccount, which is a narrowing condition.
# related_resources:
#   - https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html
# custom:
#   severity: high
#   profile: default
#   subject: aws_kms_key
#   weighs: [policy]
#   aspects: [DP-9.a]
#   remedy: name the accounts or roles, or add a condition on kms:CallerAccount
key_policy_public contains f if {
	some key in document.carriers("aws_kms_key", "policy")
	some f in audience.public_findings(key, "policy", "the key policy")
}

# METADATA
# title: Keys are enabled
# description: >-
#   What a disabled key encrypts cannot be read, and the services that use it stop.
# related_resources:
#   - https://docs.aws.amazon.com/kms/latest/developerguide/enabling-keys.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_kms_key
#   reads: [is_enabled]
#   aspects: [DP-9.f]
#   remedy: 'set is_enabled = true / Enabled: true, or schedule the deletion of a key that nobody needs'
key_enabled contains finding.at(key, "is_enabled", "the key is disabled") if {
	some key in resource.all("aws_kms_key")
	key.values.is_enabled == false
}

# METADATA
# title: A key's policy keeps somebody who may change it
# description: >-
#   Without the safety check a policy may shut everybody out of the key, AWS included: only AWS support can
#   help then.
# related_resources:
#   - https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_kms_key
#   reads: [bypass_policy_lockout_safety_check]
#   aspects: [DP-9.f]
#   remedy: 'leave bypass_policy_lockout_safety_check at false'
lockout_safety_check contains finding.at(key, "bypass_policy_lockout_safety_check", "the key's policy may shut everybody out") if {
	some key in resource.all("aws_kms_key")
	key.values.bypass_policy_lockout_safety_check == true
}
