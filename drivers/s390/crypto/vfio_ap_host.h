/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What this host has: its configuration, the queues bound to this driver, the
 * mediated devices; and the lock that holds them together.
 */
#ifndef VFIO_AP_HOST_H
#define VFIO_AP_HOST_H

#include <linux/mutex.h>
#include <linux/xarray.h>

#include "vfio_ap_matrix.h"

struct ap_config_info;
struct vfio_ap_mdev;
struct workqueue_struct;

/*
 * vfio_ap_lock guards all of this file, and who has what: see the table in
 * Documentation/vfio_ap/internals.rst.  Nobody waits for the machine or for a
 * guest's memory with it held.
 */
extern struct mutex vfio_ap_lock;
extern struct list_head vfio_ap_mdevs;
extern struct vfio_ap_matrix vfio_ap_host;

/* Changed under vfio_ap_lock and vfio_ap_irq_lock, read under either, or RCU. */
extern struct xarray vfio_ap_queues;

/* Resets, and the release of what interrupts leave behind. */
extern struct workqueue_struct *vfio_ap_workqueue;

int vfio_ap_host_setup(void);
void vfio_ap_host_cleanup(void);
void vfio_ap_host_refresh(void);
void vfio_ap_host_shrink(const struct ap_config_info *info);
void vfio_ap_host_set(const struct ap_config_info *info);
unsigned int vfio_ap_max_adapter(void);
unsigned int vfio_ap_max_domain(void);
struct vfio_ap_mdev *vfio_ap_owner(u16 apqn);

#endif
