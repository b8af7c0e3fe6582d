// SPDX-License-Identifier: GPL-2.0
/*
 * The driver of crypto queues: what the AP bus calls, and the module.
 */
#include <linux/device.h>
#include <linux/jiffies.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/sysfs.h>

#include <kabi/ap.h>

#include "vfio_ap_assign.h"
#include "vfio_ap_device.h"
#include "vfio_ap_guest.h"
#include "vfio_ap_host.h"
#include "vfio_ap_note.h"
#include "vfio_ap_parent.h"
#include "vfio_ap_queue.h"

/* How long to wait for the reset of queues that have come. */
#define PATIENCE	HZ

static u16 apqn_of(struct device *dev)
{
	return to_ap_queue(dev)->qid;
}

static ssize_t status_show(struct device *dev, struct device_attribute *attr,
			   char *buf)
{
	const u16 apqn = apqn_of(dev);
	const struct vfio_ap_mdev *mdev;

	guard(mutex)(&vfio_ap_lock);
	mdev = vfio_ap_owner(apqn);
	if (!mdev)
		return sysfs_emit(buf, "unassigned\n");
	if (mdev->kvm && vfio_ap_matrix_has(&mdev->guest, apqn))
		return sysfs_emit(buf, "in use\n");
	return sysfs_emit(buf, "assigned\n");
}
static DEVICE_ATTR_RO(status);

static int queue_probe(struct ap_device *ap_dev)
{
	struct device *dev = &ap_dev->device;
	const u16 apqn = apqn_of(dev);
	struct vfio_ap_queue *queue;
	int ret;

	ret = device_create_file(dev, &dev_attr_status);
	if (ret)
		return ret;
	queue = vfio_ap_queue_add(apqn);
	if (IS_ERR(queue)) {
		device_remove_file(dev, &dev_attr_status);
		return PTR_ERR(queue);
	}
	dev_set_drvdata(dev, queue);
	vfio_ap_note_bound(apqn, true);
	/* The bus begins to set up a new queue when this returns. */
	vfio_ap_guest_wait(apqn, jiffies + PATIENCE);
	return 0;
}

static void queue_remove(struct ap_device *ap_dev)
{
	struct device *dev = &ap_dev->device;

	vfio_ap_note_bound(apqn_of(dev), false);
	device_remove_file(dev, &dev_attr_status);
	vfio_ap_queue_remove(dev_get_drvdata(dev));
	dev_set_drvdata(dev, NULL);
}

/* What the host has lost, guests lose now; what it has gained, with the scan. */
static void on_config_changed(struct ap_config_info *now,
			      struct ap_config_info *before)
{
	guard(mutex)(&vfio_ap_lock);
	vfio_ap_note_config(true);
	vfio_ap_host_shrink(now);
	vfio_ap_guest_update_all();
}

static void on_scan_complete(struct ap_config_info *now,
			     struct ap_config_info *before)
{
	struct vfio_ap_matrix had, gained[2];

	scoped_guard(mutex, &vfio_ap_lock) {
		had = vfio_ap_host;
		vfio_ap_host_set(now);
		vfio_ap_matrix_added(&had, &vfio_ap_host, gained);
		vfio_ap_note_config(false);
	}
	for (int i = 0; i < 2; i++)
		vfio_ap_queue_wait_all(&gained[i], jiffies + PATIENCE);

	guard(mutex)(&vfio_ap_lock);
	vfio_ap_guest_update_all();
}

/* Older ones cannot be virtualized. */
static struct ap_device_id queue_ids[] = {
	{ .dev_type = AP_DEVICE_TYPE_CEX4,
	  .match_flags = AP_DEVICE_ID_MATCH_QUEUE_TYPE },
	{ .dev_type = AP_DEVICE_TYPE_CEX5,
	  .match_flags = AP_DEVICE_ID_MATCH_QUEUE_TYPE },
	{ .dev_type = AP_DEVICE_TYPE_CEX6,
	  .match_flags = AP_DEVICE_ID_MATCH_QUEUE_TYPE },
	{ .dev_type = AP_DEVICE_TYPE_CEX7,
	  .match_flags = AP_DEVICE_ID_MATCH_QUEUE_TYPE },
	{ .dev_type = AP_DEVICE_TYPE_CEX8,
	  .match_flags = AP_DEVICE_ID_MATCH_QUEUE_TYPE },
	{ },
};
MODULE_DEVICE_TABLE(ap, queue_ids);

static struct ap_driver queue_driver = {
	.ids = queue_ids,
	.probe = queue_probe,
	.remove = queue_remove,
	.in_use = vfio_ap_in_use,
	.on_config_changed = on_config_changed,
	.on_scan_complete = on_scan_complete,
};

static int __init vfio_ap_init(void)
{
	int ret;

	if (!ap_instructions_available())
		return -ENODEV;
	ret = vfio_ap_note_setup();
	if (ret)
		return ret;
	ret = vfio_ap_host_setup();
	if (ret)
		goto err_note;
	ret = vfio_ap_parent_add();
	if (ret)
		goto err_host;
	ret = ap_driver_register(&queue_driver, THIS_MODULE, "vfio_ap");
	if (ret)
		goto err_parent;

	/* What changed before the bus knew us. */
	scoped_guard(mutex, &vfio_ap_lock) {
		vfio_ap_host_refresh();
		vfio_ap_guest_update_all();
	}
	return 0;

err_parent:
	vfio_ap_parent_remove();
err_host:
	vfio_ap_host_cleanup();
err_note:
	vfio_ap_note_cleanup();
	return ret;
}

static void __exit vfio_ap_exit(void)
{
	vfio_ap_parent_remove();
	/* All at the same time, before the bus goes from one to the next. */
	vfio_ap_queue_reset_all();
	ap_driver_unregister(&queue_driver);
	vfio_ap_host_cleanup();
	vfio_ap_note_cleanup();
}

module_init(vfio_ap_init);
module_exit(vfio_ap_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Crypto adapters and domains for guests");
