package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// pythonWith is a Python that has a module. Where there is none the test skips,
// or fails under DEMARC_REQUIRE_CLIENTS=1.
func pythonWith(t *testing.T, module string) func(script string, args ...string) (string, error) {
	t.Helper()
	python := client(t, "python3")
	if out, err := exec.Command(python, "-c", "import "+module).CombinedOutput(); err != nil {
		if os.Getenv("DEMARC_REQUIRE_CLIENTS") == "1" {
			t.Fatalf("%s is required: %s", module, out)
		}
		t.Skipf("the Python module %s is not installed", module)
	}
	return func(script string, args ...string) (string, error) {
		out, err := exec.Command(python, append([]string{"-c", script}, args...)...).CombinedOutput()
		return string(out), err
	}
}

// auditorReport writes a report of the fixtures' stacks in a format.
func auditorReport(t *testing.T, args ...string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "report")
	if _, err := run(append(args, "--output", file, "--date", "2026-11-28", "--source-url", "https://example.com/a/blob/{commit}/{path}#L{line}", "../../fixtures/stacks")); err != nil {
		t.Fatal(err)
	}
	return file
}

// asffScript holds requests against botocore's model of BatchImportFindings, whose
// own validation leaves out enumerations, patterns and most lengths.
const asffScript = `
import json, re, sys, botocore.session, botocore.validate
shape = botocore.session.get_session().get_service_model("securityhub").operation_model("BatchImportFindings").input_shape
def walk(value, shape, path):
    if shape.type_name == "structure":
        for key, v in value.items(): walk(v, shape.members[key], path + "." + key)
    elif shape.type_name == "list":
        assert len(value) <= shape.metadata.get("max", 10**9), path
        for v in value: walk(v, shape.member, path)
    elif shape.type_name == "map":
        for k, v in value.items(): walk(k, shape.key, path), walk(v, shape.value, path)
    elif shape.type_name == "string":
        assert not getattr(shape, "enum", None) or value in shape.enum, (path, value)
        assert re.search(shape.metadata.get("pattern", ""), value), (path, value)
ids = []
for line in open(sys.argv[1]):
    request = json.loads(line)
    errors = botocore.validate.ParamValidator().validate(request, shape)
    assert not errors.has_errors(), errors.generate_report()
    walk(request, shape, "")
    ids += [f["Id"] for f in request["Findings"]]
    assert all(len(f["Title"]) <= 256 and len(f["Description"]) <= 1024 and len(f["Resources"]) <= 32 for f in request["Findings"])
assert len(ids) > 100 and len(set(ids)) == len(ids), len(ids)
`

// TestASFFIsTaken holds the findings against the model of the call that takes them.
func TestASFFIsTaken(t *testing.T) {
	check := pythonWith(t, "botocore")
	file := auditorReport(t, "scan", "--quiet", "--profile", "extended", "--format", "asff", "--show-inconclusive", "--show-suppressed", "--aws-account", "111122223333", "--aws-region", "eu-central-1")
	if out, err := check(asffScript, file); err != nil {
		t.Errorf("%v: %s", err, out)
	}
}

const ocsfScript = `
import json, sys, jsonschema, ocsf_json_schema
schema = ocsf_json_schema.get_ocsf_schema(version="1.4.0")
schema = ocsf_json_schema.OcsfJsonSchemaEmbedded(schema).get_class_schema("compliance_finding", profiles=[])
events = json.load(open(sys.argv[1]))
assert events
validator = jsonschema.validators.validator_for(schema)(schema) # made once: it checks the schema
for event in events[:40]: validator.validate(event)
`

// TestOCSFKeepsTheSchema holds the findings against the published schema of their class.
func TestOCSFKeepsTheSchema(t *testing.T) {
	check := pythonWith(t, "ocsf_json_schema, jsonschema")
	file := auditorReport(t, "scan", "--quiet", "--format", "ocsf", "--show-inconclusive", "--show-suppressed")
	if out, err := check(ocsfScript, file); err != nil {
		t.Errorf("%v: %.3000s", err, out)
	}
}

const oscalScript = `
import pathlib, sys
from trestle.oscal.assessment_results import AssessmentResults
read = AssessmentResults.oscal_read(pathlib.Path(sys.argv[1]))
result = read.results[0]
known = {o.uuid for o in result.observations}
items = {i.uuid for i in result.local_definitions.inventory_items}
assert result.findings and result.reviewed_controls.control_selections[0].include_controls
for f in result.findings:
    assert f.related_observations and all(o.observation_uuid in known for o in f.related_observations)
for o in result.observations: assert all(s.subject_uuid in items for s in o.subjects)
`

// TestOSCALIsRead has trestle read the assessment results, of the model and of a standard.
func TestOSCALIsRead(t *testing.T) {
	check := pythonWith(t, "trestle")
	for _, catalogue := range [][]string{nil, {"--standard", "cis-5.0"}, {"--lang", "ja"}} {
		file := auditorReport(t, append([]string{"responsibility", "--format", "oscal"}, catalogue...)...) + ".json"
		if err := os.Rename(strings.TrimSuffix(file, ".json"), file); err != nil {
			t.Fatal(err)
		}
		if out, err := check(oscalScript, file); err != nil {
			t.Errorf("%v: %v: %.3000s", catalogue, err, out)
		}
	}
}

func TestParseDate(t *testing.T) {
	now := func() time.Time { return time.Date(2026, 11, 28, 23, 30, 0, 0, time.FixedZone("", -3*3600)) }
	for text, want := range map[string]string{
		"": "0001-01-01T00:00:00Z", "today": "2026-11-29T00:00:00Z", "2026-11-28": "2026-11-28T00:00:00Z", "2026-11-28T09:30:00+09:00": "2026-11-28T00:30:00Z",
	} {
		date, err := parseDate(text, now)
		if got := date.UTC().Format(time.RFC3339); err != nil || got != want {
			t.Errorf("%q is %s, %v, want %s", text, got, err, want)
		}
	}
	if _, err := parseDate("28.11.2026", now); err == nil {
		t.Error("a date in another form is taken")
	}
}
