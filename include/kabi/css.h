/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The channel subsystem bus as a subchannel driver sees it: registration and
 * the callbacks. See cio.h on how this is kept true.
 */
#ifndef KABI_CSS_H
#define KABI_CSS_H

#include <linux/device.h>
#include <linux/mod_devicetable.h>

#include "cio.h"

struct chp_link;

/**
 * struct css_driver - driver of a kind of subchannels
 * @subchannel_type: the types it can drive, ended by an empty entry
 * @drv: the device driver
 * @irq: an interruption; interrupt context, subchannel lock held
 * @chp_event: something befell a channel path; subchannel lock held
 * @sch_event: something befell the subchannel; -EAGAIN asks for another call,
 *	with @process set where sleeping is allowed
 * @probe: a subchannel to drive
 * @remove: stop driving it
 * @shutdown: the system goes down
 * @settle: wait until what was started is done
 */
struct css_driver {
	struct css_device_id *subchannel_type;
	struct device_driver drv;
	void (*irq)(struct subchannel *sch);
	int (*chp_event)(struct subchannel *sch, struct chp_link *link, int event);
	int (*sch_event)(struct subchannel *sch, int process);
	int (*probe)(struct subchannel *sch);
	void (*remove)(struct subchannel *sch);
	void (*shutdown)(struct subchannel *sch);
	int (*settle)(void);
};

int css_driver_register(struct css_driver *cdrv);
void css_driver_unregister(struct css_driver *cdrv);

/* Subchannel lock held. */
void css_sched_sch_todo(struct subchannel *sch, enum sch_todo todo);

#endif /* KABI_CSS_H */
