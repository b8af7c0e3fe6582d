// SPDX-License-Identifier: GPL-2.0
/*
 * Channel paths come and go: the masks of usable paths follow, I/O on a path
 * that goes is ended, and userspace is told by a channel report of what the
 * machine did.  What the host's operator does (vary) is not the guest's
 * business.
 */
#include <kabi/chp.h>
#include <kabi/css.h>

#include "vfio_ccw_device.h"
#include "vfio_ccw_io.h"
#include "vfio_ccw_note.h"
#include "vfio_ccw_path.h"

/*
 * Whether the channel may be using one of the paths.  It need not have stored
 * yet which one it uses; with none left that is no question.
 */
static bool in_use(struct vfio_ccw_device *device, u8 mask)
{
	struct subchannel *sch = device->sch;

	if (device->fsm.state != VFIO_CCW_RUNNING &&
	    device->fsm.state != VFIO_CCW_RESUMING)
		return false;
	return !vfio_ccw_io_store(sch) &&
	       (!sch->lpm || sch->schib.pmcw.lpum & mask);
}

static void lose(struct vfio_ccw_device *device, u8 mask)
{
	struct subchannel *sch = device->sch;

	sch->lpm &= ~mask;
	if (in_use(device, mask) && vfio_ccw_io_halt(sch))
		vfio_ccw_io_clear(sch);
}

/**
 * vfio_ccw_path_event() - A channel path came, went, or was varied.
 * @device: a device that may have paths of it
 * @link: the channel path
 * @event: CHP_ONLINE, CHP_OFFLINE, CHP_VARY_ON or CHP_VARY_OFF
 *
 * Context: The subchannel lock is held; may be an interrupt.
 */
void vfio_ccw_path_event(struct vfio_ccw_device *device,
			 struct chp_link *link, int event)
{
	struct subchannel *sch = device->sch;
	u8 mask = chp_ssd_get_mask(&sch->ssd_info, link);
	bool queued;

	if (!mask)
		return;
	vfio_ccw_note_path(device, mask, event);

	switch (event) {
	case CHP_VARY_ON:
		sch->opm |= mask;
		sch->lpm |= mask;
		return;
	case CHP_VARY_OFF:
		sch->opm &= ~mask;
		lose(device, mask);
		return;
	case CHP_ONLINE:
		sch->lpm |= mask & sch->opm;
		break;
	case CHP_OFFLINE:
		lose(device, mask);
		break;
	default:
		return;
	}
	queued = vfio_ccw_crw_queue_path(&device->crw, link->chpid.id,
					 event == CHP_ONLINE);
	vfio_ccw_note_report(device, link->chpid.id, event == CHP_ONLINE,
			     queued);
	vfio_trigger_signal(&device->trigger[VFIO_CCW_CRW_IRQ_INDEX]);
}
