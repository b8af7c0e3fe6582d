// SPDX-License-Identifier: GPL-2.0
/*
 * The VFIO device that userspace opens, and the mediated device behind it.
 */
#include <linux/mdev.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

#include <kabi/compat.h>

#include "vfio_ccw_device.h"
#include "vfio_ccw_region.h"
#include "vfio_ccw_start.h"
#include "vfio_ccw_stop.h"

static struct subchannel *subchannel_of(struct vfio_device *vdev)
{
	return to_subchannel(to_mdev_device(vdev->dev)->type->parent->dev);
}

static int ops_init(struct vfio_device *vdev)
{
	struct vfio_ccw_device *device = to_vfio_ccw(vdev);

	device->sch = subchannel_of(vdev);
	for (u32 index = 0; index < VFIO_CCW_NUM_IRQS; index++)
		vfio_trigger_init(&device->trigger[index]);
	vfio_ccw_fsm_init(&device->fsm);
	vfio_ccw_start_init(device);
	vfio_ccw_stop_init(device);
	return 0;
}

static int ops_open(struct vfio_device *vdev)
{
	return vfio_ccw_open(to_vfio_ccw(vdev));
}

static void ops_close(struct vfio_device *vdev)
{
	struct vfio_ccw_device *device = to_vfio_ccw(vdev);

	vfio_ccw_close(device);
	for (u32 index = 0; index < VFIO_CCW_NUM_IRQS; index++)
		vfio_trigger_set(&device->trigger[index], -1);
}

static ssize_t ops_read(struct vfio_device *vdev, char __user *buf,
			size_t count, loff_t *offset)
{
	return vfio_ccw_region_read(to_vfio_ccw(vdev), buf, count, *offset);
}

static ssize_t ops_write(struct vfio_device *vdev, const char __user *buf,
			 size_t count, loff_t *offset)
{
	return vfio_ccw_region_write(to_vfio_ccw(vdev), buf, count, *offset);
}

static long get_info(void __user *user)
{
	const size_t size = offsetofend(struct vfio_device_info, num_irqs);
	struct vfio_device_info info;

	if (copy_from_user(&info, user, size))
		return -EFAULT;
	if (info.argsz < size)
		return -EINVAL;

	info.flags = VFIO_DEVICE_FLAGS_CCW | VFIO_DEVICE_FLAGS_RESET;
	info.num_regions = VFIO_CCW_REGIONS;
	info.num_irqs = VFIO_CCW_NUM_IRQS;
	return copy_to_user(user, &info, size) ? -EFAULT : 0;
}

static int get_region_info(struct vfio_device *vdev,
			   struct vfio_region_info *info,
			   struct vfio_info_cap *caps)
{
	return vfio_ccw_region_info(to_vfio_ccw(vdev), info, caps);
}

static long apply_irqs(struct vfio_ccw_device *device,
		       const struct vfio_irq_set *set, void __user *data)
{
	s32 fd;
	u8 wanted;

	/* An index without an interrupt in it: there is nothing to be done. */
	if (!(set->flags & VFIO_IRQ_SET_DATA_NONE) && !set->count)
		return 0;

	switch (set->flags & VFIO_IRQ_SET_DATA_TYPE_MASK) {
	case VFIO_IRQ_SET_DATA_NONE:
		wanted = true;
		break;
	case VFIO_IRQ_SET_DATA_BOOL:
		if (get_user(wanted, (u8 __user *)data))
			return -EFAULT;
		break;
	case VFIO_IRQ_SET_DATA_EVENTFD:
		if (get_user(fd, (s32 __user *)data))
			return -EFAULT;
		return vfio_trigger_set(&device->trigger[set->index], fd);
	default:
		return -EINVAL;
	}

	if (wanted)
		vfio_trigger_signal(&device->trigger[set->index]);
	return 0;
}

static long set_irqs(struct vfio_ccw_device *device, void __user *user)
{
	const size_t size = offsetofend(struct vfio_irq_set, count);
	struct vfio_irq_set set;
	size_t data_size = 0;
	int ret;

	if (copy_from_user(&set, user, size))
		return -EFAULT;
	if (set.index >= VFIO_CCW_NUM_IRQS)
		return -EINVAL;
	ret = vfio_set_irqs_validate_and_prepare(&set, 1, VFIO_CCW_NUM_IRQS,
						 &data_size);
	if (ret)
		return ret;
	if (!(set.flags & VFIO_IRQ_SET_ACTION_TRIGGER))
		return -EINVAL;
	return apply_irqs(device, &set, user + size);
}

static long ops_ioctl(struct vfio_device *vdev, unsigned int cmd,
		      unsigned long arg)
{
	struct vfio_ccw_device *device = to_vfio_ccw(vdev);
	void __user *user = (void __user *)arg;

	switch (cmd) {
	case VFIO_DEVICE_GET_INFO:
		return get_info(user);
	case VFIO_DEVICE_GET_REGION_INFO:
		return kabi_get_region_info(vdev, arg, get_region_info);
	case VFIO_DEVICE_GET_IRQ_INFO:
		return vfio_trigger_info(user, VFIO_CCW_NUM_IRQS);
	case VFIO_DEVICE_SET_IRQS:
		return set_irqs(device, user);
	case VFIO_DEVICE_RESET:
		return vfio_ccw_reset(device);
	default:
		return -ENOTTY;
	}
}

static void ops_request(struct vfio_device *vdev, unsigned int count)
{
	struct vfio_ccw_device *device = to_vfio_ccw(vdev);

	vfio_trigger_request(&device->trigger[VFIO_CCW_REQ_IRQ_INDEX], vdev, count);
}

static void ops_dma_unmap(struct vfio_device *vdev, u64 iova, u64 length)
{
	vfio_ccw_unmap(to_vfio_ccw(vdev), iova, length);
}

static const struct vfio_device_ops vfio_ccw_ops = {
	.name = "vfio-ccw",
	.init = ops_init,
	.open_device = ops_open,
	.close_device = ops_close,
	.read = ops_read,
	.write = ops_write,
	.ioctl = ops_ioctl,
	.request = ops_request,
	.dma_unmap = ops_dma_unmap,
	.bind_iommufd = vfio_iommufd_emulated_bind,
	.unbind_iommufd = vfio_iommufd_emulated_unbind,
	.attach_ioas = vfio_iommufd_emulated_attach_ioas,
	.detach_ioas = vfio_iommufd_emulated_detach_ioas,
	KABI_REGION_INFO_CAPS(get_region_info)
};

static void set_device(struct mdev_device *mdev, struct vfio_ccw_device *device)
{
	struct device *dev = mdev->type->parent->dev;
	struct vfio_ccw_parent *parent = dev_get_drvdata(dev);

	guard(spinlock_irq)(&to_subchannel(dev)->lock);
	parent->device = device;
}

static int mdev_probe(struct mdev_device *mdev)
{
	struct vfio_ccw_device *device;
	int ret;

	device = vfio_alloc_device(vfio_ccw_device, vdev, &mdev->dev,
				   &vfio_ccw_ops);
	if (IS_ERR(device))
		return PTR_ERR(device);

	dev_set_drvdata(&mdev->dev, device);
	vfio_ccw_stats_show(&device->stats, dev_name(&device->sch->dev));
	set_device(mdev, device);
	ret = vfio_register_emulated_iommu_dev(&device->vdev);
	if (ret) {
		vfio_ccw_stats_hide(&device->stats);
		set_device(mdev, NULL);
		vfio_put_device(&device->vdev);
	}
	return ret;
}

static void mdev_remove(struct mdev_device *mdev)
{
	struct vfio_ccw_device *device = dev_get_drvdata(&mdev->dev);

	vfio_unregister_group_dev(&device->vdev);
	vfio_ccw_stats_hide(&device->stats);
	set_device(mdev, NULL);
	vfio_put_device(&device->vdev);
}

struct mdev_driver vfio_ccw_mdev_driver = {
	.device_api = VFIO_DEVICE_API_CCW_STRING,
	.max_instances = 1,
	.driver = {
		.name = "vfio_ccw_mdev",
		.owner = THIS_MODULE,
		.mod_name = KBUILD_MODNAME,
	},
	.probe = mdev_probe,
	.remove = mdev_remove,
};
