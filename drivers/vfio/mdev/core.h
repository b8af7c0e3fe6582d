/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Mediated-device bus: what its files ask of each other.
 *
 *	parent.c	the device whose functions are handed out
 *	type.c		a kind of mediated device a parent offers, in sysfs
 *	device.c	one mediated device: its UUID, creation and removal
 *	bus.c		the bus, its drivers, the module
 *
 * A file calls only files below it. <linux/mdev.h> of the kernel's own headers
 * is the interface to drivers.
 */
#ifndef _MDEV_CORE_H
#define _MDEV_CORE_H

#include <linux/mdev.h>

extern const struct bus_type mdev_bus_type;
extern const struct attribute_group *mdev_device_groups[];

int mdev_device_create(struct mdev_type *type, const guid_t *uuid);
void mdev_device_remove_all(struct mdev_parent *parent);

int mdev_type_add(struct mdev_parent *parent, struct mdev_type *type);
void mdev_type_close(struct mdev_type *type);
void mdev_type_remove(struct mdev_type *type);

int mdev_parent_init(void);
void mdev_parent_exit(void);

#endif /* _MDEV_CORE_H */
