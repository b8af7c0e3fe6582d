// SPDX-License-Identifier: GPL-2.0
/*
 * The I/O instructions that the guest has the host execute.
 *
 * START builds the whole program.  RESUME, for a program that is suspended,
 * builds the rest of it anew from guest memory.  A program that changes itself
 * and may, as its ORB does not allow prefetching, is suspended by the host where
 * it has done so, without the guest's knowledge, and resumed in the same way.
 */
#include <linux/jiffies.h>
#include <linux/sched/signal.h>
#include <linux/spinlock.h>
#include <linux/vfio_ccw.h>

#include "vfio_ccw_device.h"
#include "vfio_ccw_io.h"
#include "vfio_ccw_note.h"
#include "vfio_ccw_start.h"
#include "vfio_ccw_stop.h"
#include "vfio_ccw_user.h"

/*
 * The container tells when guest memory is about to go, but not when it has
 * gone.  For so long no new page is held, lest it be one of these.
 */
#define UNMAP_GRACE		(HZ / 20)

static void let_unmap_finish(struct vfio_ccw_device *device)
{
	long left = READ_ONCE(device->unmapped) + UNMAP_GRACE - jiffies;

	if (left > 0)
		schedule_timeout_killable(left);
}

/*
 * Build a program, or, if @orb is NULL, the rest of one; again if guest memory
 * goes away meanwhile.  Returns with the lock held.
 */
static int fetch(struct vfio_ccw_device *device, const struct cprog_orb *orb,
		 const struct cprog_stop *stop)
{
	struct vfio_ccw_keep *keep = &device->keep;
	struct vfio_ccw_cp *cp = &device->cp;
	int ret;

	for (;;) {
		let_unmap_finish(device);
		if (fatal_signal_pending(current))
			ret = -EINTR;
		else if (orb)
			ret = vfio_ccw_cp_build(cp, keep, orb);
		else
			ret = vfio_ccw_cp_rebuild(cp, keep, stop);

		spin_lock_irq(&device->sch->lock);
		if (!ret)
			vfio_ccw_note_program(device,
					      vfio_ccw_cp_built(cp, !orb));
		if (!device->fsm.stale || ret)
			break;
		device->fsm.stale = false;
		spin_unlock_irq(&device->sch->lock);

		if (orb)
			vfio_ccw_cp_release(cp, keep);
		else
			vfio_ccw_cp_release_other(cp, keep);
		vfio_ccw_user_drop_stale(keep);
	}
	device->fsm.stale = false;
	return ret;
}

/*
 * A host whose channel subsystem makes no interruption of a suspension has the
 * program standing there already.
 */
static void look_for_break(struct vfio_ccw_device *device)
{
	if (vfio_ccw_cp_current(&device->cp)->breaks)
		schedule_work(&device->proceed);
}

/*
 * Start a program, and tell which step was the last.  The lock is held, and
 * released in between.
 */
static int start(struct vfio_ccw_device *device, const struct cprog_orb *orb,
		 enum vfio_ccw_step *step)
{
	const struct cprog *prog;
	int ret;

	*step = VFIO_CCW_STEP_ORB;
	ret = cprog_check_orb(orb);
	if (ret)
		return ret;
	*step = VFIO_CCW_STEP_STATE;
	ret = vfio_ccw_fsm_may(device, VFIO_CCW_START);
	if (ret)
		return ret;
	device->fsm.state = VFIO_CCW_BUILDING;
	vfio_ccw_tick(device);
	spin_unlock_irq(&device->sch->lock);

	/* Of the program before. */
	vfio_ccw_cp_release(&device->cp, &device->keep);

	*step = VFIO_CCW_STEP_PROGRAM;
	ret = fetch(device, orb, NULL);
	if (!ret) {
		*step = VFIO_CCW_STEP_SSCH;
		prog = vfio_ccw_cp_current(&device->cp);
		ret = device->fsm.gone ? -ENODEV :
		      vfio_ccw_io_start(device->sch, prog->host_flags,
					prog->host_cpa);
	}
	vfio_ccw_fsm_settle(device, ret ? VFIO_CCW_IDLE : VFIO_CCW_RUNNING);
	if (!ret)
		look_for_break(device);
	return ret;
}

/**
 * vfio_ccw_start() - START SUBCHANNEL.
 * @device: the device
 * @orb: the guest's ORB
 *
 * Context: Process context, may sleep; takes the container's lock.
 * Return: 0 and the program runs; -EBUSY if one does already; what
 *	cprog_check_orb(), vfio_ccw_cp_build() and vfio_ccw_io_start() return;
 *	-EIO if the device is not open, -ENODEV if it is gone.
 */
int vfio_ccw_start(struct vfio_ccw_device *device, const struct cprog_orb *orb)
{
	enum vfio_ccw_step step;
	int ret;

	spin_lock_irq(&device->sch->lock);
	vfio_ccw_note_event(device, VFIO_CCW_EVENT_IO);
	ret = start(device, orb, &step);
	vfio_ccw_note_io(device, SCSW_FCTL_START_FUNC, step, ret);
	spin_unlock_irq(&device->sch->lock);

	if (ret)
		vfio_ccw_reclaim(device);
	return ret;
}

/*
 * Where the program that runs stands, if it does.  The lock is held.
 *
 * A program that has been resumed is shown as suspended until the channel has
 * got to it: it does not stand any more, and what it is about to fetch must stay.
 */
static int find_stop(struct vfio_ccw_device *device, struct cprog_stop *stop)
{
	union scsw *scsw = &device->sch->schib.scsw;
	int ret = vfio_ccw_io_store(device->sch);

	if (ret)
		return ret;
	if ((scsw->cmd.actl & (SCSW_ACTL_SUSPENDED | SCSW_ACTL_RESUME_PEND)) !=
	    SCSW_ACTL_SUSPENDED ||
	    !vfio_ccw_cp_find_stop(&device->cp, scsw, stop))
		return -EBUSY;
	return 0;
}

/*
 * Let a suspended program go on with what is now in guest memory, on behalf of
 * the guest or, for a program that changes itself, of the host.  The lock is
 * held, the device is running; the lock is released in between.
 */
static int resume(struct vfio_ccw_device *device, struct cprog_stop stop,
		  bool for_guest)
{
	enum vfio_ccw_step step = VFIO_CCW_STEP_REST;
	struct vfio_ccw_fsm *fsm = &device->fsm;
	struct cprog_ccw1 old;
	int ret;

	fsm->state = VFIO_CCW_RESUMING;
	device->cp.linked = false;
	spin_unlock_irq(&device->sch->lock);

	ret = fetch(device, NULL, &stop);
	if (!ret && (fsm->gone || fsm->state != VFIO_CCW_RESUMING)) {
		step = VFIO_CCW_STEP_STATE;
		ret = fsm->gone ? -ENODEV : -EBUSY;
	}
	if (!ret) {
		step = VFIO_CCW_STEP_RSCH;
		old = vfio_ccw_cp_link(&device->cp, &stop);
		ret = vfio_ccw_io_resume(device->sch);
		if (ret)
			vfio_ccw_cp_unlink(&device->cp, &stop, old);
	}
	if (for_guest)
		vfio_ccw_note_io(device, SCSW_FCTL_START_FUNC, step, ret);
	else
		vfio_ccw_note_part(device, ret);
	spin_unlock_irq(&device->sch->lock);

	/* What the channel has left, or never came to. */
	vfio_ccw_cp_release_other(&device->cp, &device->keep);

	spin_lock_irq(&device->sch->lock);
	if (fsm->state == VFIO_CCW_RELEASING) {
		vfio_ccw_cp_end(&device->cp, &device->keep);
		vfio_ccw_fsm_settle(device, VFIO_CCW_IDLE);
		/* Whoever read of the end has found the pages in use. */
		schedule_work(&device->reclaim);
		return ret;
	}
	vfio_ccw_fsm_settle(device, VFIO_CCW_RUNNING);
	if (!ret)
		look_for_break(device);
	return ret;
}

/**
 * vfio_ccw_resume() - RESUME SUBCHANNEL.
 * @device: the device
 *
 * Context: Process context, may sleep; takes the container's lock.
 * Return: 0 and the program goes on; -EBUSY if none is suspended (condition
 *	code 2) or there is status for the host (1); what vfio_ccw_cp_rebuild()
 *	returns; -EIO if the device is not open, -ENODEV if it is gone.
 */
int vfio_ccw_resume(struct vfio_ccw_device *device)
{
	enum vfio_ccw_step step = VFIO_CCW_STEP_STATE;
	struct cprog_stop stop;
	int ret;

	guard(spinlock_irq)(&device->sch->lock);
	vfio_ccw_note_event(device, VFIO_CCW_EVENT_IO);
	ret = vfio_ccw_fsm_may(device, VFIO_CCW_RESUME);
	if (!ret) {
		step = VFIO_CCW_STEP_STOP;
		ret = find_stop(device, &stop);
	}
	if (!ret)
		return resume(device, stop, true);
	vfio_ccw_note_io(device, SCSW_FCTL_START_FUNC, step, ret);
	return ret;
}

/*
 * The program stands where the host wants it fetched again.  If that cannot be
 * done, nobody is there to be told of the error but the guest.
 */
static void proceed_work(struct work_struct *work)
{
	struct vfio_ccw_device *device =
		container_of(work, struct vfio_ccw_device, proceed);
	struct cprog_stop stop;
	int ret;

	guard(spinlock_irq)(&device->sch->lock);
	if (device->fsm.state != VFIO_CCW_RUNNING ||
	    find_stop(device, &stop) || !stop.is_break)
		return;

	/* If it is busy, then with an interruption that leads here again. */
	vfio_ccw_note_event(device, VFIO_CCW_EVENT_PART);
	ret = resume(device, stop, false);
	if (ret && ret != -EBUSY && device->fsm.state == VFIO_CCW_RUNNING)
		vfio_ccw_abort(device);
}

/**
 * vfio_ccw_start_init() - Begin, with nothing to do.
 * @device: the device, new
 */
void vfio_ccw_start_init(struct vfio_ccw_device *device)
{
	device->unmapped = jiffies - UNMAP_GRACE;
	INIT_WORK(&device->proceed, proceed_work);
}

static int command(struct vfio_ccw_device *device, u32 code)
{
	int ret;

	if (code != VFIO_CCW_ASYNC_CMD_HSCH &&
	    code != VFIO_CCW_ASYNC_CMD_CSCH)
		return -EINVAL;
	ret = vfio_ccw_fsm_may(device, VFIO_CCW_SIGNAL);
	if (ret)
		return ret;
	return code == VFIO_CCW_ASYNC_CMD_HSCH ?
	       vfio_ccw_io_halt(device->sch) : vfio_ccw_io_clear(device->sch);
}

/**
 * vfio_ccw_command() - HALT SUBCHANNEL or CLEAR SUBCHANNEL.
 * @device: the device
 * @code: VFIO_CCW_ASYNC_CMD_HSCH or VFIO_CCW_ASYNC_CMD_CSCH
 *
 * Context: Process context, may sleep.
 * Return: As vfio_ccw_io_halt() or vfio_ccw_io_clear(); -EINVAL for another
 *	command, -EIO if the device is not open, -ENODEV if it is gone.
 */
int vfio_ccw_command(struct vfio_ccw_device *device, u32 code)
{
	int ret;

	guard(spinlock_irq)(&device->sch->lock);
	vfio_ccw_note_event(device, VFIO_CCW_EVENT_ASYNC);
	ret = command(device, code);
	vfio_ccw_note_async(device, code, ret);
	return ret;
}

/**
 * vfio_ccw_store() - STORE SUBCHANNEL.
 * @device: the device
 * @schib: where to, without the host's addresses
 *
 * Context: Process context.
 * Return: 0, or -ENODEV if there is no device any more.
 */
int vfio_ccw_store(struct vfio_ccw_device *device, struct schib *schib)
{
	bool running;
	int ret;

	guard(spinlock_irq)(&device->sch->lock);
	ret = vfio_ccw_io_store(device->sch);
	if (ret)
		return ret;

	*schib = device->sch->schib;
	running = device->fsm.state == VFIO_CCW_RUNNING;
	vfio_ccw_cp_restore_scsw(running ? &device->cp : NULL, &schib->scsw);
	schib->pmcw.intparm = 0;
	schib->mba = 0;
	return 0;
}
