/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A VMM that makes the calls QEMU makes (5.1 and later), with the same sizes
 * and in the same order, and makes of the answers what QEMU makes of them
 *
 * On purpose nothing is shared with tools/ccw, which opens a device in a way of
 * its own. Functions return 0 or a negative errno unless they say otherwise.
 */
#ifndef SELFTEST_VMM_H
#define SELFTEST_VMM_H

#include <linux/types.h>
#include <linux/vfio.h>
#include <linux/vfio_ccw.h>

#include "cio.h"

#define VMM_MEMORY	(16u << 20)	/* the guest's, from address 0 on */

struct vmm {
	int container;
	int group;
	int device;
	int io_event;
	int crw_event;
	int req_event;
	__u64 io_offset;
	__u64 async_offset;
	__u64 schib_offset;
	__u64 crw_offset;
	__u8 *memory;
	struct cio_scsw scsw;	/* the virtual subchannel's */
	const char *step;	/* the one that failed */
};

/* Everything from the path in sysfs to the first START; and back. */
int vmm_realize(struct vmm *vmm, const char *sysfsdev);
void vmm_unrealize(struct vmm *vmm);

/*
 * The instructions: the condition code that the guest gets, -EIO if it gets a
 * unit exception instead, or -EAGAIN if QEMU would still be trying, with all
 * other processors of the guest waiting, after VMM_TRIES.
 */
#define VMM_TRIES 100000
int vmm_ssch(struct vmm *vmm, const struct cio_orb *orb);
int vmm_rsch(struct vmm *vmm, const struct cio_orb *orb);
int vmm_hsch(struct vmm *vmm);
int vmm_csch(struct vmm *vmm);
int vmm_stsch(struct vmm *vmm, struct cio_schib *schib);

/* The one read for a signal of the I/O eventfd, of which there has to be one within @ms. */
int vmm_interrupt(struct vmm *vmm, struct cio_irb *irb, int ms);
/* All reads for a signal of the CRW eventfd: how many reports there were. */
int vmm_reports(struct vmm *vmm);
int vmm_reset(struct vmm *vmm);

#endif
