package terraform

import (
	"slices"
	"testing"

	"github.com/demarc-dev/demarc/linter/source"
)

func TestMovedIn(t *testing.T) {
	got := MovedIn([]*source.File{
		source.NewFile("a/main.tf", []byte("# moved\nmoved {\n  from = aws_s3_bucket.a\n  to   = module.b[\"x\"].aws_s3_bucket.a[0]\n}\nmoved {\n  from = aws_s3_bucket.a\n}\n")),
		source.NewFile("a/b.tf.json", []byte(`{"moved": [{"from": "module.c", "to": "module.d[\"x\"]"}]}`)),
		source.NewFile("a/broken.tf", []byte("moved {\n")),
		source.NewFile("a/x.yaml", []byte("moved: 1\n")),
	})
	want := []Moved{{"a", "aws_s3_bucket.a", "module.b.aws_s3_bucket.a"}, {"a", "module.c", "module.d"}}
	if !slices.Equal(got, want) {
		t.Errorf("got %+v", got)
	}
}
