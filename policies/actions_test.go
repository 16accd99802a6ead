package policies

import (
	"testing"
	"time"
)

func TestActions(t *testing.T) {
	want := map[string]Action{
		"getobject":                   {Name: "getobject", Written: "s3:GetObject", Limitable: true},
		"putbucketpolicy":             {Name: "putbucketpolicy", Written: "s3:PutBucketPolicy", Limitable: true, Permissions: true},
		"listallmybuckets":            {Name: "listallmybuckets", Written: "s3:ListAllMyBuckets"},
		"deletebucket":                {Name: "deletebucket", Written: "s3:DeleteBucket", Limitable: true, Write: true},
		"putstoragelensconfiguration": {Name: "putstoragelensconfiguration", Written: "s3:PutStorageLensConfiguration", Write: true},
	}
	for _, a := range Actions("s3") {
		if w, ok := want[a.Name]; ok && a != w {
			t.Errorf("%s is %+v, want %+v", a.Name, a, w)
		}
		delete(want, a.Name)
	}
	if len(want) > 0 {
		t.Errorf("not there: %v", want)
	}
	if Actions("nothing") != nil {
		t.Error("a service that AWS does not have has actions")
	}
}

// TestActionsAreFresh warns when the table was read half a year ago.
func TestActionsAreFresh(t *testing.T) {
	read, err := time.Parse(time.DateOnly, ActionsReadOn())
	if err != nil {
		t.Fatal(err)
	}
	if time.Since(read) > 183*24*time.Hour {
		t.Logf("data/actions.txt was read on %s: read it again", ActionsReadOn())
	}
}
