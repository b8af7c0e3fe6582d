// SPDX-License-Identifier: GPL-2.0
/*
 * The VFIO device that userspace opens, and the mediated device behind it.
 */
#include <linux/errno.h>
#include <linux/mdev.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

#include "vfio_ap_aqic.h"
#include "vfio_ap_assign.h"
#include "vfio_ap_device.h"
#include "vfio_ap_guest.h"
#include "vfio_ap_host.h"

/* As many as there can be queues. */
#define MAX_DEVICES		(VFIO_AP_IDS * VFIO_AP_IDS)

static int ops_init(struct vfio_device *vdev)
{
	struct vfio_ap_mdev *mdev = to_vfio_ap(vdev);

	mdev->hook = vfio_ap_aqic_intercept;
	vfio_ap_irq_init(mdev);
	for (u32 index = 0; index < VFIO_AP_IRQS; index++)
		vfio_trigger_init(&mdev->trigger[index]);
	return 0;
}

static void ops_release(struct vfio_device *vdev)
{
	cancel_work_sync(&to_vfio_ap(vdev)->irqs.reclaim);
}

static int ops_open(struct vfio_device *vdev)
{
	return vfio_ap_guest_open(to_vfio_ap(vdev));
}

static void ops_close(struct vfio_device *vdev)
{
	struct vfio_ap_mdev *mdev = to_vfio_ap(vdev);

	vfio_ap_guest_close(mdev);
	for (u32 index = 0; index < VFIO_AP_IRQS; index++)
		vfio_trigger_set(&mdev->trigger[index], -1);
}

static long get_info(void __user *user)
{
	const size_t size = offsetofend(struct vfio_device_info, num_irqs);
	struct vfio_device_info info;

	if (copy_from_user(&info, user, size))
		return -EFAULT;
	if (info.argsz < size)
		return -EINVAL;

	info.flags = VFIO_DEVICE_FLAGS_AP | VFIO_DEVICE_FLAGS_RESET;
	info.num_regions = 0;
	info.num_irqs = VFIO_AP_IRQS;
	return copy_to_user(user, &info, size) ? -EFAULT : 0;
}

static long set_irqs(struct vfio_ap_mdev *mdev, void __user *user)
{
	const size_t size = offsetofend(struct vfio_irq_set, count);
	struct vfio_irq_set set;
	size_t data_size = 0;
	int ret;
	s32 fd;

	if (copy_from_user(&set, user, size))
		return -EFAULT;
	if (set.index >= VFIO_AP_IRQS)
		return -EINVAL;
	ret = vfio_set_irqs_validate_and_prepare(&set, 1, VFIO_AP_IRQS,
						 &data_size);
	if (ret)
		return ret;
	if (set.flags != (VFIO_IRQ_SET_ACTION_TRIGGER |
			  VFIO_IRQ_SET_DATA_EVENTFD))
		return -EINVAL;
	/* An index without an interrupt in it: there is nothing to be done. */
	if (!set.count)
		return 0;
	if (get_user(fd, (s32 __user *)(user + size)))
		return -EFAULT;
	return vfio_trigger_set(&mdev->trigger[set.index], fd);
}

static long ops_ioctl(struct vfio_device *vdev, unsigned int cmd,
		      unsigned long arg)
{
	struct vfio_ap_mdev *mdev = to_vfio_ap(vdev);
	void __user *user = (void __user *)arg;

	switch (cmd) {
	case VFIO_DEVICE_GET_INFO:
		return get_info(user);
	case VFIO_DEVICE_GET_IRQ_INFO:
		return vfio_trigger_info(user, VFIO_AP_IRQS);
	case VFIO_DEVICE_SET_IRQS:
		return set_irqs(mdev, user);
	case VFIO_DEVICE_RESET:
		return vfio_ap_guest_reset(mdev);
	default:
		return -EOPNOTSUPP;
	}
}

static void ops_request(struct vfio_device *vdev, unsigned int count)
{
	struct vfio_ap_mdev *mdev = to_vfio_ap(vdev);

	vfio_ap_guest_leave(mdev);
	vfio_trigger_request(&mdev->trigger[VFIO_AP_REQ_IRQ_INDEX], vdev, count);
}

static void ops_dma_unmap(struct vfio_device *vdev, u64 iova, u64 length)
{
	vfio_ap_irq_unmap(to_vfio_ap(vdev), iova, length);
}

static const struct vfio_device_ops vfio_ap_ops = {
	.name = "vfio-ap",
	.init = ops_init,
	.release = ops_release,
	.open_device = ops_open,
	.close_device = ops_close,
	.ioctl = ops_ioctl,
	.request = ops_request,
	.dma_unmap = ops_dma_unmap,
	.bind_iommufd = vfio_iommufd_emulated_bind,
	.unbind_iommufd = vfio_iommufd_emulated_unbind,
	.attach_ioas = vfio_iommufd_emulated_attach_ioas,
	.detach_ioas = vfio_iommufd_emulated_detach_ioas,
};

static int mdev_probe(struct mdev_device *device)
{
	struct vfio_ap_mdev *mdev;
	int ret;

	mdev = vfio_alloc_device(vfio_ap_mdev, vdev, &device->dev, &vfio_ap_ops);
	if (IS_ERR(mdev))
		return PTR_ERR(mdev);

	dev_set_drvdata(&device->dev, mdev);
	scoped_guard(mutex, &vfio_ap_lock)
		list_add_tail(&mdev->entry, &vfio_ap_mdevs);
	ret = vfio_register_emulated_iommu_dev(&mdev->vdev);
	if (ret) {
		vfio_ap_unassign_all(mdev);
		vfio_put_device(&mdev->vdev);
	}
	return ret;
}

static void mdev_remove(struct mdev_device *device)
{
	struct vfio_ap_mdev *mdev = dev_get_drvdata(&device->dev);

	vfio_unregister_group_dev(&mdev->vdev);
	vfio_ap_unassign_all(mdev);
	vfio_put_device(&mdev->vdev);
}

struct mdev_driver vfio_ap_mdev_driver = {
	.device_api = VFIO_DEVICE_API_AP_STRING,
	.max_instances = MAX_DEVICES,
	.driver = {
		.name = "vfio_ap_mdev",
		.owner = THIS_MODULE,
		.mod_name = KBUILD_MODNAME,
		.dev_groups = vfio_ap_mdev_groups,
	},
	.probe = mdev_probe,
	.remove = mdev_remove,
};
