variable "names" {
  type    = set(string)
  default = ["a", "b"]
}
variable "secret" {
  sensitive = true
  default   = "hunter2hunter2"
}
resource "terraform_data" "base" {
  input = { name = "base", secret = var.secret }
}
module "m" {
  source   = "./mod"
  for_each = var.names
  name     = each.key
  base     = terraform_data.base.id
}
module "one" {
  source = "./mod"
  name   = "one"
  base   = module.m["a"].id
}
resource "terraform_data" "counted" {
  count            = 2
  input            = module.one.id
  triggers_replace = [terraform_data.base.id, "x"]
}
resource "terraform_data" "pair" {
  count = 2
  input = terraform_data.counted[count.index].id
}
