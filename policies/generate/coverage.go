package main

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// compared are the tools whose checks peers.yaml lists, in the order of the
// page's columns.
var compared = []string{"checkov", "trivy", "kics"}

// coverage is the page that tells which checks of other tools a rule answers.
func coverage(name string, chapters []chapter) (string, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return "", err
	}
	var known map[string]map[string][]string // by service and peer
	if err := yaml.Unmarshal(data, &known); err != nil {
		return "", fmt.Errorf("%s: %w", name, err)
	}
	answered := map[string]bool{}
	rules := map[string]int{}
	for _, c := range chapters {
		rules[c.name] = len(c.rules)
		for _, r := range c.rules {
			for _, a := range r.Aliases {
				for _, id := range a.IDs {
					answered[strings.ToLower(id)] = true
				}
			}
		}
	}
	var table, missing strings.Builder
	totals := map[string][2]int{}
	all := 0
	for _, service := range slices.Sorted(maps.Keys(allServices(known, rules))) {
		fmt.Fprintf(&table, "| %s | %s |", service, count(rules[service]))
		all += rules[service]
		var open []string
		for _, peer := range compared {
			have := 0
			for _, id := range known[service][peer] {
				if answered[strings.ToLower(id)] {
					have++
				} else {
					open = append(open, id)
				}
			}
			of := len(known[service][peer])
			totals[peer] = [2]int{totals[peer][0] + have, totals[peer][1] + of}
			fmt.Fprintf(&table, " %s |", share(have, of))
		}
		table.WriteString("\n")
		if len(open) > 0 {
			fmt.Fprintf(&missing, "- **%s**: %s\n", service, strings.Join(open, ", "))
		}
	}
	var b strings.Builder
	b.WriteString("# Coverage\n\n" + generatedPage + `Which checks that other tools have for AWS a rule answers, of those that their documentation lists: a rule names their ids as aliases,
and its fixtures show what they ask. One rule may answer several checks, and both languages. What will not be built, and why, is in
[not-implemented.md](not-implemented.md).

| service | rules | checkov | trivy | kics |
|---|--:|--:|--:|--:|
`)
	b.WriteString(table.String())
	fmt.Fprintf(&b, "| **all** | %d |", all)
	for _, peer := range compared {
		fmt.Fprintf(&b, " %s |", share(totals[peer][0], totals[peer][1]))
	}
	b.WriteString("\n\n## Without a rule\n\n" + missing.String())
	return b.String(), nil
}

func allServices(known map[string]map[string][]string, rules map[string]int) map[string]bool {
	out := map[string]bool{}
	for service := range known {
		out[service] = true
	}
	for service := range rules {
		out[service] = true
	}
	return out
}

func count(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprint(n)
}

func share(have, of int) string {
	if of == 0 {
		return ""
	}
	return fmt.Sprintf("%d of %d", have, of)
}
