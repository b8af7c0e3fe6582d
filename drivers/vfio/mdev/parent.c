// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mediated-device bus: a parent, the device whose functions are handed out as
 * mediated devices, and how userspace hears of it: mdev_supported_types/, the
 * link in /sys/class/mdev_bus, and MDEV_STATE in a CHANGE uevent.
 */
#include <linux/module.h>

#include <kabi/compat.h>

#include "core.h"

static struct class_compat *mdev_bus_class;

/* Close the door, wait for everybody to leave, take the house down. */
static void mdev_parent_remove_types(struct mdev_parent *parent,
				     unsigned int nr_types)
{
	unsigned int i;

	for (i = 0; i < nr_types; i++)
		mdev_type_close(parent->types[i]);

	mdev_device_remove_all(parent);

	for (i = 0; i < nr_types; i++)
		mdev_type_remove(parent->types[i]);
	kset_unregister(parent->mdev_types_kset);
}

static int mdev_parent_add_types(struct mdev_parent *parent)
{
	unsigned int i;
	int ret;

	parent->mdev_types_kset = kset_create_and_add("mdev_supported_types",
						      NULL, &parent->dev->kobj);
	if (!parent->mdev_types_kset)
		return -ENOMEM;

	for (i = 0; i < parent->nr_types; i++) {
		ret = mdev_type_add(parent, parent->types[i]);
		if (ret) {
			/* The first types could be used already. */
			mdev_parent_remove_types(parent, i);
			return ret;
		}
	}
	return 0;
}

static void mdev_parent_announce(struct mdev_parent *parent, char *state)
{
	char *envp[2] = { state };

	kobject_uevent_env(&parent->dev->kobj, KOBJ_CHANGE, envp);
}

/**
 * mdev_register_parent() - offer mediated devices below a device
 * @parent: the caller's, kept until mdev_unregister_parent()
 * @dev: the device they hang off, bound to a driver
 * @mdev_driver: driver of these mediated devices, registered
 * @types: what is offered; kept like @parent
 * @nr_types: how many of them
 *
 * Devices can be created before this function returns.
 *
 * Context: may sleep.
 * Return: 0 or a negative errno; then nothing was registered.
 */
int mdev_register_parent(struct mdev_parent *parent, struct device *dev,
			 struct mdev_driver *mdev_driver,
			 struct mdev_type **types, unsigned int nr_types)
{
	int ret;

	parent->dev = dev;
	parent->mdev_driver = mdev_driver;
	parent->types = types;
	parent->nr_types = nr_types;
	atomic_set(&parent->available_instances, mdev_driver->max_instances);

	ret = mdev_parent_add_types(parent);
	if (ret)
		return ret;

	/* Old tools look there; a parent without that link is still one. */
	if (class_compat_create_link(mdev_bus_class, dev))
		dev_warn(dev, "MDEV: no link in /sys/class/mdev_bus\n");

	dev_info(dev, "MDEV: Registered\n");
	mdev_parent_announce(parent, "MDEV_STATE=registered");
	return 0;
}
EXPORT_SYMBOL_GPL(mdev_register_parent);

/**
 * mdev_unregister_parent() - undo mdev_register_parent()
 * @parent: what was registered
 *
 * Removes all mediated devices of @parent, and waits until userspace has let
 * go of them. When it returns, nothing refers to @parent or its types.
 *
 * Context: may sleep, for long.
 */
void mdev_unregister_parent(struct mdev_parent *parent)
{
	dev_info(parent->dev, "MDEV: Unregistering\n");

	class_compat_remove_link(mdev_bus_class, parent->dev);
	mdev_parent_remove_types(parent, parent->nr_types);
	mdev_parent_announce(parent, "MDEV_STATE=unregistered");
}
EXPORT_SYMBOL_GPL(mdev_unregister_parent);

int __init mdev_parent_init(void)
{
	mdev_bus_class = class_compat_register("mdev_bus");
	return mdev_bus_class ? 0 : -ENOMEM;
}

void mdev_parent_exit(void)
{
	class_compat_unregister(mdev_bus_class);
}
