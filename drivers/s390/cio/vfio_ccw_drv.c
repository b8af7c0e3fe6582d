// SPDX-License-Identifier: GPL-2.0
/*
 * The subchannel driver: what the channel subsystem calls, and the module.
 */
#include <linux/device.h>
#include <linux/module.h>
#include <linux/slab.h>

#include <asm/isc.h>

#include <kabi/css.h>

#include "vfio_ccw_device.h"
#include "vfio_ccw_interrupt.h"
#include "vfio_ccw_note.h"
#include "vfio_ccw_path.h"
#include "vfio_ccw_stop.h"

static void drop_parent(struct subchannel *sch, struct vfio_ccw_parent *parent)
{
	scoped_guard(spinlock_irq, &sch->lock)
		dev_set_drvdata(&sch->dev, NULL);
	kfree(parent);
}

static int sch_probe(struct subchannel *sch)
{
	struct vfio_ccw_parent *parent;
	int ret;

	if (sch->schib.pmcw.qf) {
		dev_warn(&sch->dev, "vfio: ccw: does not support QDIO: %s\n",
			 dev_name(&sch->dev));
		return -ENODEV;
	}

	parent = kzalloc(sizeof(*parent), GFP_KERNEL);
	if (!parent)
		return -ENOMEM;
	parent->type.sysfs_name = "io";
	parent->type.pretty_name = "I/O subchannel (Non-QDIO)";
	parent->types[0] = &parent->type;
	scoped_guard(spinlock_irq, &sch->lock)
		dev_set_drvdata(&sch->dev, parent);

	ret = mdev_register_parent(&parent->parent, &sch->dev,
				   &vfio_ccw_mdev_driver, parent->types,
				   ARRAY_SIZE(parent->types));
	if (ret)
		drop_parent(sch, parent);
	return ret;
}

static void sch_remove(struct subchannel *sch)
{
	struct vfio_ccw_parent *parent = dev_get_drvdata(&sch->dev);

	mdev_unregister_parent(&parent->parent);
	drop_parent(sch, parent);
}

/* The subchannel lock is held. */
static struct vfio_ccw_device *device_of(struct subchannel *sch)
{
	struct vfio_ccw_parent *parent = dev_get_drvdata(&sch->dev);

	return parent ? parent->device : NULL;
}

static void sch_shutdown(struct subchannel *sch)
{
	struct vfio_ccw_device *device;

	scoped_guard(spinlock_irq, &sch->lock) {
		device = device_of(sch);
		if (device)
			get_device(&device->vdev.device);
	}
	if (!device)
		return;
	vfio_ccw_shutdown(device);
	vfio_put_device(&device->vdev);
}

static void sch_irq(struct subchannel *sch)
{
	struct vfio_ccw_device *device = device_of(sch);

	if (device)
		vfio_ccw_interrupt(device, this_cpu_ptr(&cio_irb));
	else
		cio_disable_subchannel(sch);
}

/* The subchannel lock is held. */
static int sch_chp_event(struct subchannel *sch, struct chp_link *link,
			 int event)
{
	struct vfio_ccw_device *device = device_of(sch);

	if (device)
		vfio_ccw_path_event(device, link, event);
	return 0;
}

static int sch_event(struct subchannel *sch, int process)
{
	guard(spinlock_irqsave)(&sch->lock);

	if (!device_is_registered(&sch->dev))
		return 0;
	if (sch->todo != SCH_TODO_NOTHING)
		return -EAGAIN;
	if (cio_update_schib(sch)) {
		struct vfio_ccw_device *device = device_of(sch);

		if (device)
			vfio_ccw_gone(device);
		/* Userspace is asked to give the device back on the way. */
		css_sched_sch_todo(sch, SCH_TODO_UNREG);
	}
	return 0;
}

static struct css_device_id sch_ids[] = {
	{ .match_flags = 0x1, .type = SUBCHANNEL_TYPE_IO },
	{ },
};
MODULE_DEVICE_TABLE(css, sch_ids);

static struct css_driver sch_driver = {
	.drv = {
		.name = "vfio_ccw",
		.owner = THIS_MODULE,
	},
	.subchannel_type = sch_ids,
	.probe = sch_probe,
	.remove = sch_remove,
	.shutdown = sch_shutdown,
	.irq = sch_irq,
	.chp_event = sch_chp_event,
	.sch_event = sch_event,
};

static int __init vfio_ccw_init(void)
{
	int ret = vfio_ccw_note_setup();

	if (ret)
		return ret;
	ret = vfio_ccw_cp_setup();
	if (ret)
		goto forget;
	vfio_ccw_stats_setup();
	ret = mdev_register_driver(&vfio_ccw_mdev_driver);
	if (ret)
		goto cleanup;
	isc_register(VFIO_CCW_ISC);
	ret = css_driver_register(&sch_driver);
	if (ret)
		goto unregister;
	return 0;

unregister:
	isc_unregister(VFIO_CCW_ISC);
	mdev_unregister_driver(&vfio_ccw_mdev_driver);
cleanup:
	vfio_ccw_stats_cleanup();
	vfio_ccw_cp_cleanup();
forget:
	vfio_ccw_note_cleanup();
	return ret;
}

static void __exit vfio_ccw_exit(void)
{
	css_driver_unregister(&sch_driver);
	isc_unregister(VFIO_CCW_ISC);
	mdev_unregister_driver(&vfio_ccw_mdev_driver);
	vfio_ccw_stats_cleanup();
	vfio_ccw_cp_cleanup();
	vfio_ccw_note_cleanup();
}

module_init(vfio_ccw_init);
module_exit(vfio_ccw_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Channel I/O subchannels for guests");
