/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Starting a channel program and fetching its interruption responses
 */
#ifndef CCW_START_H
#define CCW_START_H

#include "cio.h"
#include "device.h"

/* Fill all of region 0 as a VMM does for START SUBCHANNEL. */
struct ccw_io_region;
void ccw_start_area(struct ccw_io_region *area, const struct cio_orb *orb);

/* Ask for START SUBCHANNEL: 0, or the device's refusal as negative errno. */
int ccw_start(struct ccw_dev *dev, const struct cio_orb *orb);
/* Ask for RESUME SUBCHANNEL of a suspended program, given the ORB that started it: the same. */
int ccw_resume(struct ccw_dev *dev, const struct cio_orb *orb);
/* Take the oldest interruption response. */
int ccw_response(struct ccw_dev *dev, struct cio_irb *irb);
/* Read the subchannel-information block. */
int ccw_schib(struct ccw_dev *dev, struct cio_schib *schib);

/*
 * Collect the responses of a program that was started until it is over: status
 * of several interruptions is joined, unsolicited status is dropped. -ETIMEDOUT
 * if one takes more than @ms.
 */
int ccw_finish(struct ccw_dev *dev, struct cio_irb *irb, int ms);

/* Start a program, and collect its end in that way. */
int ccw_run(struct ccw_dev *dev, const struct cio_orb *orb, struct cio_irb *irb, int ms);

/* The response ends its start function. */
bool ccw_irb_final(const struct cio_irb *irb);
/* Channel end and device end, and nothing else. */
bool ccw_irb_good(const struct cio_irb *irb);

#endif
