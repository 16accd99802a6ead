package linter_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/demarc-dev/demarc/linter"
	"github.com/demarc-dev/demarc/linter/finding"
)

// estate writes n Terraform resources of five types that refer to each other,
// fifty to a file, and returns the directory. With about 800 bytes a resource
// it is terser than most code: public repositories have 1,300 to 2,700.
func estate(b *testing.B, n int) string {
	b.Helper()
	dir := b.TempDir()
	var file strings.Builder
	for i := 0; i < n/5; i++ {
		fmt.Fprintf(&file, group, i, i%256)
		if i%10 == 9 || i == n/5-1 {
			write(b, filepath.Join(dir, fmt.Sprintf("part%d.tf", i/10)), file.String())
			file.Reset()
		}
	}
	write(b, filepath.Join(dir, "variables.tf"), `variable "environment" {
  default = "test"
}

locals {
  tags = {
    Environment = var.environment
    ManagedBy   = "terraform"
  }
}
`)
	return dir
}

// group is five resources; %[1]d is its number, %[2]d that modulo 256.
const group = `
# The key of group %[1]d. Everything at rest in the group is encrypted with it, and
# its use is logged; see the handbook's chapter on keys.
resource "aws_kms_key" "k%[1]d" {
  description             = "Data key of group %[1]d in ${var.environment}"
  enable_key_rotation     = true
  deletion_window_in_days = 30
  multi_region            = false

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "Administration"
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::111122223333:root" }
      Action    = "kms:*"
      Resource  = "*"
    }]
  })

  tags = merge(local.tags, {
    Name           = "group-%[1]d-${var.environment}"
    Owner          = "team-%[2]d"
    CostCenter     = "cc-%[2]d"
    Classification = "internal"
  })
}

# The bucket of group %[1]d: one prefix a producer, objects expire after their year.
resource "aws_s3_bucket" "b%[1]d" {
  bucket        = "data-%[1]d-${var.environment}"
  force_destroy = false

  tags = merge(local.tags, {
    Name           = "data-%[1]d-${var.environment}"
    Owner          = "team-%[2]d"
    CostCenter     = "cc-%[2]d"
    Classification = "internal"
    Retention      = "365"
    Backup         = "daily"
    Description    = "What the producers of group %[1]d deliver, before it is curated"
  })

  lifecycle {
    prevent_destroy = true
    ignore_changes  = [tags["LastScanned"], tags["LastBackup"]]
  }
}

# Objects of the bucket are encrypted with the group's key. Bucket keys keep the
# number of calls to KMS, and with it the bill, low.
resource "aws_s3_bucket_server_side_encryption_configuration" "b%[1]d" {
  bucket = aws_s3_bucket.b%[1]d.id

  rule {
    bucket_key_enabled = true

    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = aws_kms_key.k%[1]d.arn
    }
  }
}

# The tier of group %[1]d: administered and called from the company's network only.
resource "aws_security_group" "g%[1]d" {
  name        = "group-%[1]d-${var.environment}"
  description = "Tier of group %[1]d"
  vpc_id      = "vpc-0123456789abcdef0"

  dynamic "ingress" {
    for_each = [22, 443, 8443]
    content {
      description = "From the company's network to port ${ingress.value}"
      protocol    = "tcp"
      from_port   = ingress.value
      to_port     = ingress.value
      cidr_blocks = [cidrsubnet("10.0.0.0/8", 8, %[2]d)]
    }
  }

  egress {
    description = "To the endpoints of the VPC"
    protocol    = "tcp"
    from_port   = 443
    to_port     = 443
    cidr_blocks = ["10.0.0.0/16"]
  }

  tags = merge(local.tags, {
    Name       = "group-%[1]d-${var.environment}"
    Owner      = "team-%[2]d"
    CostCenter = "cc-%[2]d"
  })
}

# What the workload of group %[1]d may do: read and write its own bucket, with its key.
resource "aws_iam_policy" "p%[1]d" {
  name        = "group-%[1]d-${var.environment}"
  description = "Access of the workload of group %[1]d to its data"
  path        = "/workloads/"

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "Objects"
        Effect   = "Allow"
        Action   = ["s3:GetObject", "s3:PutObject"]
        Resource = "${aws_s3_bucket.b%[1]d.arn}/*"
      },
      {
        Sid      = "Key"
        Effect   = "Allow"
        Action   = ["kms:Decrypt", "kms:GenerateDataKey"]
        Resource = aws_kms_key.k%[1]d.arn
      },
    ]
  })
}
`

func write(tb testing.TB, path, text string) {
	tb.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		tb.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		tb.Fatal(err)
	}
}

var sizes = []int{100, 1000, 10000}

// BenchmarkLint scans estates of growing size; BenchmarkParse is plain HCL
// parsing of the same files, the floor to compare with.
func BenchmarkLint(b *testing.B) {
	for _, n := range sizes {
		b.Run(fmt.Sprintf("resources=%d", n), func(b *testing.B) {
			dir := estate(b, n)
			l, err := linter.New(linter.Options{})
			if err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				report, err := l.Lint(context.Background(), []string{dir})
				if err != nil {
					b.Fatal(err)
				}
				if report.Coverage.Resources != n || len(report.Coverage.Errors) > 0 {
					b.Fatalf("%d resources, errors %v", report.Coverage.Resources, report.Coverage.Errors)
				}
			}
		})
	}
}

func BenchmarkParse(b *testing.B) {
	for _, n := range sizes {
		b.Run(fmt.Sprintf("resources=%d", n), func(b *testing.B) {
			names, err := filepath.Glob(filepath.Join(estate(b, n), "*.tf"))
			if err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				for _, name := range names {
					text, err := os.ReadFile(name)
					if err != nil {
						b.Fatal(err)
					}
					if _, diags := hclsyntax.ParseConfig(text, name, hcl.InitialPos); diags.HasErrors() {
						b.Fatal(diags)
					}
				}
			}
		})
	}
}

// BenchmarkLintTemplate scans CloudFormation templates of growing size.
func BenchmarkLintTemplate(b *testing.B) {
	for _, n := range []int{100, 500} {
		b.Run(fmt.Sprintf("resources=%d", n), func(b *testing.B) {
			var text strings.Builder
			text.WriteString("AWSTemplateFormatVersion: '2010-09-09'\nParameters:\n  Env: {Type: String, Default: test}\nResources:\n")
			for i := range n / 2 {
				fmt.Fprintf(&text, "  Bucket%[1]d:\n    Type: AWS::S3::Bucket\n    Properties:\n      BucketName: !Sub 'data-${Env}-%[1]d'\n"+
					"  Queue%[1]d:\n    Type: AWS::SQS::Queue\n    Properties:\n      KmsMasterKeyId: alias/aws/sqs\n", i)
			}
			dir := b.TempDir()
			write(b, filepath.Join(dir, "template.yaml"), text.String())
			l, err := linter.New(linter.Options{})
			if err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				report, err := l.Lint(context.Background(), []string{dir})
				if err != nil {
					b.Fatal(err)
				}
				if report.Summary == (finding.Summary{}) || len(report.Coverage.Errors) > 0 {
					b.Fatalf("no finding, errors %v", report.Coverage.Errors)
				}
			}
		})
	}
}
