variable "name" {}
variable "base" {}
resource "terraform_data" "inner" {
  input = [var.name, var.base]
}
output "id" { value = terraform_data.inner.id }
