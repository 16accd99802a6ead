package cloudformation

import (
	"context"
	"os"
	"testing"

	"github.com/awslabs/goformation/v7"
	"github.com/awslabs/goformation/v7/intrinsics"

	"github.com/demarc-dev/demarc/linter/source"
)

// BenchmarkAgainstGoformation reads the same templates with demarc, which
// evaluates them in all worlds and keeps every position, and with
// goformation's own parser. Compare the two in one run.
func BenchmarkAgainstGoformation(b *testing.B) {
	HasProperty("AWS::S3::Bucket", nil) // the models are built once a process
	serverless, err := os.ReadFile("testdata/sam/sources.yaml")
	if err != nil {
		b.Fatal(err)
	}
	for name, text := range map[string][]byte{
		"plain": []byte(templateOf(100, false)),
		"sam":   serverless,
	} {
		b.Run(name+"/demarc", func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				if stacks, _ := load(context.Background(), nil, source.NewFile("t.yaml", text), Options{}); len(stacks) == 0 {
					b.Fatal("no stack")
				}
			}
		})
		b.Run(name+"/goformation", func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				if _, err := goformation.ParseYAMLWithOptions(text, &intrinsics.ProcessorOptions{IntrinsicHandlerOverrides: map[string]intrinsics.IntrinsicHandler{}}); err != nil {
					b.Skip(err)
				}
			}
		})
	}
}
