// SPDX-License-Identifier: GPL-2.0
/*
 * The device "matrix": it stands for all crypto resources of the host.  There is
 * no such hardware, so it has a bus and a driver of its own; tools know them, and
 * where it is: /sys/devices/vfio_ap/matrix.
 */
#include <linux/device.h>
#include <linux/err.h>
#include <linux/mdev.h>
#include <linux/slab.h>
#include <linux/sysfs.h>

#include "vfio_ap_device.h"
#include "vfio_ap_parent.h"

static const struct bus_type matrix_bus = {
	.name = "matrix",
};

static struct device_driver matrix_driver = {
	.name = "vfio_ap",
	.bus = &matrix_bus,
	.owner = THIS_MODULE,
	.suppress_bind_attrs = true,
};

static struct mdev_type type = {
	.sysfs_name = "passthrough",
	.pretty_name = "VFIO AP Passthrough Device",
};

static struct mdev_type *types[] = { &type };

static struct device *root, *matrix;
static struct mdev_parent parent;

static ssize_t features_show(struct device *dev, struct device_attribute *attr,
			     char *buf)
{
	return sysfs_emit(buf, "guest_matrix hotplug ap_config\n");
}
static DEVICE_ATTR_RO(features);

static struct attribute *matrix_attrs[] = {
	&dev_attr_features.attr,
	NULL
};
ATTRIBUTE_GROUPS(matrix);

static void matrix_release(struct device *dev)
{
	kfree(dev);
}

static struct device *add_matrix(void)
{
	struct device *dev = kzalloc(sizeof(*dev), GFP_KERNEL);
	int ret;

	if (!dev)
		return ERR_PTR(-ENOMEM);
	device_initialize(dev);
	dev->release = matrix_release;
	dev->parent = root;
	dev->bus = &matrix_bus;
	dev->groups = matrix_groups;
	ret = dev_set_name(dev, "matrix");
	if (!ret)
		ret = device_add(dev);
	if (ret) {
		put_device(dev);
		return ERR_PTR(ret);
	}
	return dev;
}

/**
 * vfio_ap_parent_add() - Offer mediated devices.
 *
 * Return: 0, or an error of the driver core; then nothing is left behind.
 */
int __init vfio_ap_parent_add(void)
{
	int ret;

	ret = bus_register(&matrix_bus);
	if (ret)
		return ret;
	root = root_device_register("vfio_ap");
	if (IS_ERR(root)) {
		ret = PTR_ERR(root);
		goto err_bus;
	}
	ret = driver_register(&matrix_driver);
	if (ret)
		goto err_root;
	matrix = add_matrix();
	if (IS_ERR(matrix)) {
		ret = PTR_ERR(matrix);
		goto err_driver;
	}
	ret = mdev_register_driver(&vfio_ap_mdev_driver);
	if (ret)
		goto err_matrix;
	ret = mdev_register_parent(&parent, matrix, &vfio_ap_mdev_driver, types,
				   ARRAY_SIZE(types));
	if (ret)
		goto err_mdev;
	return 0;

err_mdev:
	mdev_unregister_driver(&vfio_ap_mdev_driver);
err_matrix:
	device_unregister(matrix);
err_driver:
	driver_unregister(&matrix_driver);
err_root:
	root_device_unregister(root);
err_bus:
	bus_unregister(&matrix_bus);
	return ret;
}

/**
 * vfio_ap_parent_remove() - Remove all mediated devices and what they were made
 * of.
 *
 * Context: Waits until userspace has let go of them.
 */
void vfio_ap_parent_remove(void)
{
	mdev_unregister_parent(&parent);
	mdev_unregister_driver(&vfio_ap_mdev_driver);
	device_unregister(matrix);
	driver_unregister(&matrix_driver);
	root_device_unregister(root);
	bus_unregister(&matrix_bus);
}
