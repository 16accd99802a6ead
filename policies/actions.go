package policies

import (
	_ "embed"
	"strings"
	"sync"
)

// actionsText is a line for each service of AWS; its head says where it is
// from, when it was read and what its marks mean.
//
//go:embed data/actions.txt
var actionsText string

// Action is an action of IAM as AWS's service authorisation reference has it.
type Action struct {
	// Name is in lower case, without its service: getobject.
	Name string
	// Written is the name as AWS writes it, with its service: s3:GetObject.
	Written string
	// Limitable tells whether a policy can limit it to a resource.
	Limitable bool
	// Permissions and Write are its access level; neither: it reads, lists or tags.
	Permissions, Write bool
}

// actionLines are the lines of the table by service.
var actionLines = sync.OnceValue(func() map[string]string {
	lines := map[string]string{}
	for line := range strings.Lines(actionsText) {
		if service, actions, ok := strings.Cut(line, ": "); ok && !strings.HasPrefix(line, "#") {
			lines[service] = actions
		}
	}
	return lines
})

var (
	actionsMutex sync.Mutex
	actionsRead  = map[string][]Action{}
)

// Actions are the actions of a service, given by its prefix in lower case, in
// the order of their names; none if AWS has no such service.
func Actions(service string) []Action {
	actionsMutex.Lock()
	defer actionsMutex.Unlock()
	if read, ok := actionsRead[service]; ok {
		return read
	}
	line, ok := actionLines()[service]
	if !ok {
		return nil
	}
	var read []Action
	for _, word := range strings.Fields(line) {
		name, marks, _ := strings.Cut(word, "/")
		read = append(read, Action{
			Name: strings.ToLower(name), Written: service + ":" + name, Limitable: !strings.Contains(marks, "*"),
			Permissions: strings.Contains(marks, "p"), Write: strings.Contains(marks, "w"),
		})
	}
	actionsRead[service] = read
	return read
}

// ActionsReadOn is the day on which the table was read, as in 2026-01-31.
func ActionsReadOn() string {
	head, _, _ := strings.Cut(actionsText, ".\n")
	return head[strings.LastIndexByte(head, ' ')+1:]
}
