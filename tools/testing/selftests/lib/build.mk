# SPDX-License-Identifier: GPL-2.0
# How a folder of selftests is built and run, KTAP on standard output. Its
# Makefile includes this, and sets before:
#
#	TEST_GEN_PROGS	the test programs, one source file each
#	TEST_GEN_PROGS_EXTENDED
#			likewise, programs that are no tests; they get into bin/
#	LIB		sources of lib/ that all of them are linked with
#	SHARED		sources of the folder that are, too
#	ARCHIVES	libraries, which it has rules for
#	CPPFLAGS	more directories with headers
#
# KSFT_INC is a directory with kselftest_harness.h and kselftest.h, such as
# tools/testing/selftests of a kernel source tree. On s390x: make KSFT_INC=…
# Elsewhere also CC=s390x-linux-gnu-gcc AR=s390x-linux-gnu-ar.

HERE := $(dir $(abspath $(firstword $(MAKEFILE_LIST))))
LIBDIR := $(dir $(abspath $(lastword $(MAKEFILE_LIST))))
TOP := $(abspath $(LIBDIR)../../../..)
AREA := $(notdir $(patsubst %/,%,$(HERE)))
O ?= $(TOP)/build/selftests/$(AREA)
CC ?= cc
AR ?= ar
WARN := -Wall -Wextra -Wmissing-prototypes -Wstrict-prototypes -Wundef -Wshadow -Werror
CFLAGS ?= -O2 -g
# The harness is a foreign header: its unused parameters and shadowed names are not ours.
TESTWARN := $(filter-out -Wshadow -Wmissing-prototypes,$(WARN)) -Wno-unused-parameter
CPPFLAGS += -D_GNU_SOURCE -I$(HERE) -I$(LIBDIR)

OBJECTS := $(SHARED:%=$(O)/%.o) $(LIB:%=$(O)/lib-%.o)
HEADERS := $(wildcard $(patsubst -I%,%/*.h,$(filter -I%,$(CPPFLAGS))) $(TOP)/include/uapi/linux/*.h)

all: $(TEST_GEN_PROGS:%=$(O)/%) $(TEST_GEN_PROGS_EXTENDED:%=$(O)/bin/%)

ifeq ($(filter clean,$(MAKECMDGOALS)),)
ifeq ($(wildcard $(KSFT_INC)/kselftest_harness.h),)
$(error KSFT_INC must name a directory with kselftest_harness.h)
endif
endif

COMPILE = $(CC) $(CPPFLAGS) -std=gnu11 $(WARN) $(CFLAGS) $(CFLAGS_EXTRA) -c -o $@ $<

$(O)/lib-%.o: $(LIBDIR)%.c $(HEADERS) | $(O)
	$(COMPILE)

$(SHARED:%=$(O)/%.o): $(O)/%.o: $(HERE)%.c $(HEADERS) | $(O)
	$(COMPILE)

LINK = $(CC) $(CPPFLAGS) -isystem $(KSFT_INC) -std=gnu11 $(TESTWARN) $(CFLAGS) $(CFLAGS_EXTRA) \
	-static -pthread -o $@ $< $(OBJECTS) $(ARCHIVES)

$(O)/%: $(HERE)%.c $(OBJECTS) $(ARCHIVES) $(HEADERS) | $(O)
	$(LINK)

$(O)/bin/%: $(HERE)%.c $(OBJECTS) $(ARCHIVES) $(HEADERS) | $(O)/bin
	$(LINK)

$(O) $(O)/bin:
	mkdir -p $@

run_tests: all
	@bad=0; for t in $(TEST_GEN_PROGS); do \
		echo "# $(AREA): $$t"; \
		$(O)/$$t; s=$$?; [ $$s -eq 0 ] || [ $$s -eq 4 ] || bad=1; \
	done; exit $$bad

clean:
	rm -rf $(O)

FORCE:
.PHONY: all run_tests clean FORCE
