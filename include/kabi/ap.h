/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The AP bus as a driver of crypto queues sees it: registration, the callbacks,
 * and whose queues are whose. See cio.h on how this is kept true. The members
 * changed places between kernels: kabi/probe.h says which order this one has.
 */
#ifndef KABI_AP_H
#define KABI_AP_H

#include <linux/device.h>
#include <linux/list.h>
#include <linux/mod_devicetable.h>
#include <linux/mutex.h>
#include <linux/spinlock.h>
#include <linux/timer.h>
#include <linux/types.h>

#include <asm/ap.h>

#include <kabi/probe.h>

/* Hardware types of queues, in ap_device_id.dev_type. */
#define AP_DEVICE_TYPE_CEX4	10
#define AP_DEVICE_TYPE_CEX5	11
#define AP_DEVICE_TYPE_CEX6	12
#define AP_DEVICE_TYPE_CEX7	13
#define AP_DEVICE_TYPE_CEX8	14

/**
 * struct ap_device - a card or a queue on the AP bus
 * @device: the device
 * @device_type: hardware type
 */
struct ap_device {
	struct device device;
	int device_type;
};

/**
 * struct ap_queue - a queue as the AP bus knows it
 * @ap_dev: the device
 * @qid: its number, AP_MKQID(adapter, domain)
 */
struct ap_queue {
	struct ap_device ap_dev;
	struct hlist_node kabi_hnode;
	void *kabi_card;
	spinlock_t kabi_lock;	/* the bus's own */
#ifdef HAVE_AP_QUEUE_CONFIG_LAST
	u64 kabi_total_request_count;
	int kabi_dev_state;
#else
	int kabi_dev_state;
	bool kabi_config;
	bool kabi_chkstop;
#endif
	ap_qid_t qid;
	unsigned int kabi_se_bstate;
	unsigned int kabi_assoc_idx;
	int kabi_queue_count;
	int kabi_pendingq_count;
	int kabi_requestq_count;
#ifndef HAVE_AP_QUEUE_CONFIG_LAST
	u64 kabi_total_request_count;
#endif
	int kabi_request_timeout;
	struct timer_list kabi_timeout;
	struct list_head kabi_pendingq;
	struct list_head kabi_requestq;
	void *kabi_reply;
	int kabi_sm_state;
	int kabi_rapq_fbit;
	int kabi_last_err_rc;
#ifdef HAVE_AP_QUEUE_CONFIG_LAST
	bool kabi_config;
	bool kabi_chkstop;
#endif
};

#define to_ap_queue(n) container_of(n, struct ap_queue, ap_dev.device)

/**
 * struct ap_driver - driver of cards or queues
 * @driver: the device driver
 * @ids: the types it can drive, ended by an empty entry
 * @flags: 0: for queues that apmask and aqmask leave to others
 * @probe: a card or queue to drive
 * @remove: stop driving it
 * @in_use: does the driver use a queue of these adapters and domains? The bus
 *	holds ap_attr_mutex
 * @on_config_changed: a scan of the bus begins that found another configuration
 * @on_scan_complete: that scan has ended
 */
struct ap_driver {
	struct device_driver driver;
#ifndef HAVE_AP_DRIVER_IDS_LAST
	struct ap_device_id *ids;
	unsigned int flags;
#endif
	int (*probe)(struct ap_device *dev);
	void (*remove)(struct ap_device *dev);
	int (*in_use)(unsigned long *apm, unsigned long *aqm);
	void (*on_config_changed)(struct ap_config_info *now,
				  struct ap_config_info *before);
	void (*on_scan_complete)(struct ap_config_info *now,
				 struct ap_config_info *before);
#ifdef HAVE_AP_DRIVER_IDS_LAST
	struct ap_device_id *ids;
	unsigned int flags;
#endif
};

int ap_driver_register(struct ap_driver *ap_drv, struct module *owner, char *name);
void ap_driver_unregister(struct ap_driver *ap_drv);

/* Guards which queues the host's own drivers may use. */
#ifndef HAVE_AP_ATTR_MUTEX
#define ap_attr_mutex ap_perms_mutex
#endif
extern struct mutex ap_attr_mutex;

/* With ap_attr_mutex held. */
int ap_apqn_in_matrix_owned_by_def_drv(unsigned long *apm, unsigned long *aqm);

int ap_hex2bitmap(const char *str, unsigned long *bitmap, int bits);

#endif /* KABI_AP_H */
