package linter_test

import (
	"strings"
	"testing"

	"github.com/demarc-dev/demarc/linter/cloudformation"
	"github.com/demarc-dev/demarc/policies"
)

// newer are properties that CloudFormation has and the typed models, which are
// of April 2024, do not know yet.
var newer = map[string]bool{
	"AWS::EC2::Instance MetadataOptions":                                                                true,
	"AWS::EC2::Instance MetadataOptions.HttpTokens":                                                     true,
	"AWS::EC2::Instance MetadataOptions.HttpEndpoint":                                                   true,
	"AWS::EC2::Instance MetadataOptions.HttpPutResponseHopLimit":                                        true,
	"AWS::AutoScaling::AutoScalingGroup TrafficSources":                                                 true,
	"AWS::CloudFront::Distribution DistributionConfig.Origins.VpcOriginConfig":                          true,
	"AWS::EC2::VPNConnection VpnTunnelOptionsSpecifications.IKEVersions.Value":                          true,
	"AWS::EC2::VPNConnection VpnTunnelOptionsSpecifications.Phase1DHGroupNumbers.Value":                 true,
	"AWS::EC2::VPNConnection VpnTunnelOptionsSpecifications.Phase2DHGroupNumbers.Value":                 true,
	"AWS::EC2::VPNConnection VpnTunnelOptionsSpecifications.Phase1IntegrityAlgorithms.Value":            true,
	"AWS::EC2::VPNConnection VpnTunnelOptionsSpecifications.Phase2IntegrityAlgorithms.Value":            true,
	"AWS::EC2::VPNConnection VpnTunnelOptionsSpecifications.LogOptions.CloudwatchLogOptions.LogEnabled": true,
	"AWS::RDS::DBInstance ManageMasterUserPassword":                                                     false,
	"AWS::NeptuneGraph::Graph KmsKeyIdentifier":                                                         true,
	"AWS::Neptune::DBInstance PubliclyAccessible":                                                       true,
	"AWS::Redshift::Cluster LoggingProperties.LogDestinationType":                                       true,
}

// encoded are properties inside a JSON text, of which the typed models know
// only that it is a text.
var encoded = map[string]bool{
	"AWS::OpenSearchServerless::SecurityPolicy Policy.AllowFromPublic": true,
}

// TestTablesNameRealProperties holds every CloudFormation path of the schema
// tables against the typed models: a misspelt one would read nothing.
func TestTablesNameRealProperties(t *testing.T) {
	checked := 0
	for _, table := range policies.Schema().Types() {
		declared := map[string]bool{}
		for _, also := range table.Also {
			declared[also.Type] = true
		}
		for _, fold := range table.Folds {
			if strings.Contains(fold.Type, "::") {
				declared[fold.Type] = true
				if known, exists := cloudformation.HasProperty(fold.Type, fold.By); known && !exists {
					t.Errorf("%s: %s has no property %s", table.Name, fold.Type, strings.Join(fold.By, "."))
				}
			}
		}
		for name := range declared {
			if !strings.Contains(name, "::") {
				continue
			}
			for _, place := range table.Places(name) {
				path := strings.Join(place.Path, ".")
				known, exists := cloudformation.HasProperty(name, place.Path)
				if !known {
					t.Logf("%s is newer than the typed models", name)
					break
				}
				checked++
				if !exists && !newer[name+" "+path] && !encoded[name+" "+path] {
					t.Errorf("%s.%s: %s has no property %s", table.Name, place.Attribute, name, path)
				}
			}
		}
	}
	if checked == 0 {
		t.Error("no path was checked")
	}
}
