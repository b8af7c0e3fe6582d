/* SPDX-License-Identifier: GPL-2.0 */
/* HALT and CLEAR SUBCHANNEL, through the region for asynchronous commands */
#ifndef CCW_ASYNC_H
#define CCW_ASYNC_H

#include "device.h"

/* Ask for it: 0, or the device's refusal as negative errno. */
int ccw_halt(struct ccw_dev *dev);
int ccw_clear(struct ccw_dev *dev);

#endif
