// SPDX-License-Identifier: GPL-2.0
/* class_compat_create_link() without a third argument. */
#include <linux/device.h>

int have(struct class_compat *cls, struct device *dev);
int have(struct class_compat *cls, struct device *dev)
{
	return class_compat_create_link(cls, dev);
}
