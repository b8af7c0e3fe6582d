/* SPDX-License-Identifier: GPL-2.0 */
/* What happens to a device, noted for those who must find out why. */
#ifndef VFIO_CCW_NOTE_H
#define VFIO_CCW_NOTE_H

#include <linux/types.h>

struct irb;
struct vfio_ccw_device;
struct vfio_ccw_image;

/*
 * Tracing shows these numbers.  The first six are what tools know of the
 * kernel's own driver.
 */
enum vfio_ccw_event {
	VFIO_CCW_EVENT_GONE = 0,
	VFIO_CCW_EVENT_IO = 1,		/* START or RESUME is asked for */
	VFIO_CCW_EVENT_INTERRUPT = 2,
	VFIO_CCW_EVENT_ASYNC = 3,	/* HALT or CLEAR is asked for */
	VFIO_CCW_EVENT_OPEN = 4,
	VFIO_CCW_EVENT_CLOSE = 5,
	VFIO_CCW_EVENT_RESET = 6,
	VFIO_CCW_EVENT_UNMAP = 7,	/* guest memory in use goes away */
	VFIO_CCW_EVENT_ABORT = 8,	/* the program cannot go on */
	VFIO_CCW_EVENT_PART = 9,	/* the host fetches a program again */
};

/**
 * enum vfio_ccw_step - how far a request that goes to the I/O region came
 * @VFIO_CCW_STEP_FUNCTION: is this a function for that region?
 * @VFIO_CCW_STEP_ORB: is the ORB valid?
 * @VFIO_CCW_STEP_STATE: is the device in a state for it?
 * @VFIO_CCW_STEP_PROGRAM: translate the program, and pin what it needs
 * @VFIO_CCW_STEP_SSCH: START SUBCHANNEL
 * @VFIO_CCW_STEP_STOP: is the program suspended?
 * @VFIO_CCW_STEP_REST: translate the rest of the program, and pin what it needs
 * @VFIO_CCW_STEP_RSCH: RESUME SUBCHANNEL
 */
enum vfio_ccw_step {
	VFIO_CCW_STEP_FUNCTION,
	VFIO_CCW_STEP_ORB,
	VFIO_CCW_STEP_STATE,
	VFIO_CCW_STEP_PROGRAM,
	VFIO_CCW_STEP_SSCH,
	VFIO_CCW_STEP_STOP,
	VFIO_CCW_STEP_REST,
	VFIO_CCW_STEP_RSCH,
};

int vfio_ccw_note_setup(void);
void vfio_ccw_note_cleanup(void);

void vfio_ccw_note_event(struct vfio_ccw_device *device,
			 enum vfio_ccw_event event);
void vfio_ccw_note_io(struct vfio_ccw_device *device, u32 fctl,
		      enum vfio_ccw_step step, int result);
void vfio_ccw_note_part(struct vfio_ccw_device *device, int result);
void vfio_ccw_note_async(struct vfio_ccw_device *device, u32 command,
			 int result);
void vfio_ccw_note_program(struct vfio_ccw_device *device,
			   const struct vfio_ccw_image *image);
void vfio_ccw_note_interrupt(struct vfio_ccw_device *device,
			     const struct irb *irb);
void vfio_ccw_note_response(struct vfio_ccw_device *device,
			    const struct irb *irb, bool queued);
void vfio_ccw_note_path(struct vfio_ccw_device *device, u8 mask, int event);
void vfio_ccw_note_report(struct vfio_ccw_device *device, u8 chpid, bool online,
			  bool queued);
void vfio_ccw_note_unmap(struct vfio_ccw_device *device, u64 guest, u64 length);
void vfio_ccw_note_settled(struct vfio_ccw_device *device,
			   enum vfio_ccw_event event, int result);

#endif
