# The tasks of this repository. `make` lists them; .ci/run is what a change has to pass.
.DEFAULT_GOAL := help
.PHONY: help test short race gen golden bench lint fuzz ci rule

FUZZTIME ?= 30s

help: ## list the tasks
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

test: ## all tests, as CI runs them
	go test ./...

short: ## the tests that take seconds
	go test -short ./...

race: ## the short tests under the race detector
	go test -race -short ./...

gen: ## write what is made from the policies: Go tables and the rules' pages
	go generate ./policies

golden: ## rewrite the golden files; read the diff
	go test ./linter/report ./cmd/demarc -update

bench: ## measure
	go test ./linter ./cmd/demarc -run '^$$' -bench . -benchtime 3x

lint: ## golangci-lint, at CI's version
	.ci/golangci run ./...

fuzz: ## fuzz each target for FUZZTIME (30s)
	.ci/fuzz $(FUZZTIME)

ci: ## everything that a change has to pass
	bash .ci/run

rule: ## begin a rule: make rule NAME=service/name
	@bash .ci/new-rule "$(NAME)"
