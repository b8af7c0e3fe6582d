/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A page of guest storage that is there when the test says so (userfaultfd), and
 * the request that waits for it: what happens to a device in between happens
 * while its driver fetches a program.
 */
#ifndef SELFTEST_LATE_H
#define SELFTEST_LATE_H

#include <pthread.h>
#include <stdbool.h>

#include "device.h"
#include "guest.h"
#include "program.h"

#define LATE_SIZE	4096

struct late {
	struct ccw_mem mem;
	int fd;			/* of userfaultfd */
	struct ccw_dev *dev;
	const struct cio_orb *orb;
	int (*request)(struct ccw_dev *dev, const struct cio_orb *orb);
	int ret;		/* what came of it */
	bool waiting;		/* in a thread of its own */
	pthread_t thread;
};

/* Whether the kernel has what it takes. */
bool late_is_possible(void);

/* Map the page at guest address @iova: 0 or a negative errno. */
int late_map(struct late *late, struct ccw_dev *dev, __u64 iova);
/* Whoever waits finds a page of zeros. Also for all zeros, a page that was never mapped. */
void late_close(struct late *late);

/*
 * Have ccw_start() or ccw_resume() called, and wait until that wants the page: 0,
 * or -ETIMEDOUT if it does not.
 */
int late_request(struct late *late,
		 int (*request)(struct ccw_dev *dev, const struct cio_orb *orb),
		 const struct cio_orb *orb);
/* The page is there now, with these contents; returns what the request does. */
int late_answer(struct late *late, const void *contents);

#endif
