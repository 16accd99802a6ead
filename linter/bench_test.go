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
// ten groups of five to a file, and returns the directory.
func estate(b *testing.B, n int) string {
	b.Helper()
	dir := b.TempDir()
	var file strings.Builder
	for i := 0; i < n/5; i++ {
		fmt.Fprintf(&file, `
resource "aws_kms_key" "k%[1]d" {
  description         = "key %[1]d"
  enable_key_rotation = true
}

resource "aws_s3_bucket" "b%[1]d" {
  bucket = "data-%[1]d"
  tags   = { Name = "bucket ${var.environment}", Index = "%[1]d" }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "b%[1]d" {
  bucket = aws_s3_bucket.b%[1]d.id
  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = aws_kms_key.k%[1]d.arn
    }
  }
}

resource "aws_security_group" "g%[1]d" {
  name        = "group-%[1]d"
  description = "tier %[1]d"
  dynamic "ingress" {
    for_each = [22, 443]
    content {
      protocol    = "tcp"
      from_port   = ingress.value
      to_port     = ingress.value
      cidr_blocks = [cidrsubnet("10.0.0.0/8", 8, %[2]d)]
    }
  }
}

resource "aws_iam_policy" "p%[1]d" {
  name = "policy-%[1]d"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["s3:GetObject"]
      Resource = "${aws_s3_bucket.b%[1]d.arn}/*"
    }]
  })
}
`, i, i%256)
		if i%10 == 9 || i == n/5-1 {
			write(b, filepath.Join(dir, fmt.Sprintf("part%d.tf", i/10)), file.String())
			file.Reset()
		}
	}
	write(b, filepath.Join(dir, "variables.tf"), "variable \"environment\" {\n  default = \"test\"\n}\n")
	return dir
}

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
