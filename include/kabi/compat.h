/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Public kernel interfaces that differ between the supported kernels. Drivers
 * are written to the newest form; this file makes an older kernel offer it.
 *
 * The HAVE_ names come from kabi/probe.h, which the build writes after trying
 * to compile each include/kabi/probes/HAVE_*.c against the target's headers.
 */
#ifndef KABI_COMPAT_H
#define KABI_COMPAT_H

#include <linux/device.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

#include <kabi/probe.h>

/* A link to the device's class directory could once be made beside. */
#ifndef HAVE_CLASS_COMPAT_ONE_LINK
#define class_compat_create_link(cls, dev) \
	((class_compat_create_link)(cls, dev, NULL))
#define class_compat_remove_link(cls, dev) \
	((class_compat_remove_link)(cls, dev, NULL))
#endif

/*
 * VFIO_DEVICE_GET_REGION_INFO: a newer VFIO core answers it with the help of
 * vfio_device_ops.get_region_info_caps, an older one hands it to the driver's
 * ioctl. A driver writes
 *
 *	KABI_REGION_INFO_CAPS(get)
 *
 * among the initialisers of its vfio_device_ops, and calls
 * kabi_get_region_info(vdev, arg, get) for that ioctl.
 */
#ifdef HAVE_VFIO_REGION_INFO_CAPS
#define KABI_REGION_INFO_CAPS(get) .get_region_info_caps = (get),
#else
#define KABI_REGION_INFO_CAPS(...)
#endif

static inline long
kabi_get_region_info(struct vfio_device *vdev, unsigned long arg,
		     int (*get)(struct vfio_device *vdev,
				struct vfio_region_info *info,
				struct vfio_info_cap *caps))
{
	const size_t minsz = offsetofend(struct vfio_region_info, offset);
	struct vfio_region_info __user *user = (void __user *)arg;
	struct vfio_info_cap caps = {};
	struct vfio_region_info info = {};
	long ret;

	if (copy_from_user(&info, user, minsz))
		return -EFAULT;
	if (info.argsz < minsz)
		return -EINVAL;

	ret = get(vdev, &info, &caps);
	if (ret)
		goto out;

	if (caps.size) {
		info.flags |= VFIO_REGION_INFO_FLAG_CAPS;
		if (info.argsz < sizeof(info) + caps.size) {
			/* The user learns how much room to come back with. */
			info.argsz = sizeof(info) + caps.size;
			info.cap_offset = 0;
		} else {
			vfio_info_cap_shift(&caps, sizeof(info));
			info.cap_offset = sizeof(info);
			if (copy_to_user(user + 1, caps.buf, caps.size)) {
				ret = -EFAULT;
				goto out;
			}
		}
	}
	if (copy_to_user(user, &info, minsz))
		ret = -EFAULT;
out:
	kfree(caps.buf);
	return ret;
}

#endif /* KABI_COMPAT_H */
