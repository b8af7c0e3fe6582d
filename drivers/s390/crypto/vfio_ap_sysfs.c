// SPDX-License-Identifier: GPL-2.0
/*
 * The attributes of a mediated device.  Userspace can rely on them between the
 * driver's probe and remove: the driver core adds and removes them.
 *
 * An attribute is one page at most; a list that is longer ends with the last
 * line that fits.  "ap_config" always has room for everything.
 */
#include <linux/device.h>
#include <linux/kstrtox.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/sysfs.h>

#include <kabi/ap.h>

#include "vfio_ap_assign.h"
#include "vfio_ap_device.h"
#include "vfio_ap_host.h"

/* Three masks of 2 + 64 characters, two commas; what follows is ignored. */
#define CONFIG_LENGTH	200

/* A line of an attribute, with the terminating zero. */
#define LINE_LENGTH	sizeof("XX.YYYY\n")

static struct vfio_ap_mdev *mdev_of(struct device *dev)
{
	return dev_get_drvdata(dev);
}

static ssize_t store_id(struct device *dev, enum vfio_ap_kind kind, bool assign,
			const char *buf, size_t count)
{
	unsigned long id;
	int ret;

	ret = kstrtoul(buf, 0, &id);
	if (!ret)
		ret = vfio_ap_assign(mdev_of(dev), kind, id, assign);
	return ret ?: count;
}

#define STORE_ATTR(name, kind, assign)					\
static ssize_t name##_store(struct device *dev,				\
			    struct device_attribute *attr,		\
			    const char *buf, size_t count)		\
{									\
	return store_id(dev, kind, assign, buf, count);			\
}									\
static DEVICE_ATTR_WO(name)

STORE_ATTR(assign_adapter, VFIO_AP_ADAPTER, true);
STORE_ATTR(unassign_adapter, VFIO_AP_ADAPTER, false);
STORE_ATTR(assign_domain, VFIO_AP_DOMAIN, true);
STORE_ATTR(unassign_domain, VFIO_AP_DOMAIN, false);
STORE_ATTR(assign_control_domain, VFIO_AP_CONTROL, true);
STORE_ATTR(unassign_control_domain, VFIO_AP_CONTROL, false);

static ssize_t control_domains_show(struct device *dev,
				    struct device_attribute *attr, char *buf)
{
	struct vfio_ap_mdev *mdev = mdev_of(dev);
	unsigned int domain = VFIO_AP_NONE;
	int at = 0;

	guard(mutex)(&vfio_ap_lock);
	while (vfio_ap_mask_each(&mdev->assigned.controls, &domain))
		at += sysfs_emit_at(buf, at, "%04x\n", domain);
	return at;
}
static DEVICE_ATTR_RO(control_domains);

static bool is_full(int at)
{
	return at + LINE_LENGTH > PAGE_SIZE;
}

static int show_adapter(char *buf, int at, unsigned int adapter,
			const struct vfio_ap_mask *domains)
{
	unsigned int domain = VFIO_AP_NONE;

	if (vfio_ap_mask_empty(domains))
		return at + sysfs_emit_at(buf, at, "%02x.\n", adapter);

	while (vfio_ap_mask_each(domains, &domain)) {
		if (is_full(at))
			break;
		at += sysfs_emit_at(buf, at, "%02x.%04x\n", adapter, domain);
	}
	return at;
}

static ssize_t show_matrix(char *buf, const struct vfio_ap_matrix *matrix)
{
	unsigned int adapter = VFIO_AP_NONE, domain = VFIO_AP_NONE;
	int at = 0;

	guard(mutex)(&vfio_ap_lock);
	if (vfio_ap_mask_empty(&matrix->adapters)) {
		while (vfio_ap_mask_each(&matrix->domains, &domain))
			at += sysfs_emit_at(buf, at, ".%04x\n", domain);
		return at;
	}
	while (vfio_ap_mask_each(&matrix->adapters, &adapter)) {
		if (is_full(at))
			break;
		at = show_adapter(buf, at, adapter, &matrix->domains);
	}
	return at;
}

static ssize_t matrix_show(struct device *dev, struct device_attribute *attr,
			   char *buf)
{
	return show_matrix(buf, &mdev_of(dev)->assigned);
}
static DEVICE_ATTR_RO(matrix);

static ssize_t guest_matrix_show(struct device *dev,
				 struct device_attribute *attr, char *buf)
{
	return show_matrix(buf, &mdev_of(dev)->guest);
}
static DEVICE_ATTR_RO(guest_matrix);

static int show_mask(char *buf, int at, const struct vfio_ap_mask *mask, char end)
{
	const unsigned long *word = mask->word;

	return sysfs_emit_at(buf, at, "0x%016lx%016lx%016lx%016lx%c",
			     word[0], word[1], word[2], word[3], end);
}

static ssize_t ap_config_show(struct device *dev, struct device_attribute *attr,
			      char *buf)
{
	const struct vfio_ap_matrix *assigned = &mdev_of(dev)->assigned;
	int at;

	guard(mutex)(&vfio_ap_lock);
	at = show_mask(buf, 0, &assigned->adapters, ',');
	at += show_mask(buf, at, &assigned->domains, ',');
	at += show_mask(buf, at, &assigned->controls, '\n');
	return at;
}

static int parse_mask(char **rest, struct vfio_ap_mask *mask)
{
	const char *text = strsep(rest, ",");

	if (!text)
		return -EINVAL;
	memset(mask, 0, sizeof(*mask));
	return ap_hex2bitmap(text, mask->word, VFIO_AP_IDS);
}

static ssize_t ap_config_store(struct device *dev, struct device_attribute *attr,
			       const char *buf, size_t count)
{
	char *copy __free(kfree) = kstrndup(buf, CONFIG_LENGTH, GFP_KERNEL);
	struct vfio_ap_matrix wanted;
	char *rest = copy;
	int ret;

	if (!copy)
		return -ENOMEM;
	ret = parse_mask(&rest, &wanted.adapters);
	if (!ret)
		ret = parse_mask(&rest, &wanted.domains);
	if (!ret)
		ret = parse_mask(&rest, &wanted.controls);
	if (!ret && rest)
		ret = -EINVAL;
	if (!ret)
		ret = vfio_ap_assign_all(mdev_of(dev), &wanted);
	return ret ?: count;
}
static DEVICE_ATTR_RW(ap_config);

static struct attribute *mdev_attrs[] = {
	&dev_attr_assign_adapter.attr,
	&dev_attr_unassign_adapter.attr,
	&dev_attr_assign_domain.attr,
	&dev_attr_unassign_domain.attr,
	&dev_attr_assign_control_domain.attr,
	&dev_attr_unassign_control_domain.attr,
	&dev_attr_control_domains.attr,
	&dev_attr_matrix.attr,
	&dev_attr_guest_matrix.attr,
	&dev_attr_ap_config.attr,
	NULL
};

static const struct attribute_group mdev_group = {
	.attrs = mdev_attrs,
};

const struct attribute_group *vfio_ap_mdev_groups[] = {
	&mdev_group,
	NULL
};
