// SPDX-License-Identifier: GPL-2.0
/*
 * What the subchannel presents becomes a response for the guest, and a change
 * of state; the state first, so that a START in answer finds the device idle.
 *
 * The subchannel lock is held in all of these.
 */
#include "vfio_ccw_device.h"
#include "vfio_ccw_interrupt.h"
#include "vfio_ccw_io.h"
#include "vfio_ccw_note.h"

static void respond(struct vfio_ccw_device *device, const struct irb *irb,
		    bool end)
{
	bool queued = vfio_ccw_status_queue(&device->status, irb, end);

	vfio_ccw_note_response(device, irb, queued);
	vfio_trigger_signal(&device->trigger[VFIO_CCW_IO_IRQ_INDEX]);
}

/* The channel's last word on a program, where the channel has none. */
static void respond_end(struct vfio_ccw_device *device, u8 cc, u8 cstat)
{
	struct irb irb = {
		.scsw.cmd = {
			.cc = cc,
			.fctl = SCSW_FCTL_START_FUNC,
			.stctl = SCSW_STCTL_ALERT_STATUS |
				 SCSW_STCTL_PRIM_STATUS |
				 SCSW_STCTL_SEC_STATUS |
				 SCSW_STCTL_STATUS_PEND,
			.cpa = u32_to_dma32(vfio_ccw_cp_start_address(&device->cp)),
			.cstat = cstat,
		},
	};

	respond(device, &irb, true);
}

/**
 * vfio_ccw_respond_aborted() - Tell the guest that its program was ended.
 * @device: the device; the channel knows nothing of that program any more
 *
 * To the guest it is one that names storage which is not there; or the device
 * is not there any more (deferred condition code 3).
 */
void vfio_ccw_respond_aborted(struct vfio_ccw_device *device)
{
	if (device->fsm.gone)
		respond_end(device, 3, 0);
	else
		respond_end(device, 0, SCHN_STAT_PROG_CHECK);
}

/*
 * Whether this is the channel's last word on a program.  What a halted program
 * was doing may still stand in the status, so the subchannel itself is asked
 * whether it has anything left to do.
 */
static bool ends_program(struct vfio_ccw_device *device, const struct irb *irb)
{
	union scsw scsw = irb->scsw;

	if (!scsw_is_solicited(&scsw))
		return false;
	if (scsw_fctl(&scsw) & (SCSW_FCTL_HALT_FUNC | SCSW_FCTL_CLEAR_FUNC))
		return vfio_ccw_io_store(device->sch) ||
		       !scsw_fctl(&device->sch->schib.scsw);
	return !(scsw_actl(&scsw) & (SCSW_ACTL_SCHACT | SCSW_ACTL_DEVACT |
				     SCSW_ACTL_SUSPENDED));
}

/*
 * A suspension that the guest is not to see: the host asked for it, or the guest
 * asked not to be told.
 */
static bool hide_suspension(struct vfio_ccw_device *device,
			    const struct irb *irb)
{
	struct cprog_stop stop;

	if (!(irb->scsw.cmd.actl & SCSW_ACTL_SUSPENDED) ||
	    irb->scsw.cmd.fctl & (SCSW_FCTL_HALT_FUNC | SCSW_FCTL_CLEAR_FUNC))
		return false;
	if (vfio_ccw_cp_find_stop(&device->cp, &irb->scsw, &stop) &&
	    stop.is_break) {
		schedule_work(&device->proceed);
		return true;
	}
	return be32_to_cpu(device->cp.orb.flags) & CPROG_ORB_HIDE_SUSPEND;
}

static void end_program(struct vfio_ccw_device *device,
			enum vfio_ccw_state state)
{
	vfio_ccw_cp_end(&device->cp, &device->keep);
	vfio_ccw_fsm_settle(device, state);
}

/*
 * The program has ended whose rest is being fetched.  The thread that does so
 * gives it back; a START in answer waits for that.
 */
static void leave_resuming(struct vfio_ccw_fsm *fsm)
{
	fsm->state = VFIO_CCW_RELEASING;
	wake_up_all(&fsm->wait);
}

/**
 * vfio_ccw_interrupt() - The subchannel presented status.
 * @device: the device
 * @irb: the status
 *
 * Context: Interrupt.
 */
void vfio_ccw_interrupt(struct vfio_ccw_device *device, const struct irb *irb)
{
	struct vfio_ccw_fsm *fsm = &device->fsm;
	struct irb response = *irb;
	bool running = false;
	bool end;

	vfio_ccw_note_interrupt(device, irb);
	switch (fsm->state) {
	case VFIO_CCW_CLOSED:
		return;
	case VFIO_CCW_STOPPING:
		fsm->interrupted = true;
		wake_up_all(&fsm->wait);
		return;
	case VFIO_CCW_RESUMING:
	case VFIO_CCW_RUNNING:
		running = true;
		break;
	default:
		break;
	}

	if (running && hide_suspension(device, irb)) {
		/* What came with it is the guest's all the same. */
		if (!irb->scsw.cmd.cstat && !irb->scsw.cmd.dstat)
			return;
		response.scsw.cmd.actl &= ~SCSW_ACTL_SUSPENDED;
		response.scsw.cmd.actl |= SCSW_ACTL_SCHACT | SCSW_ACTL_DEVACT;
	}

	vfio_ccw_cp_restore(running ? &device->cp : NULL, &response);
	end = running && ends_program(device, irb);
	if (end && fsm->state == VFIO_CCW_RESUMING)
		leave_resuming(fsm);
	else if (end)
		end_program(device, VFIO_CCW_IDLE);
	respond(device, &response, end);
}

/**
 * vfio_ccw_gone() - The subchannel is not operational any more.
 * @device: the device
 *
 * A program that ran has ended.
 *
 * Context: Any.
 */
void vfio_ccw_gone(struct vfio_ccw_device *device)
{
	struct vfio_ccw_fsm *fsm = &device->fsm;
	bool running = fsm->state == VFIO_CCW_RUNNING ||
		       fsm->state == VFIO_CCW_RESUMING;

	if (fsm->gone)
		return;
	vfio_ccw_note_event(device, VFIO_CCW_EVENT_GONE);
	fsm->gone = true;

	switch (fsm->state) {
	case VFIO_CCW_CLOSED:
	case VFIO_CCW_IDLE:
		vfio_ccw_fsm_settle(device, VFIO_CCW_GONE);
		break;
	case VFIO_CCW_RUNNING:
		end_program(device, VFIO_CCW_GONE);
		break;
	case VFIO_CCW_RESUMING:
		leave_resuming(fsm);
		break;
	case VFIO_CCW_STOPPING:
		fsm->interrupted = true;
		wake_up_all(&fsm->wait);
		break;
	default:
		/* The thread that is at work finds out when it settles. */
		break;
	}
	vfio_ccw_note_settled(device, VFIO_CCW_EVENT_GONE, 0);
	if (running)
		vfio_ccw_respond_aborted(device);
}
