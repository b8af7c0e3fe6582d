// SPDX-License-Identifier: GPL-2.0
/*
 * The queue of channel reports: what the machine tells the host about channel
 * paths, kept for the guest.
 *
 * The subchannel lock is held in all of these.
 */
#include "vfio_ccw_crw.h"

/* Channel-report word (Principles of Operation, Machine-Check Handling). */
#define CRW_OVERFLOW		0x20000000u
#define CRW_SOURCE_PATH		0x04000000u
#define CRW_INITIALISED		0x00020000u
#define CRW_PERMANENT_ERROR	0x00060000u

static u32 *slot_of(struct vfio_ccw_crw *crw, u64 number)
{
	return &crw->slot[number % VFIO_CCW_CRW_DEPTH];
}

/**
 * vfio_ccw_crw_reset() - Forget all reports.
 * @crw: the queue
 */
void vfio_ccw_crw_reset(struct vfio_ccw_crw *crw)
{
	crw->head = crw->tail;
}

/**
 * vfio_ccw_crw_queue_path() - Report that a channel path came or went.
 * @crw: the queue
 * @chpid: the path's identifier
 * @online: whether it came
 *
 * Without room the report is lost, and the last one in the queue says so.
 *
 * Return: Whether there was room.
 */
bool vfio_ccw_crw_queue_path(struct vfio_ccw_crw *crw, u8 chpid, bool online)
{
	if (crw->tail - crw->head == VFIO_CCW_CRW_DEPTH) {
		*slot_of(crw, crw->tail - 1) |= CRW_OVERFLOW;
		return false;
	}
	*slot_of(crw, crw->tail++) = CRW_SOURCE_PATH | chpid |
		(online ? CRW_INITIALISED : CRW_PERMANENT_ERROR);
	return true;
}

/**
 * vfio_ccw_crw_peek() - Look at the oldest report.
 * @crw: the queue
 * @report: where to; zero if there is none
 *
 * Return: The report's number, for vfio_ccw_crw_take().
 */
u64 vfio_ccw_crw_peek(const struct vfio_ccw_crw *crw, u32 *report)
{
	*report = crw->head == crw->tail ? 0 :
		  crw->slot[crw->head % VFIO_CCW_CRW_DEPTH];
	return crw->head;
}

/**
 * vfio_ccw_crw_take() - Take the oldest report off the queue.
 * @crw: the queue
 * @number: what vfio_ccw_crw_peek() returned; nothing happens if another reader
 *	was faster, or there was no report
 *
 * Return: Whether more reports wait.
 */
bool vfio_ccw_crw_take(struct vfio_ccw_crw *crw, u64 number)
{
	if (number == crw->head && crw->head != crw->tail)
		crw->head++;
	return crw->head != crw->tail;
}
