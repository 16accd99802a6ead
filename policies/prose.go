package policies

import (
	"embed"
	"strings"
	"sync"
)

// proseFS has what rules say to people, one generated file a service: a block
// for each rule, of its id, description, remedy and related pages, a line each.
//
//go:embed prose/*.txt
var proseFS embed.FS

var prose struct {
	sync.Mutex
	ofService map[string]map[string]Prose // by service and rule id
}

// ProseOf returns what a rule says to people; nothing for an id of no rule.
func ProseOf(id string) Prose {
	service, _, _ := strings.Cut(id, "/")
	prose.Lock()
	defer prose.Unlock()
	rules, read := prose.ofService[service]
	if !read {
		rules = readProse(service)
		if prose.ofService == nil {
			prose.ofService = map[string]map[string]Prose{}
		}
		prose.ofService[service] = rules
	}
	return rules[id]
}

func readProse(service string) map[string]Prose {
	text, err := proseFS.ReadFile("prose/" + service + ".txt")
	if err != nil { // it is none of the services
		return nil
	}
	rules := map[string]Prose{}
	for block := range strings.SplitSeq(strings.TrimSuffix(string(text), "\n"), "\n\n") {
		if lines := strings.Split(block, "\n"); len(lines) >= 3 {
			rules[lines[0]] = Prose{Description: lines[1], Remedy: lines[2], Related: lines[3:]}
		}
	}
	return rules
}
