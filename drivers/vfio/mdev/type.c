// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mediated-device bus: a type, the directory
 * mdev_supported_types/<parent's driver>-<type>/ with
 *
 *	name, device_api, available_instances, description	what it is
 *	devices/		links to the devices of this type
 *	create			write a UUID, get a device
 *
 * "create" is opened when the type is complete, and closed before anything of
 * it goes away: sysfs itself is the lock between the two.
 */
#include <linux/slab.h>
#include <linux/wait.h>

#include "core.h"

/* Woken when a type's directory is not referenced any more. */
static DECLARE_WAIT_QUEUE_HEAD(mdev_type_released);

static struct mdev_type *to_mdev_type(struct kobject *kobj)
{
	return container_of(kobj, struct mdev_type, kobj);
}

static ssize_t name_show(struct kobject *kobj, struct kobj_attribute *attr,
			 char *buf)
{
	struct mdev_type *type = to_mdev_type(kobj);

	return sysfs_emit(buf, "%s\n", type->pretty_name ?: type->sysfs_name);
}

static ssize_t device_api_show(struct kobject *kobj,
			       struct kobj_attribute *attr, char *buf)
{
	struct mdev_parent *parent = to_mdev_type(kobj)->parent;

	return sysfs_emit(buf, "%s\n", parent->mdev_driver->device_api);
}

static ssize_t available_instances_show(struct kobject *kobj,
					struct kobj_attribute *attr, char *buf)
{
	struct mdev_type *type = to_mdev_type(kobj);
	struct mdev_parent *parent = type->parent;
	unsigned int available;

	if (parent->mdev_driver->get_available)
		available = parent->mdev_driver->get_available(type);
	else
		available = atomic_read(&parent->available_instances);
	return sysfs_emit(buf, "%u\n", available);
}

static ssize_t description_show(struct kobject *kobj,
				struct kobj_attribute *attr, char *buf)
{
	struct mdev_type *type = to_mdev_type(kobj);

	return type->parent->mdev_driver->show_description(type, buf);
}

static ssize_t create_store(struct kobject *kobj, struct kobj_attribute *attr,
			    const char *buf, size_t count)
{
	guid_t uuid;
	int ret;

	/* A UUID in text, and what "echo" puts behind it. */
	if (count != UUID_STRING_LEN && count != UUID_STRING_LEN + 1)
		return -EINVAL;

	ret = guid_parse(buf, &uuid);
	if (ret)
		return ret;

	ret = mdev_device_create(to_mdev_type(kobj), &uuid);
	return ret ?: count;
}

static struct kobj_attribute name_attribute = __ATTR_RO(name);
static struct kobj_attribute device_api_attribute = __ATTR_RO(device_api);
static struct kobj_attribute available_instances_attribute =
	__ATTR_RO(available_instances);
static struct kobj_attribute description_attribute = __ATTR_RO(description);
static struct kobj_attribute create_attribute = __ATTR_WO(create);

static struct attribute *mdev_type_attrs[] = {
	&name_attribute.attr,
	&device_api_attribute.attr,
	&available_instances_attribute.attr,
	&description_attribute.attr,
	NULL
};

static umode_t mdev_type_attr_visible(struct kobject *kobj,
				      struct attribute *attr, int n)
{
	const struct mdev_driver *drv = to_mdev_type(kobj)->parent->mdev_driver;

	if (attr == &description_attribute.attr && !drv->show_description)
		return 0;
	return attr->mode;
}

static const struct attribute_group mdev_type_group = {
	.attrs = mdev_type_attrs,
	.is_visible = mdev_type_attr_visible,
};

static const struct attribute_group *mdev_type_groups[] = {
	&mdev_type_group,
	NULL
};

static void mdev_type_release(struct kobject *kobj)
{
	struct mdev_type *type = to_mdev_type(kobj);

	/* The type is its driver's again as soon as this is seen. */
	smp_store_release(&type->parent, NULL);
	wake_up_all(&mdev_type_released);
}

static const struct kobj_type mdev_type_ktype = {
	.release = mdev_type_release,
	.sysfs_ops = &kobj_sysfs_ops,
	.default_groups = mdev_type_groups,
};

/* The driver owns the memory of a type: it gets it back free of references. */
static void mdev_type_put(struct mdev_type *type)
{
	kobject_put(&type->kobj);
	/* Pairs with the release in mdev_type_release(). */
	wait_event(mdev_type_released, !smp_load_acquire(&type->parent));
}

/**
 * mdev_type_add() - show a type in sysfs and accept new devices of it
 * @parent: who offers it; its kset exists
 * @type: the type, @type->sysfs_name set by the driver
 *
 * Context: may sleep.
 * Return: 0 or an error of sysfs.
 */
int mdev_type_add(struct mdev_parent *parent, struct mdev_type *type)
{
	int ret;

	/* A driver may register the same type a second time. */
	memset(&type->kobj, 0, sizeof(type->kobj));
	type->kobj.kset = parent->mdev_types_kset;
	type->parent = parent;

	ret = kobject_init_and_add(&type->kobj, &mdev_type_ktype, NULL, "%s-%s",
				   dev_driver_string(parent->dev),
				   type->sysfs_name);
	if (ret)
		goto err_type;

	type->devices_kobj = kobject_create_and_add("devices", &type->kobj);
	if (!type->devices_kobj) {
		ret = -ENOMEM;
		goto err_type;
	}

	ret = sysfs_create_file(&type->kobj, &create_attribute.attr);
	if (ret)
		goto err_devices;
	return 0;

err_devices:
	kobject_put(type->devices_kobj);
err_type:
	mdev_type_put(type);
	return ret;
}

/**
 * mdev_type_close() - accept no new devices of a type
 * @type: added by mdev_type_add()
 *
 * When it returns, no creation is under way and none can start.
 *
 * Context: may sleep.
 */
void mdev_type_close(struct mdev_type *type)
{
	sysfs_remove_file(&type->kobj, &create_attribute.attr);
}

/**
 * mdev_type_remove() - remove a closed type from sysfs
 * @type: the type, of which no device exists
 *
 * When it returns, nobody reads its attributes any more.
 *
 * Context: may sleep.
 */
void mdev_type_remove(struct mdev_type *type)
{
	kobject_del(type->devices_kobj);
	kobject_put(type->devices_kobj);
	kobject_del(&type->kobj);
	mdev_type_put(type);
}
