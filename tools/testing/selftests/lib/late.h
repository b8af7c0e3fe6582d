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
	__u8 contents[LATE_SIZE];
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
 * Start the program in the page, or let a suspended one go on there: @ccw, where it
 * stands, becomes a transfer in channel. Both return 0 when the page is wanted, or
 * -ETIMEDOUT if it is not.
 */
int late_start(struct late *late, struct cio_orb *orb);
int late_resume(struct late *late, void *ccw, const struct cio_orb *orb);
/* The page is there now, with its contents; returns what the request does. */
int late_answer(struct late *late);

#endif
