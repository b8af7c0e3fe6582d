// SPDX-License-Identifier: GPL-2.0
/*
 * What happens is noted as tracepoints, for who watches, and in the s390 debug
 * feature, for who comes later.  What somebody should know who does neither is
 * in the kernel log.
 *
 * The debug feature keeps formats and arguments as they are, and makes text of
 * them when it is read: so the arguments are values only, never what points to
 * anything.  A mediated device is named by the first word of its UUID.
 */
#include <linux/jiffies.h>
#include <linux/mdev.h>
#include <linux/printk.h>
#include <linux/unaligned.h>

#include <asm/debug.h>

#include "vfio_ap_codes.h"
#include "vfio_ap_device.h"
#include "vfio_ap_note.h"
#include "vfio_ap_queue.h"
#include "vfio_ap_trace.h"

#define LEVEL_ERROR	3	/* as elsewhere on the AP bus */
#define LEVEL_SELDOM	4
#define LEVEL_EACH	5

#define AREA_PAGES	1
#define ARGUMENTS	6	/* besides the format */

static debug_info_t *area;

int __init vfio_ap_note_setup(void)
{
	area = debug_register("vfio_ap", AREA_PAGES, 1,
			      (ARGUMENTS + 1) * sizeof(long));
	if (!area)
		return -ENOMEM;
	if (debug_register_view(area, &debug_sprintf_view)) {
		vfio_ap_note_cleanup();
		return -ENOMEM;
	}
	debug_set_level(area, LEVEL_SELDOM);
	return 0;
}

void vfio_ap_note_cleanup(void)
{
	debug_unregister(area);
}

static u32 name_of(const struct vfio_ap_mdev *mdev)
{
	const struct mdev_device *device = to_mdev_device(mdev->vdev.dev);

	return get_unaligned_le32(&device->uuid);
}

/* A queue came, or went. */
void vfio_ap_note_bound(u16 apqn, bool bound)
{
	trace_vfio_ap_queue(apqn, bound);
	debug_sprintf_event(area, LEVEL_SELDOM, "%02x.%04x: bound %d\n",
			    vfio_ap_adapter_of(apqn), vfio_ap_domain_of(apqn),
			    bound);
}

/* A step of a reset. */
void vfio_ap_note_reset(const struct vfio_ap_queue *queue, bool zapq, u8 code)
{
	const u16 apqn = queue->apqn;
	unsigned int ms = jiffies_to_msecs(jiffies - queue->started);

	trace_vfio_ap_reset(apqn, zapq, code, ms);
	debug_sprintf_event(area, LEVEL_EACH,
			    "%02x.%04x: reset: zapq %d: %02x, after %u ms\n",
			    vfio_ap_adapter_of(apqn), vfio_ap_domain_of(apqn),
			    zapq, code, ms);
	if (!zapq && ms > jiffies_to_msecs(VFIO_AP_RESET_PATIENCE))
		pr_notice_ratelimited("vfio_ap: %02x.%04x: still being reset after %u ms, response code %02x\n",
				      vfio_ap_adapter_of(apqn),
				      vfio_ap_domain_of(apqn), ms, code);
}

/* A reset is over. */
void vfio_ap_note_reset_end(const struct vfio_ap_queue *queue)
{
	const u16 apqn = queue->apqn;
	bool failed = queue->step == VFIO_AP_RESET_FAILED;

	debug_sprintf_event(area, failed ? LEVEL_ERROR : LEVEL_SELDOM,
			    "%02x.%04x: reset ended with %02x\n",
			    vfio_ap_adapter_of(apqn), vfio_ap_domain_of(apqn),
			    queue->result);
	if (failed)
		pr_warn_ratelimited("vfio_ap: %02x.%04x: reset failed with response code %02x\n",
				    vfio_ap_adapter_of(apqn),
				    vfio_ap_domain_of(apqn), queue->result);
}

/* A queue is given back before its reset is over. */
void vfio_ap_note_not_reset(const struct vfio_ap_queue *queue)
{
	const u16 apqn = queue->apqn;

	debug_sprintf_event(area, LEVEL_ERROR, "%02x.%04x: not reset in time\n",
			    vfio_ap_adapter_of(apqn), vfio_ap_domain_of(apqn));
	pr_warn("vfio_ap: %02x.%04x: unbound while it is still being reset\n",
		vfio_ap_adapter_of(apqn), vfio_ap_domain_of(apqn));
}

/* A guest's PQAP(AQIC), and the answer. */
void vfio_ap_note_aqic(u16 apqn, bool enable, u8 gisc, u64 address, u8 code)
{
	trace_vfio_ap_aqic(apqn, enable, gisc, address, code);
	debug_sprintf_event(area, code ? LEVEL_ERROR : LEVEL_SELDOM,
			    "%02x.%04x: aqic: enable %d, isc %d, nib %lx: %02x\n",
			    vfio_ap_adapter_of(apqn), vfio_ap_domain_of(apqn),
			    enable, gisc, (unsigned long)address, code);
}

/* A queue may go on signalling a notification byte that was taken from it. */
void vfio_ap_note_noisy(u16 apqn)
{
	debug_sprintf_event(area, LEVEL_ERROR,
			    "%02x.%04x: interrupts not off\n",
			    vfio_ap_adapter_of(apqn), vfio_ap_domain_of(apqn));
	pr_warn_ratelimited("vfio_ap: %02x.%04x: interrupts could not be switched off\n",
			    vfio_ap_adapter_of(apqn), vfio_ap_domain_of(apqn));
}

/* What a guest has, has changed. */
void vfio_ap_note_guest(const struct vfio_ap_mdev *mdev)
{
	trace_vfio_ap_guest(dev_name(mdev->vdev.dev), &mdev->guest);
	debug_sprintf_event(area, LEVEL_SELDOM,
			    "%08x: has %016lx... x %016lx..., controls %016lx...\n",
			    name_of(mdev), mdev->guest.adapters.word[0],
			    mdev->guest.domains.word[0],
			    mdev->guest.controls.word[0]);
}

/* A guest was given the device, or it was taken from it. */
void vfio_ap_note_open(const struct vfio_ap_mdev *mdev, bool open)
{
	debug_sprintf_event(area, LEVEL_SELDOM, "%08x: open %d\n",
			    name_of(mdev), open);
}

/* Something was to be assigned or unassigned. */
void vfio_ap_note_assign(const struct vfio_ap_mdev *mdev, int result)
{
	debug_sprintf_event(area, result ? LEVEL_ERROR : LEVEL_SELDOM,
			    "%08x: assigned %016lx... x %016lx...: %d\n",
			    name_of(mdev), mdev->assigned.adapters.word[0],
			    mdev->assigned.domains.word[0], result);
}

/* The host has another configuration; the scan that found it begins, or ends. */
void vfio_ap_note_config(bool begins)
{
	debug_sprintf_event(area, LEVEL_SELDOM, "configuration: scan begins %d\n",
			    begins);
}
