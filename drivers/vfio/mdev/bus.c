// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mediated-device bus: the bus itself, its drivers, and the module.
 */
#include <linux/module.h>
#include <linux/rcupdate.h>

#include "core.h"

/*
 * A mediated device belongs to the driver of its parent and to no other, so
 * the bus never pairs devices and drivers: device.c attaches the right one.
 */
static int mdev_bus_match(struct device *dev, const struct device_driver *drv)
{
	return 0;
}

static const struct mdev_driver *mdev_bound_driver(struct device *dev)
{
	return container_of_const(dev->driver, struct mdev_driver, driver);
}

static int mdev_bus_probe(struct device *dev)
{
	return mdev_bound_driver(dev)->probe(to_mdev_device(dev));
}

static void mdev_bus_remove(struct device *dev)
{
	const struct mdev_driver *drv = mdev_bound_driver(dev);

	if (drv->remove)
		drv->remove(to_mdev_device(dev));
}

const struct bus_type mdev_bus_type = {
	.name = "mdev",
	.dev_groups = mdev_device_groups,
	.match = mdev_bus_match,
	.probe = mdev_bus_probe,
	.remove = mdev_bus_remove,
};

/**
 * mdev_register_driver() - make a driver of mediated devices known
 * @drv: the driver; @drv->device_api and @drv->probe are mandatory
 *
 * Context: may sleep.
 * Return: 0, -EINVAL when a mandatory member is missing, or an error of the
 *	driver core.
 */
int mdev_register_driver(struct mdev_driver *drv)
{
	if (!drv->device_api || !drv->probe)
		return -EINVAL;

	drv->driver.bus = &mdev_bus_type;
	return driver_register(&drv->driver);
}
EXPORT_SYMBOL_GPL(mdev_register_driver);

/**
 * mdev_unregister_driver() - undo mdev_register_driver()
 * @drv: the driver; every parent that uses it has been unregistered
 *
 * Context: may sleep.
 */
void mdev_unregister_driver(struct mdev_driver *drv)
{
	driver_unregister(&drv->driver);
}
EXPORT_SYMBOL_GPL(mdev_unregister_driver);

static int __init mdev_init(void)
{
	int ret;

	ret = bus_register(&mdev_bus_type);
	if (ret)
		return ret;

	ret = mdev_parent_init();
	if (ret)
		bus_unregister(&mdev_bus_type);
	return ret;
}

static void __exit mdev_exit(void)
{
	mdev_parent_exit();
	bus_unregister(&mdev_bus_type);

	/*
	 * Two functions end in this module after nothing holds it any more:
	 * the writer of a device's "remove" file, which gave up the protection
	 * of sysfs, and the release of a device, which puts the module. Let
	 * a task preempted in their last instructions leave first.
	 */
	synchronize_rcu_tasks();
}

module_init(mdev_init);
module_exit(mdev_exit);

MODULE_DESCRIPTION("Mediated device bus");
MODULE_LICENSE("GPL");
