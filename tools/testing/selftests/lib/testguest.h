/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What nearly every test starts from: a fresh mediated device, open, with
 * guest storage, and the device's sense ID as known good data
 */
#ifndef SELFTEST_TESTGUEST_H
#define SELFTEST_TESTGUEST_H

#include "decode.h"
#include "device.h"
#include "guest.h"
#include "program.h"
#include "start.h"

#include "subchannel.h"

#define GUEST_BASE	0x200000ull
#define GUEST_SIZE	0x200000ull
#define GUEST_END	(GUEST_BASE + GUEST_SIZE)
/* Where tests map more: behind a hole, and above what 31 bits reach */
#define GUEST_EXTRA	0x800000ull
#define GUEST_HIGH	0x100000000ull
/* Nothing is ever mapped here. */
#define GUEST_HOLE	0x600000ull

#define WAIT_MS		10000
/* Long enough for an interruption that must not come. */
#define QUIET_MS	300

#define SENSE_ID_ROOM	256
#define PATTERN		0xa5

struct testguest {
	struct ccw_dev dev;
	struct ccw_mem mem;
};

/* 0 or a negative errno, after a diagnostic line. */
int testguest_open(struct testguest *guest);
void testguest_close(struct testguest *guest);

/* Storage filled with PATTERN; aborts the test when there is none left. */
void *testguest_alloc(struct testguest *guest, size_t size, size_t align);
__u64 testguest_iova(struct testguest *guest, const void *p);

/* Start the program and collect its end: 0 or a negative errno. */
int testguest_run(struct testguest *guest, const struct ccw_prog *prog, struct cio_irb *irb);

/* Collect the end of a program that runs: 0 or a negative errno. */
int testguest_end(struct testguest *guest, struct cio_irb *irb);

/* A program is suspended, and the host has taken the interruption for that, if there was one. */
bool testguest_is_suspended(struct testguest *guest);
/* Wait until a program that was started or resumed is suspended: 0 or -ETIMEDOUT. */
int testguest_suspended(struct testguest *guest);
/* Start a program that will be suspended, and wait for that: 0 or a negative errno. */
int testguest_suspend(struct testguest *guest, const struct cio_orb *orb);
/* The same in front of slot @slot, with no interruption for that; @orb is set. */
int testguest_suspend_at(struct testguest *guest, struct ccw_prog *prog, unsigned int slot,
			 struct cio_orb *orb);

/* Sense ID with a plain format-1 program: how many bytes came, or a negative errno. */
int testguest_sense_id(struct testguest *guest, __u8 *id);

/*
 * Have another process use the device, which nobody else has open, and kill it when
 * @use returns true there: 0, or -EPROTO if it did not get to that.
 */
int testguest_kill_user(bool (*use)(void *context), void *context);

/* No signal on the I/O eventfd for a while. */
bool testguest_quiet(struct testguest *guest);

/* All @size bytes are PATTERN. */
bool untouched(const void *p, size_t size);

/* Both tell in diagnostic lines what came instead. */
/* Channel end and device end, and nothing else. */
bool is_good_end(const struct cio_irb *irb);
/* The response is a program check of the CCW in front of @cpa, reported as the end of a start. */
bool is_program_check(const struct cio_irb *irb, __u32 cpa);

#endif
