package terraform

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/demarc-dev/demarc/linter/source"
)

// configuration writes n resources of five kinds, ten of each in a file.
func configuration(n int) string {
	var b strings.Builder
	b.WriteString("-- variables.tf --\nvariable \"cidrs\" {\n  default = [\"10.0.0.0/8\"]\n}\nlocals {\n  tags = {\n    Team  = \"platform\"\n    Stage = \"prod\"\n  }\n}\n")
	for i := 0; i < n; i += 5 {
		if i%50 == 0 {
			fmt.Fprintf(&b, "-- group%d.tf --\n", i/50)
		}
		fmt.Fprintf(&b, `
resource "aws_kms_key" "k%[1]d" {
  description             = "key %[1]d"
  enable_key_rotation     = true
  deletion_window_in_days = 30
}

resource "aws_s3_bucket" "b%[1]d" {
  bucket = "bucket-%[1]d"
  tags   = merge(local.tags, { Name = "bucket-%[1]d" })
}

resource "aws_s3_bucket_server_side_encryption_configuration" "e%[1]d" {
  bucket = aws_s3_bucket.b%[1]d.id
  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = aws_kms_key.k%[1]d.arn
    }
    bucket_key_enabled = true
  }
}

resource "aws_security_group" "s%[1]d" {
  name        = "group-%[1]d"
  description = "Allows what service %[1]d needs"
  vpc_id      = "vpc-12345678"
  ingress {
    description = "https"
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = var.cidrs
  }
  egress {
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }
  tags = local.tags
}

resource "aws_iam_role" "r%[1]d" {
  name = "role-%[1]d"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "ec2.amazonaws.com" }
    }]
  })
}
`, i)
	}
	return b.String()
}

func BenchmarkLoad(b *testing.B) {
	for _, n := range []int{100, 1_000, 10_000} {
		top := b.TempDir()
		write(b, top, configuration(n))
		files, err := filepath.Glob(filepath.Join(top, "*.tf"))
		if err != nil {
			b.Fatal(err)
		}
		b.Run(fmt.Sprintf("parse=%d", n), func(b *testing.B) {
			b.ReportAllocs()
			for range b.N {
				tree, err := source.Open(top)
				if err != nil {
					b.Fatal(err)
				}
				for _, name := range files {
					f, err := tree.Read(filepath.Base(name))
					if err != nil {
						b.Fatal(err)
					}
					if _, diags := hclsyntax.ParseConfig(f.Data, f.Path, hcl.InitialPos); diags.HasErrors() {
						b.Fatal(diags)
					}
				}
				tree.Close()
			}
		})
		b.Run(fmt.Sprintf("load=%d", n), func(b *testing.B) {
			b.ReportAllocs()
			for range b.N {
				tree, err := source.Open(top)
				if err != nil {
					b.Fatal(err)
				}
				stacks, diags := Load(context.Background(), tree, []Dir{{Name: ".", Named: true}}, Options{Jobs: 1})
				if len(diags) > 0 || len(stacks[0].Resources) != n {
					b.Fatal(diags, len(stacks[0].Resources))
				}
				tree.Close()
			}
		})
	}
}

// BenchmarkCrossReferences is for_each instances that refer to each other by
// key, which must not be quadratic.
func BenchmarkCrossReferences(b *testing.B) {
	for _, n := range []int{500, 1_000, 2_000} {
		top := b.TempDir()
		write(b, top, fmt.Sprintf(`
locals { names = toset([for i in range(%d) : format("n%%d", i)]) }
resource "aws_a" "x" {
  for_each = local.names
  name     = each.key
}
resource "aws_b" "y" {
  for_each = local.names
  a        = aws_a.x[each.key].id
  n        = aws_a.x[each.key].name
  b        = aws_b.z[each.value].arn
}
resource "aws_b" "z" {
  for_each = aws_a.x
  a        = each.value.id
}
`, n/2))
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for range b.N {
				tree, err := source.Open(top)
				if err != nil {
					b.Fatal(err)
				}
				if stacks, diags := Load(context.Background(), tree, []Dir{{Name: "."}}, Options{Jobs: 1}); len(diags) > 0 || len(stacks[0].Resources) != n/2*3 {
					b.Fatal(diags)
				}
				tree.Close()
			}
		})
	}
}

// BenchmarkInstances is one resource and one module with many instances.
func BenchmarkInstances(b *testing.B) {
	for _, n := range []int{10, 100, 1_000, 10_000} {
		benchmarkArchive(b, fmt.Sprintf("resources=%d", n), n, fmt.Sprintf(`
resource "aws_s3_bucket" "x" {
  count  = %d
  bucket = "bucket-${count.index}"
  tags   = { Name = "n${count.index}" }
}
`, n))
		benchmarkArchive(b, fmt.Sprintf("modules=%d", n), n, fmt.Sprintf(`-- main.tf --
module "m" {
  source   = "./m"
  for_each = { for pair in setproduct(range(10), range(%d)) : "k${pair[0]}-${pair[1]}" => pair[1] }
  name     = each.key
}
-- m/main.tf --
variable "name" { type = string }
locals { tags = { Name = var.name } }
resource "aws_s3_bucket" "x" {
  bucket = "bucket-${var.name}"
  tags   = local.tags
}
output "arn" { value = aws_s3_bucket.x.arn }
`, n/10))
	}
}

// BenchmarkNesting is modules that call modules, eight levels of them, each
// with for_each and outputs that are joined on the way up.
func BenchmarkNesting(b *testing.B) {
	const levels = 8
	for _, width := range []int{1, 2, 3} {
		var files strings.Builder
		files.WriteString("-- main.tf --\nmodule \"m\" {\n  source = \"./m1\"\n  path   = \"r\"\n}\nresource \"aws_x\" \"all\" { a = module.m.names }\n")
		n := 1
		for level := 1; level <= levels; level++ {
			fmt.Fprintf(&files, "-- m%d/main.tf --\nvariable \"path\" {}\nresource \"aws_x\" \"x\" { name = var.path }\n", level)
			if level == levels {
				files.WriteString("output \"names\" { value = [aws_x.x.name] }\n")
				break
			}
			fmt.Fprintf(&files, `module "m" {
  source   = "../m%d"
  for_each = toset([for i in range(%d) : tostring(i)])
  path     = "${var.path}/${each.key}"
}
output "names" { value = concat([aws_x.x.name], [for m in module.m : m.names]...) }
`, level+1, width)
			n = n*width + 1
		}
		benchmarkArchive(b, fmt.Sprintf("width=%d/resources=%d", width, n+1), n+1, files.String())
	}
}

// benchmarkArchive loads an archive that has n resources.
func benchmarkArchive(b *testing.B, name string, n int, archive string) {
	top := b.TempDir()
	write(b, top, archive)
	b.Run(name, func(b *testing.B) {
		b.ReportAllocs()
		for range b.N {
			tree, err := source.Open(top)
			if err != nil {
				b.Fatal(err)
			}
			stacks, diags := Load(context.Background(), tree, []Dir{{Name: "."}}, Options{Jobs: 1})
			if len(diags) > 0 || len(stacks[0].Resources) < n {
				b.Fatal(diags, len(stacks[0].Resources), n)
			}
			tree.Close()
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*n), "ns/resource")
	})
}
