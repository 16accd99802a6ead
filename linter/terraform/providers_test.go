package terraform

import "testing"

func TestDefaultTags(t *testing.T) {
	l := load(t, `-- main.tf --
variable "team" { default = "core" }
provider "aws" {
  default_tags {
    tags = { Team = var.team, Stage = "dev" }
  }
}
provider "aws" {
  alias = "east"
  default_tags { tags = { East = "yes" } }
}
provider "aws" { alias = "bare" }
resource "aws_x" "a" { tags = { Stage = "prod" } }
resource "aws_x" "b" {}
resource "aws_x" "c" { provider = aws.east }
resource "aws_x" "d" {
  provider = aws.bare
  tags     = { Own = "d" }
}
resource "other_x" "e" {}
resource "aws_x" "f" { copy = aws_x.a.tags_all.Team }
module "inherits" { source = "./m" }
module "passes" {
  source    = "./m"
  providers = { aws = aws.east, aws.second = aws }
}
-- m/main.tf --
terraform {
  required_providers {
    aws = { source = "hashicorp/aws", configuration_aliases = [aws.second] }
  }
}
resource "aws_x" "g" {}
resource "aws_x" "h" { provider = aws.second }
`)
	for at, want := range map[string]string{
		"aws_x.a tags_all":                 `{Stage: "prod", Team: "core"}`,
		"aws_x.a tags":                     `{Stage: "prod"}`,
		"aws_x.b tags_all":                 `{Stage: "dev", Team: "core"}`,
		"aws_x.c tags_all":                 `{East: "yes"}`,
		"aws_x.d tags_all":                 `absent`,
		"other_x.e tags_all":               `absent`,
		"aws_x.f copy":                     `"core"->aws_x.a.tags_all`,
		"module.inherits.aws_x.g tags_all": `{Stage: "dev", Team: "core"}`,
		"module.inherits.aws_x.h tags_all": `absent`,
		"module.passes.aws_x.g tags_all":   `{East: "yes"}`,
		"module.passes.aws_x.h tags_all":   `{Stage: "dev", Team: "core"}`,
	} {
		if got := show(l.at(at)); got != want {
			t.Errorf("%s is %s, want %s", at, got, want)
		}
	}
	if len(l.diags) > 0 {
		t.Error(l.messages())
	}
}
