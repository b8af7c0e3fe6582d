// SPDX-License-Identifier: GPL-2.0
/* What this host has. */
#include <linux/lockdep.h>
#include <linux/string.h>
#include <linux/workqueue.h>

#include <asm/ap.h>
#include <asm/facility.h>

#include "vfio_ap_device.h"
#include "vfio_ap_host.h"

#define FACILITY_QCI	12

/* What a machine without extended addressing can have. */
#define MAX_ADAPTER	63
#define MAX_DOMAIN	15

DEFINE_MUTEX(vfio_ap_lock); /* see vfio_ap_host.h */
LIST_HEAD(vfio_ap_mdevs);
DEFINE_XARRAY(vfio_ap_queues);
struct vfio_ap_matrix vfio_ap_host;
struct workqueue_struct *vfio_ap_workqueue;

static unsigned int max_adapter, max_domain;

/* The machine's masks: the same bits, in words of another size. */
static struct vfio_ap_mask mask_of(const unsigned int words[8])
{
	struct vfio_ap_mask mask;

	memcpy(&mask, words, sizeof(mask));
	return mask;
}

static struct vfio_ap_matrix matrix_of(const struct ap_config_info *info)
{
	return (struct vfio_ap_matrix) {
		.adapters = mask_of(info->apm),
		.domains = mask_of(info->aqm),
		.controls = mask_of(info->adm),
	};
}

/* A machine that does not tell what it has may have anything. */
static int __init ask_machine(void)
{
	struct ap_config_info info = {};
	int ret;

	max_adapter = MAX_ADAPTER;
	max_domain = MAX_DOMAIN;
	if (!test_facility(FACILITY_QCI)) {
		memset(&vfio_ap_host, 0xff, sizeof(vfio_ap_host));
		return 0;
	}
	ret = ap_qci(&info);
	if (ret)
		return ret;
	if (info.apxa) {
		max_adapter = info.na;
		max_domain = info.nd;
	}
	vfio_ap_host_set(&info);
	return 0;
}

/**
 * vfio_ap_host_setup() - Find out what this host can have.
 *
 * Return: 0, or an error.
 */
int __init vfio_ap_host_setup(void)
{
	int ret = ask_machine();

	if (ret)
		return ret;
	vfio_ap_workqueue = alloc_workqueue("vfio_ap", WQ_UNBOUND, 0);
	return vfio_ap_workqueue ? 0 : -ENOMEM;
}

void vfio_ap_host_cleanup(void)
{
	destroy_workqueue(vfio_ap_workqueue);
	/* Queues are freed by RCU, their array is empty. */
	xa_destroy(&vfio_ap_queues);
}

/**
 * vfio_ap_host_refresh() - Take over the configuration as it is now.
 *
 * Context: vfio_ap_lock is held.
 */
void vfio_ap_host_refresh(void)
{
	struct ap_config_info info = {};

	if (test_facility(FACILITY_QCI) && !ap_qci(&info))
		vfio_ap_host_set(&info);
}

/**
 * vfio_ap_host_shrink() - Take over what was removed, not yet what was added.
 * @info: the new configuration
 *
 * Context: vfio_ap_lock is held.
 */
void vfio_ap_host_shrink(const struct ap_config_info *info)
{
	const struct vfio_ap_matrix now = matrix_of(info);
	struct vfio_ap_matrix *host = &vfio_ap_host;

	host->adapters = vfio_ap_mask_both(&host->adapters, &now.adapters);
	host->domains = vfio_ap_mask_both(&host->domains, &now.domains);
	host->controls = vfio_ap_mask_both(&host->controls, &now.controls);
}

/**
 * vfio_ap_host_set() - Take over a configuration.
 * @info: the new configuration
 *
 * Context: vfio_ap_lock is held.
 */
void vfio_ap_host_set(const struct ap_config_info *info)
{
	vfio_ap_host = matrix_of(info);
}

unsigned int vfio_ap_max_adapter(void)
{
	return max_adapter;
}

unsigned int vfio_ap_max_domain(void)
{
	return max_domain;
}

/**
 * vfio_ap_owner() - To which mediated device is a queue assigned?
 * @apqn: the queue
 *
 * Context: vfio_ap_lock is held.
 * Return: The device, or NULL.
 */
struct vfio_ap_mdev *vfio_ap_owner(u16 apqn)
{
	struct vfio_ap_mdev *mdev;

	lockdep_assert_held(&vfio_ap_lock);
	list_for_each_entry(mdev, &vfio_ap_mdevs, entry) {
		if (vfio_ap_matrix_has(&mdev->assigned, apqn))
			return mdev;
	}
	return NULL;
}
