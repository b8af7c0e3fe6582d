// SPDX-License-Identifier: GPL-2.0
/*
 * The queue of interruption responses: none overwrites another, each is read
 * once, in the order in which the channel presented them.
 *
 * The subchannel lock is held in all of these.
 */
#include <linux/string.h>

#include "vfio_ccw_status.h"

static_assert(sizeof(struct irb) <= VFIO_CCW_IRB_SIZE);

static u32 slot_of(u64 number)
{
	return number % VFIO_CCW_STATUS_SLOTS;
}

/**
 * vfio_ccw_status_reset() - Forget all responses.
 * @status: the queue
 */
void vfio_ccw_status_reset(struct vfio_ccw_status *status)
{
	status->head = status->tail;
	memset(status->last, 0, sizeof(status->last));
}

/**
 * vfio_ccw_status_queue() - Queue a response.
 * @status: the queue
 * @irb: the response, with guest addresses
 * @end: whether it ends a program
 *
 * Return: Whether there was room; if not, the response is lost.
 */
bool vfio_ccw_status_queue(struct vfio_ccw_status *status,
			   const struct irb *irb, bool end)
{
	u64 room = end ? VFIO_CCW_STATUS_SLOTS : VFIO_CCW_STATUS_DEPTH;

	if (status->tail - status->head >= room)
		return false;
	status->slot[slot_of(status->tail++)] = *irb;
	return true;
}

/**
 * vfio_ccw_status_peek() - Look at the oldest response.
 * @status: the queue
 * @irb: where to; the last response that was taken, if none waits
 *
 * Return: The response's number, for vfio_ccw_status_take().
 */
u64 vfio_ccw_status_peek(const struct vfio_ccw_status *status,
			 u8 irb[VFIO_CCW_IRB_SIZE])
{
	if (status->head == status->tail) {
		memcpy(irb, status->last, VFIO_CCW_IRB_SIZE);
		return status->head;
	}
	memset(irb, 0, VFIO_CCW_IRB_SIZE);
	memcpy(irb, &status->slot[slot_of(status->head)], sizeof(struct irb));
	return status->head;
}

/**
 * vfio_ccw_status_take() - Take the oldest response off the queue.
 * @status: the queue
 * @number: what vfio_ccw_status_peek() returned; nothing happens if another
 *	reader was faster, or there was no response
 *
 * Return: Whether more responses wait.
 */
bool vfio_ccw_status_take(struct vfio_ccw_status *status, u64 number)
{
	if (number == status->head && status->head != status->tail) {
		memcpy(status->last, &status->slot[slot_of(status->head)],
		       sizeof(struct irb));
		status->head++;
	}
	return status->head != status->tail;
}
