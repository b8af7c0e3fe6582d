// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mediated-device bus: one device, from its UUID to its removal.
 *
 * A device is on mdev_devices from the moment its UUID is taken until the
 * driver core and sysfs have forgotten it. On that list, ->active tells who
 * may take it away:
 *
 *	false	it is being created
 *	true	it is complete; whoever turns ->active off removes it
 *	false	it is being removed by the one who did
 *
 * So there is one removal however many ask for one. The parent and the type
 * stay valid while a device is on the list, because mdev_device_remove_all()
 * returns only when none is left.
 */
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/wait.h>

#include "core.h"

/*
 * mdev_lock guards mdev_devices, ->active of each device on it, and taking an
 * instance of a parent together with a UUID. Nothing is called under it.
 */
static DEFINE_SPINLOCK(mdev_lock);
static LIST_HEAD(mdev_devices);

/* Woken whenever a device leaves mdev_devices. */
static DECLARE_WAIT_QUEUE_HEAD(mdev_left);

static const struct mdev_driver *mdev_driver_of(const struct mdev_device *mdev)
{
	return mdev->type->parent->mdev_driver;
}

/* Enter the list; all that keeps a device from existing is known here. */
static int mdev_device_enter(struct mdev_device *mdev)
{
	const struct mdev_driver *drv = mdev_driver_of(mdev);
	struct mdev_parent *parent = mdev->type->parent;
	struct mdev_device *other;

	guard(spinlock)(&mdev_lock);

	list_for_each_entry(other, &mdev_devices, next) {
		if (guid_equal(&other->uuid, &mdev->uuid))
			return -EEXIST;
	}

	/* A driver that counts for itself refuses in its probe instead. */
	if (!drv->get_available &&
	    atomic_dec_if_positive(&parent->available_instances) < 0)
		return -EUSERS;

	list_add_tail(&mdev->next, &mdev_devices);
	return 0;
}

static void mdev_device_leave(struct mdev_device *mdev)
{
	const struct mdev_driver *drv = mdev_driver_of(mdev);

	scoped_guard(spinlock, &mdev_lock) {
		if (!drv->get_available)
			atomic_inc(&mdev->type->parent->available_instances);
		list_del(&mdev->next);
	}

	/* From here on the parent, its types and its driver may be gone. */
	wake_up_all(&mdev_left);
}

/* Turn ->active off: true for exactly one caller, who then removes @mdev. */
static bool mdev_device_claim(struct mdev_device *mdev)
{
	guard(spinlock)(&mdev_lock);

	if (!mdev->active)
		return false;
	mdev->active = false;
	return true;
}

static int mdev_device_link(struct mdev_device *mdev)
{
	struct kobject *kobj = &mdev->dev.kobj;
	struct mdev_type *type = mdev->type;
	int ret;

	ret = sysfs_create_link(type->devices_kobj, kobj, kobject_name(kobj));
	if (ret)
		return ret;

	ret = sysfs_create_link(kobj, &type->kobj, "mdev_type");
	if (ret)
		sysfs_remove_link(type->devices_kobj, kobject_name(kobj));
	return ret;
}

static void mdev_device_unlink(struct mdev_device *mdev)
{
	struct kobject *kobj = &mdev->dev.kobj;

	sysfs_remove_link(kobj, "mdev_type");
	sysfs_remove_link(mdev->type->devices_kobj, kobject_name(kobj));
}

/*
 * Take a device down, by the one who claimed it. The driver's remove function
 * runs in device_del() and may block for as long as userspace holds the device.
 */
static void mdev_device_remove(struct mdev_device *mdev)
{
	struct module *owner = mdev_driver_of(mdev)->driver.owner;

	mdev_device_unlink(mdev);
	device_del(&mdev->dev);
	mdev_device_leave(mdev);
	module_put(owner);
	put_device(&mdev->dev);
}

static void mdev_device_release(struct device *dev)
{
	kfree(to_mdev_device(dev));
	module_put(THIS_MODULE);
}

/* Everything of mdev_device_create() that follows the taking of the UUID. */
static int mdev_device_bring_up(struct mdev_device *mdev)
{
	struct device *dev = &mdev->dev;
	int ret;

	/*
	 * Userspace looks up the type when it hears of the device: hold the
	 * ADD uevent back until the links are there.
	 */
	dev_set_uevent_suppress(dev, true);
	ret = device_add(dev);
	if (ret)
		return ret;

	ret = mdev_device_link(mdev);
	if (ret)
		goto err_del;

	dev_set_uevent_suppress(dev, false);
	kobject_uevent(&dev->kobj, KOBJ_ADD);

	ret = device_driver_attach(&mdev_driver_of(mdev)->driver, dev);
	if (ret)
		goto err_unlink;
	return 0;

err_unlink:
	mdev_device_unlink(mdev);
err_del:
	device_del(dev);
	return ret;
}

/**
 * mdev_device_create() - create a mediated device and attach its driver
 * @type: what to create, on which parent
 * @uuid: its name, unique among all parents
 *
 * Context: may sleep. Called from the type's "create" file, which the parent
 *	closes, and waits for, before it goes away.
 * Return: 0; -EEXIST if the UUID is taken; -EUSERS if the parent has no
 *	instance left; -ENODEV if the driver is being unloaded; otherwise what
 *	the driver's probe function answers.
 */
int mdev_device_create(struct mdev_type *type, const guid_t *uuid)
{
	struct module *owner = type->parent->mdev_driver->driver.owner;
	struct mdev_device *mdev;
	int ret;

	mdev = kzalloc(sizeof(*mdev), GFP_KERNEL);
	if (!mdev)
		return -ENOMEM;

	/* The release function is this module's: it stays for that long. */
	__module_get(THIS_MODULE);
	device_initialize(&mdev->dev);
	mdev->dev.parent = type->parent->dev;
	mdev->dev.bus = &mdev_bus_type;
	mdev->dev.release = mdev_device_release;
	mdev->type = type;
	guid_copy(&mdev->uuid, uuid);

	ret = dev_set_name(&mdev->dev, "%pUl", uuid);
	if (ret)
		goto err_put;

	/* A driver with devices is in use and must not be unloaded. */
	if (!try_module_get(owner)) {
		ret = -ENODEV;
		goto err_put;
	}

	ret = mdev_device_enter(mdev);
	if (ret)
		goto err_module;

	ret = mdev_device_bring_up(mdev);
	if (ret)
		goto err_leave;

	scoped_guard(spinlock, &mdev_lock)
		mdev->active = true;
	return 0;

err_leave:
	mdev_device_leave(mdev);
err_module:
	module_put(owner);
err_put:
	put_device(&mdev->dev);
	return ret;
}

static struct mdev_device *mdev_device_claim_any(struct mdev_parent *parent)
{
	struct mdev_device *mdev;

	guard(spinlock)(&mdev_lock);

	list_for_each_entry(mdev, &mdev_devices, next) {
		if (mdev->type->parent == parent && mdev->active) {
			mdev->active = false;
			return mdev;
		}
	}
	return NULL;
}

static bool mdev_parent_has_devices(struct mdev_parent *parent)
{
	struct mdev_device *mdev;

	guard(spinlock)(&mdev_lock);

	list_for_each_entry(mdev, &mdev_devices, next) {
		if (mdev->type->parent == parent)
			return true;
	}
	return false;
}

/**
 * mdev_device_remove_all() - remove every device of a parent
 * @parent: its "create" files are closed already
 *
 * Waits also for devices that somebody else is removing. That ends when
 * userspace lets go of the device, which can be any time: wait idle, for a
 * patient wait is no hung task.
 *
 * Context: may sleep.
 */
void mdev_device_remove_all(struct mdev_parent *parent)
{
	struct mdev_device *mdev;

	while ((mdev = mdev_device_claim_any(parent)))
		mdev_device_remove(mdev);

	wait_event_idle(mdev_left, !mdev_parent_has_devices(parent));
}

static ssize_t remove_store(struct device *dev, struct device_attribute *attr,
			    const char *buf, size_t count)
{
	struct mdev_device *mdev = to_mdev_device(dev);
	struct kernfs_node *kn;
	unsigned long val;
	ssize_t ret = count;

	if (kstrtoul(buf, 0, &val))
		return -EINVAL;
	if (!val)
		return count;

	/*
	 * The removal waits until nobody is inside an attribute of the device.
	 * This writer, and every other who comes too late, must not count.
	 */
	kn = sysfs_break_active_protection(&dev->kobj, &attr->attr);
	if (!kn)
		return -ENODEV;

	if (mdev_device_claim(mdev))
		mdev_device_remove(mdev);
	else
		ret = -EAGAIN;

	sysfs_unbreak_active_protection(kn);
	return ret;
}
static DEVICE_ATTR_WO(remove);

static struct attribute *mdev_device_attrs[] = {
	&dev_attr_remove.attr,
	NULL
};

static const struct attribute_group mdev_device_group = {
	.attrs = mdev_device_attrs,
};

const struct attribute_group *mdev_device_groups[] = {
	&mdev_device_group,
	NULL
};
