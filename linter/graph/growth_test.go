package graph_test

import (
	"fmt"
	"testing"

	"github.com/demarc-dev/demarc/internal/allocation"
	"github.com/demarc-dev/demarc/linter/graph"
)

// What many refer to, and references that may lead anywhere for many reasons,
// cost in proportion to how many there are.
func TestReferencesGrowInProportion(t *testing.T) {
	spent := map[int]uint64{}
	for _, n := range []int{1000, 2000, 4000} {
		resources := []*graph.Resource{resource("aws_kms_key.k", "aws_kms_key", object())}
		for i := range n {
			resources = append(resources, resource(fmt.Sprintf("aws_sqs_queue.q%d", i), "aws_sqs_queue",
				object("kms_master_key_id", link("aws_kms_key.k"))))
			resources = append(resources, resource(fmt.Sprintf("aws_sns_topic.t%d", i), "aws_sns_topic",
				object("kms_master_key_id", unknown(fmt.Sprintf("var.key%d has no default", i)))))
		}
		var g *graph.Graph
		spent[n] = allocation.Of(func() { g = build(graph.Terraform, resources...) })
		key := find(t, g, "aws_kms_key.k")
		if got := len(key.Referrers("aws_sqs_queue.kms_master_key_id")); got != n {
			t.Fatalf("%d queues refer to the key, want %d", got, n)
		}
		if got := len(g.MayReference(key, "aws_sns_topic.kms_master_key_id")); got != n {
			t.Fatalf("%d reasons why a topic may, want %d", got, n)
		}
	}
	for _, n := range []int{1000, 2000} {
		if spent[2*n] > 3*spent[n] {
			t.Errorf("%d references allocate %d bytes, %d references %d", n, spent[n], 2*n, spent[2*n])
		}
	}
}
