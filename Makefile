# The habits of this repository. `make` alone lists them.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help up down test chaos fuzz tsan asan bench format lint images packages swift build python

RELEASE := .build/release
IEUM := $(RELEASE)/ieum
# What a fresh Debian machine lacks: to build, and to test the documented Python clients.
PACKAGES := libzmq3-dev libsqlite3-dev
TEST_PACKAGES := python3-venv

help: ## List these targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

up: build ## Install what is missing, build, start everything, load the Daejeon data, complete one flow
	@if $(IEUM) status >/dev/null 2>&1; then \
		echo "Already running; a newly built version starts after: make down up"; $(IEUM) demo; \
	else \
		$(IEUM) up --detach --demo; \
	fi

down: ## Stop everything
	@if [ -x $(IEUM) ]; then $(IEUM) down; else echo "Nothing was built, so nothing runs."; fi

# What computes for long runs apart from what waits: they share few threads.
test: swift packages python ## Run every test
	swift build --build-tests
	swift test --skip-build --skip EndToEndTests --skip MatchingTests --skip Simulation
	swift test --skip-build --filter MatchingTests --skip Simulation
	swift test --skip-build --filter Simulation
	swift test --skip-build --filter EndToEndTests

chaos: packages swift ## Kill random processes under load for MINUTES=5, then hold what was told against the books
	swift build --build-tests
	IEUM_CHAOS_MINUTES=$(or $(MINUTES),5) swift test --skip-build --filter ChaosTests

fuzz: packages swift ## Fuzz frames, broker, headers, JSON and JSON-RPC with libFuzzer, SECONDS=60 each
	IEUM_FUZZ=1 swift build -c release --sanitize fuzzer --scratch-path .build/fuzz --product Fuzz
	@for target in frames broker headers json rpc; do \
		echo "Fuzzing $$target"; mkdir -p .build/fuzz/corpus/$$target; \
		SWIFT_BACKTRACE=enable=no IEUM_FUZZ_TARGET=$$target .build/fuzz/release/Fuzz -max_total_time=$(or $(SECONDS),60) -timeout=25 \
			-print_final_stats=1 -verbosity=0 -artifact_prefix=.build/fuzz/$$target- \
			.build/fuzz/corpus/$$target Tests/FuzzTests/Corpus/$$target; \
	done

# What runs in threads of its own, under a sanitizer, in a build directory of its own.
SANITIZED := ^(ZeroMQ|Majordomo|JSON|Storage|ServiceKit|Gateway|Fuzz)Tests[.]

tsan: packages swift ## Run the tests of the shared modules and the gateway under ThreadSanitizer
	TSAN_OPTIONS="suppressions=$(CURDIR)/Tests/tsan.supp exitcode=66" \
		swift test --sanitize=thread --scratch-path .build/tsan --filter '$(SANITIZED)' --skip Simulation

asan: packages swift ## The same under AddressSanitizer
	ASAN_OPTIONS="detect_leaks=0" \
		swift test --sanitize=address --scratch-path .build/asan --filter '$(SANITIZED)' --skip Simulation

bench: build ## Measure beside the best peers at hand; retrieval over PROFILES=100000 (1000000: some minutes)
	@$(IEUM) bench
	@$(IEUM) bench assignment
	@$(IEUM) bench retrieval --profiles $(or $(PROFILES),100000)

format: swift ## Format the sources
	swift format -i -r -p Package.swift Services Shared Tests

lint: swift ## Check the format of the sources
	swift format lint --strict -r -p Package.swift Services Shared Tests

images: build ## Stage what the container image holds (see compose.yaml)
	@Services/CommandLine/Containers/stage.sh $(RELEASE) .build/image

# Swift's libraries go into the executables, where the toolchain can: they run where no Swift is installed.
build: swift packages
	@echo "Building (the first time takes some minutes)…"
	@static=$$(swiftc -print-target-info | sed -nE 's/.*"runtimeResourcePath": "(.*)".*/\1_static\/linux/p'); \
	swift build -c release $$([ ! -d "$$static" ] || echo --static-swift-stdlib)

packages:
	@missing=(); for package in $(PACKAGES) $(if $(filter test python,$(MAKECMDGOALS)),$(TEST_PACKAGES)); do \
		dpkg -s "$$package" >/dev/null 2>&1 || missing+=("$$package"); done; \
	[ $${#missing[@]} -eq 0 ] && exit 0; \
	if ! command -v apt-get >/dev/null; then \
		if command -v brew >/dev/null; then exec brew install zeromq sqlite; fi; \
		echo "Please install: $${missing[*]} (names as in Debian)"; exit 1; \
	fi; \
	echo "Installing $${missing[*]}"; \
	root=; [ "$$(id -u)" -eq 0 ] || root=sudo; \
	$$root apt-get update -qq && $$root apt-get install -y -qq --no-install-recommends "$${missing[@]}"

swift:
	@if ! command -v swift >/dev/null; then \
		echo "Swift 6.2 or newer is needed: https://www.swift.org/install/linux/"; exit 1; \
	fi; \
	version=$$(swift --version 2>&1 | sed -nE 's/.*Swift version ([0-9]+)\.([0-9]+).*/\1 \2/p' | head -1); \
	read -r major minor <<< "$$version"; \
	if [ "$$major" -lt 6 ] || { [ "$$major" -eq 6 ] && [ "$$minor" -lt 2 ]; }; then \
		echo "Swift 6.2 or newer is needed, this is $$major.$$minor: https://www.swift.org/install/linux/"; exit 1; \
	fi

# Stock pyzmq for the documented clients, in a place of its own.
python: packages .build/venv/ready

.build/venv/ready:
	@python3 -m venv .build/venv
	@.build/venv/bin/pip install --quiet --disable-pip-version-check pyzmq
	@touch $@
