# SPDX-License-Identifier: GPL-2.0
#
# The targets for people; see "make help". The work is done below tools/ and
# by the kernel's build system from Kbuild; all output goes to build/.

build := $(CURDIR)/build

.PHONY: all
all: modules

.PHONY: modules
modules: ## build mdev.ko, vfio_ccw.ko, vfio_ap.ko (on s390x: KDIR= for another kernel)
	tools/build/modules.sh $(KDIR)

.PHONY: demo
demo: ## see a guest boot from a passed-through DASD, on an emulated mainframe
	tools/lab/demo.sh

.PHONY: demo-quick
demo-quick: ## see channel programs on a passed-through DASD, without a guest
	tools/lab/demo-quick.sh

.PHONY: demo-ap
demo-ap: ## see two guests share crypto cards, on an emulated machine
	tools/lab/demo-ap.sh

.PHONY: check
check: ## run all tests; the last line says how many passed and failed
	tools/build/check.sh

.PHONY: conformance
conformance: ## compare with the kernel's own drivers, and document it (hours)
	tools/lab/conformance.sh

.PHONY: check-debug
check-debug: ## run the selftests on a kernel that looks at itself; print what lines ran
	tools/lab/check-debug.sh

.PHONY: lint
lint: ## sparse, checkpatch, compiler warnings and shellcheck
	tools/build/lint.sh

.PHONY: kabi-test
kabi-test: ## see the build refuse a private interface that does not fit
	tools/build/test-kabi.sh

.PHONY: unit
unit: ## test what of the drivers is pure on this machine
	$(MAKE) -C tools/testing/ccw-model check
	$(MAKE) -C tools/testing/ap-model check

.PHONY: fuzz
fuzz: ## fuzz the translator until interrupted
	$(MAKE) -C tools/testing/ccw-model fuzz

# What runs on an s390x host is built there natively, elsewhere static by the
# cross compiler of the trixie root.
.PHONY: ccw
ccw: ## build the command ccw
	tools/build/userspace.sh ccw

.PHONY: selftests
selftests: ## build the tests that run on an s390x host
	tools/build/userspace.sh selftests

.PHONY: bench
bench: ## count instructions per I/O, ours and the kernel's own driver
	tools/lab/bench.sh

.PHONY: bench-record
bench-record: ## record what I/O costs now, for tools/lab/bench.sh check
	tools/lab/bench.sh record

.PHONY: update
update: ## let the next build look for newer kernels and packages
	rm -rf build/cache/apt build/roots build/kernels

.PHONY: clean
clean: ## remove what was built, keep what was fetched
	mkdir -p build
	find build -mindepth 1 -maxdepth 1 ! -name cache ! -name roots \
		! -name kernels ! -name linux-source -exec rm -rf {} +

.PHONY: help
help: ## show this
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 12
