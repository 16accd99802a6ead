# Machine images of AWS, known by the name under which they are looked up.
package demarc.lib.image

import data.demarc.lib.resource
import data.demarc.lib.value

# needs_token: r starts from Amazon Linux 2023, whose images are registered with
# ImdsSupport v2.0. https://docs.aws.amazon.com/linux/al2023/ug/imdsv2.html
needs_token(r) if {
	some attribute in ["ami", "image_id"]
	some entry in resource.targets(r, attribute, "data.aws_ssm_parameter")
	value.matches(entry, "name", `/(al2023-ami|amazon-linux-2023)`)
}

needs_token(r) if {
	some attribute in ["ami", "image_id"]
	some lookup in resource.targets(r, attribute, "data.aws_ami")
	some filter in lookup.values.filter
	filter.name == "name"
	some name in filter.values
	startswith(name, "al2023-ami-")
}

# leaves_token_open: r's image is not known to ask for a token.
leaves_token_open(r) if not needs_token(r)
