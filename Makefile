# SPDX-License-Identifier: GPL-2.0-only
#
# dmabench: test and benchmark DMA engines of Linux. `make help` lists the targets.

TARGET	?= x86_64-6.12
PROFILE	?= quick
OUT	?= out/bench
PREFIX	?= /usr/local
KDIR	?= /lib/modules/$(shell uname -r)/build

# Debian's interpreter: another python3 on the path may lack Debian's modules.
PYTHON	?= /usr/bin/python3
LAB	:= $(PYTHON) tools/lab

# What the machine needs, by what is asked of it; targets name theirs themselves.
PACKAGES_TOOLS	:= gcc make libc6-dev libjson-c-dev libinih-dev
PACKAGES_REPORT	:= python3-matplotlib python3-numpy python3-jinja2
PACKAGES_PERF	:= linux-perf binutils
PACKAGES_CHECK	:= $(PACKAGES_TOOLS) $(PACKAGES_REPORT) $(PACKAGES_PERF) git sparse codespell \
	shellcheck pyflakes3 pylint dt-schema device-tree-compiler python3-pytest \
	python3-jsonschema chromium libssl-dev man-db trace-cmd

CHECK_TARGETS	:= uml-7.2 uml-7.2-debug x86_64-6.12 x86_64-6.1 arm64-zynqmp armhf-pl330

.DEFAULT_GOAL := help

help: ## list the targets
	@echo 'Targets:'
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  \1	\2/p' $(firstword $(MAKEFILE_LIST)) | expand -t 16
	@echo
	@echo 'Variables:'
	@echo '  TARGET=$(TARGET)   guest for bench and lab-shell, see `$(LAB) list`'
	@echo '  PROFILE=$(PROFILE)        benchmark profile for bench, a name or a file'
	@echo '  OUT=$(OUT)        where bench leaves its report'
	@echo '  A=REVISION B=REVISION REPEATS=N   for bench-ab; . is the tree as it is'
	@echo '  PERF=1               bench: profile, too, and say where the time goes (x86_64)'
	@echo '  KDIR=DIR             kernel tree for modules (default: of the running kernel)'
	@echo '  ARCH= CROSS_COMPILE= V=1 W=1 C=1   as for the kernel'
	@echo '  O=DIR                build there, not in the source tree (modules, tools)'
	@echo '  PREFIX=$(PREFIX)    DESTDIR=   for install'

bench: ## measure a provider in a guest and write a report with plots
	@$(LAB) install $(TARGET) --also $(PACKAGES_TOOLS) $(PACKAGES_REPORT) \
		$(if $(PERF),$(PACKAGES_PERF))
	$(LAB) run $(TARGET) $(if $(PERF),--perf --timeout 1800,--snapshot) --out $(OUT) \
		--file $(call profile-file) -- \
		dmabench bench /root/$(notdir $(call profile-file)) --json results.json \
		$(if $(PERF),--perf)
	$(PYTHON) tools/report $(OUT)/results.json -o $(OUT)
	@echo 'The report is $(OUT)/report.html'

bench-ab: ## measure two revisions A and B against each other, in one guest
	$(if $(and $(A),$(B)),,$(error make bench-ab A=REVISION B=REVISION, `.` is the tree as it is))
	@$(LAB) install $(TARGET) --also $(PACKAGES_TOOLS) $(PACKAGES_REPORT) git
	$(PYTHON) tools/ab A=$(A) B=$(B) --target $(TARGET) --profile $(PROFILE) \
		$(if $(REPEATS),--repeats $(REPEATS)) --out out/ab
	@echo 'The comparison is out/ab/compare.html'

# User-mode Linux is measured as well; alone it is not written down.
bench-peers: ## compare with dmatest, CPU and bare loops: docs/performance.md
	@$(LAB) install $(TARGET) uml-7.2 --also $(PACKAGES_TOOLS) $(PACKAGES_REPORT)
	$(PYTHON) tools/peers --target $(TARGET) \
		$(if $(filter uml-%,$(TARGET)),,--target uml-7.2 --write docs/performance.md)

profile-file = $(or $(wildcard $(PROFILE)),configs/profiles/$(PROFILE).ini)

check: ## test everything, here and in guests, and give a verdict
	@$(LAB) install $(CHECK_TARGETS) --also $(PACKAGES_CHECK)
	@$(PYTHON) tools/check $(PARTS)

check-debug: ## test in debug kernels: KASAN, lockdep, kmemleak, KCSAN
	@$(LAB) install uml-7.2-debug x86_64-debug x86_64-kcsan --also $(PACKAGES_TOOLS)
	@$(PYTHON) tools/check --debug $(PARTS)

coverage: ## measure which lines of the modules the selftests reach
	@$(LAB) install uml-7.2 --also $(PACKAGES_TOOLS) gcovr
	@$(PYTHON) tools/check/coverage.py --least 90

lint: ## check style, warnings, sparse, kernel-doc, spelling
	@$(LAB) install x86_64-6.12 x86_64-6.1 uml-7.2 --also $(PACKAGES_CHECK)
	@tools/lint/lint.sh $(CHECKS)

faultless: ## the conformance suite on a provider without defect: 6 timings, 20 times each
	@$(LAB) install uml-7.2 --also $(PACKAGES_TOOLS)
	$(LAB) run uml-7.2 --no-modules --timeout 3600 --out out/faultless \
		--file tools/mutants/faultless.sh -- 'sh /root/faultless.sh $(REPEATS)'

mutants: ## plant each defect in dmasim: which case catches it, does dmatest?
	@$(LAB) install uml-7.2 --also $(PACKAGES_TOOLS)
	$(PYTHON) tools/mutants --write docs/mutants.md

lab-shell: ## a shell in a guest with the modules loaded
	$(LAB) shell $(TARGET)

modules: ## build both modules for the kernel in KDIR
	$(if $(O),mkdir -p $(module-dir) && cp -ru module/. $(module-dir))
	$(MAKE) -C $(KDIR) O= M=$(module-dir) modules

tools: ## build the command
	$(MAKE) -C tools/dmabench $(tools-dir) all

# A folder of its own, so that uninstall knows what is ours.
install: modules tools ## install modules, command, manual pages, profiles and shapes
	$(MAKE) -C $(KDIR) O= M=$(module-dir) INSTALL_MOD_DIR=updates/dmabench \
		$(if $(DESTDIR),INSTALL_MOD_PATH=$(DESTDIR)) modules_install
	$(MAKE) -C tools/dmabench $(tools-dir) PREFIX=$(PREFIX) DESTDIR=$(DESTDIR) install

uninstall: ## remove what install has installed
	$(MAKE) -C tools/dmabench PREFIX=$(PREFIX) DESTDIR=$(DESTDIR) uninstall
	$(RM) -r $(DESTDIR)/lib/modules/$(kernel-release)/updates/dmabench
	$(if $(DESTDIR),,depmod $(kernel-release))

clean: ## remove what was built here (the lab's cache stays)
	$(RM) -r out
	$(MAKE) -C tools/dmabench clean
	$(MAKE) -C tools/unit clean
	find module selftests -name '*.o' -o -name '*.ko' -o -name '*.mod' -o -name '*.mod.c' \
		-o -name '.*.cmd' -o -name '.*.d' -o -name modules.order -o -name Module.symvers \
		-o -name .module-common.o | xargs $(RM)
	find . -name __pycache__ -o -name .pytest_cache | xargs $(RM) -r

module-dir	:= $(if $(O),$(abspath $(O))/module,$(CURDIR)/module)
tools-dir	:= $(if $(O),O=$(abspath $(O))/tools)
kernel-release	= $(shell cat $(KDIR)/include/config/kernel.release)

.PHONY: help bench bench-ab bench-peers check check-debug coverage lint faultless mutants \
	lab-shell modules tools install uninstall clean
