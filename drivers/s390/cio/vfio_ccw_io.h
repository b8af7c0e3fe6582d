/* SPDX-License-Identifier: GPL-2.0 */
/* The instructions that drive a subchannel, and what their codes mean. */
#ifndef VFIO_CCW_IO_H
#define VFIO_CCW_IO_H

#include <linux/types.h>

struct subchannel;

int vfio_ccw_io_enable(struct subchannel *sch);
int vfio_ccw_io_start(struct subchannel *sch, u32 flags, u32 cpa);
int vfio_ccw_io_resume(struct subchannel *sch);
int vfio_ccw_io_halt(struct subchannel *sch);
int vfio_ccw_io_clear(struct subchannel *sch);
int vfio_ccw_io_store(struct subchannel *sch);

#endif
