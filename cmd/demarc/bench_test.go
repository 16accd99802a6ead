package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// BenchmarkColdStart runs the whole program over a directory with one file:
// what a pre-commit hook waits for. cpu-ms/op is user and system time.
func BenchmarkColdStart(b *testing.B) {
	dir := b.TempDir()
	binary := filepath.Join(dir, "demarc")
	if out, err := exec.Command("go", "build", "-o", binary, ".").CombinedOutput(); err != nil {
		b.Fatalf("%v: %s", err, out)
	}
	root := filepath.Join(dir, "root")
	if err := os.Mkdir(root, 0o755); err != nil {
		b.Fatal(err)
	}
	const text = `resource "aws_security_group" "g" {
  description = "bastion"
  ingress {
    protocol    = "tcp"
    from_port   = 22
    to_port     = 22
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_s3_bucket" "b" {
  bucket = "data"
}
`
	if err := os.WriteFile(filepath.Join(root, "main.tf"), []byte(text), 0o600); err != nil {
		b.Fatal(err)
	}
	var cpu float64
	for b.Loop() {
		command := exec.Command(binary, "scan", "--format", "json", root)
		if _, err := command.Output(); command.ProcessState.ExitCode() != 1 {
			b.Fatalf("exit %d: %v", command.ProcessState.ExitCode(), err)
		}
		cpu += (command.ProcessState.UserTime() + command.ProcessState.SystemTime()).Seconds()
	}
	b.ReportMetric(cpu*1000/float64(b.N), "cpu-ms/op")
}
