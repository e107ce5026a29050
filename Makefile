.DEFAULT_GOAL := help
.PHONY: help setup packages build test nightly crashes chaos fuzz bench bench-files bench-runtime demo package package-test e2e drill follow-pages actions-test terraform sandbox-packages operate-packages sandbox invoke lint format clean

# Where the tests and the demo find the executables: beside them, so that one build serves both.
export TEST_EXECUTABLES := $(CURDIR)/.build/debug

# Tests that wait for programs most of the time: by themselves, or they would hold up those that measure time.
SLOW := ^(IntegrationTests|EndToEndTests)\.

help: ## show this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: packages ## install what is missing: Debian/Ubuntu packages, Lambda's emulator, moto, html5lib
	@.ci/emulator
	@.ci/moto >/dev/null
	@.ci/html5lib >/dev/null

packages:
	@.ci/setup

build: packages ## build both executables into .build/release
	swift build -c release --product skills-to-git
	swift build -c release --product git-to-skills

test: setup ## run all tests, on a throwaway PostgreSQL and git server (about ten minutes)
	swift build --build-tests
	status=0; \
	Tests/Servers/with-servers swift test --skip-build --skip '$(SLOW)' || status=1; \
	Tests/Servers/with-servers swift test --skip-build --filter '$(SLOW)' || status=1; \
	exit $$status

# How many edits, and from which seed on: a failure names its own. How many titles.
GENERATED_EDITS ?= 1000000
GENERATED_SEED ?= $(shell date +%s)
TITLES ?= 100000

nightly: setup build ## a million generated edits, a hundred thousand titles, e2e, drill, follow-pages (GENERATED_EDITS=, GENERATED_SEED=, TITLES=)
	swift build --build-tests
	TITLES=$(TITLES) TEST_EXECUTABLES=$(CURDIR)/.build/release \
	  Tests/Servers/with-servers swift test --skip-build --filter TitleTests
	GENERATED_EDITS=$(GENERATED_EDITS) GENERATED_SEED=$(GENERATED_SEED) \
	  swift test -c release -Xswiftc -enable-testing --scratch-path .build/nightly --filter GeneratedEditTests
	$(MAKE) e2e drill follow-pages

crashes: setup ## kill runs at every effect with something happening in that gap, and see that the next ones recover
	swift build --build-tests
	FAILPOINTS=all Tests/Servers/with-servers swift test --skip-build --filter FailpointTests

HISTORIES ?= 100
SEED ?= $(shell date +%s)

chaos: setup ## random edits on both sides under random faults (HISTORIES=, SEED=)
	swift build --build-tests
	TEST_THREADS=8 CHAOS_HISTORIES=$(HISTORIES) CHAOS_SEED=$(SEED) \
	  Tests/Servers/with-servers swift test --skip-build --filter ChaosTests

# Seconds for each target; all targets if none is named.
SECONDS ?= 300

fuzz: ## feed made-up input to what reads others' input (TARGET=, SECONDS=)
	@Tests/Fuzz/fuzz --seconds $(SECONDS) $(TARGET)

bench: packages build ## measure syncs beside bare git and cloning each time (BASE=rev, QUICK=1, FULL=1, WORKLOADS=)
	bench/sync/run

# What is read, up to 10,000 times in all.
FILES ?= Tests/SkillFilesTests/Fixtures

bench-files: packages ## measure reading skill files, against Yams (FILES=folder)
	swift run -c release --package-path bench/skill-files bench-files $(FILES)

bench-runtime: packages ## measure starts, invocations and memory, against a floor in C and AWS's Python client
	bench/runtime/run

demo: packages ## show the pair at work, on servers of its own (KEEP=1 leaves them up)
	swift build --product skills-to-git
	swift build --product git-to-skills
	@KEEP=$(KEEP) Tests/Demo/demo

package: packages ## make Lambda's zips in dist/ and check them
	@Layers/package
	@Layers/package-check

e2e: setup sandbox-packages ## apply the stack to an AWS of this machine, and try it end to end (SCENARIOS=)
	@Tests/Stack/e2e $(SCENARIOS)

operate-packages: sandbox-packages
	@.ci/setup jq

drill: setup operate-packages ## break the stack so that each alarm rings, and follow its runbook (ALARMS=)
	@Tests/Stack/operate drill $(ALARMS)

follow-pages: setup operate-packages ## run every command of docs/deploy.md and docs/rotation.md on this machine
	@Tests/Stack/operate follow_pages

sandbox-packages:
	@.ci/setup bubblewrap strace unzip
	@.ci/emulator

package-test: setup sandbox-packages ## run the zips of dist/ in the sandbox, under Lambda's emulator, against real servers
	swift build --build-tests
	TEST_ZIPS=$(CURDIR)/dist Tests/Servers/with-servers swift test --skip-build --filter SandboxTests

actions-test: setup ## run the workflows of Terraform/examples/github-actions, with the zips of dist/, against real servers
	@.ci/setup jq unzip
	Tests/Servers/with-servers Tests/Stack/actions/test

terraform: ## check the AWS stack: format, tables, tests; its examples applied to moto with the zips of dist/
	@.ci/terraform
	@Tests/Stack/check

FUNCTION ?= skills-to-git

sandbox: sandbox-packages ## keep a zip of dist/ up where there is only what Lambda has (FUNCTION=, LAYER= for none)
	@Layers/invoke $(FUNCTION)

invoke: sandbox-packages ## run one event through a zip of dist/ there (FUNCTION=, EVENT=Events/x.json, LAYER=)
	@Layers/invoke $(FUNCTION) $(EVENT)

lint: ## check the code's format and the scripts
	@.ci/lint

format: ## write the code in the project's format
	swift format --in-place --parallel --recursive Package.swift Sources Tests bench

clean: ## remove what was built
	rm -rf .build dist
