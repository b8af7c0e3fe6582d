// SPDX-License-Identifier: GPL-2.0-only
/*
 * Starting the kernel's AP bus, which gave up when it found no AP instructions
 * at boot, see ap_test.h. The function that starts it is gone by now, all that
 * it sets up is still there.
 */
#include <linux/device.h>
#include <linux/hrtimer.h>
#include <linux/mempool.h>
#include <linux/string.h>
#include <linux/timer.h>
#include <linux/workqueue.h>

#include <asm/airq.h>
#include <asm/chsc.h>
#include <asm/debug.h>
#include <asm/facility.h>

#include <kabi/probe.h>

#include "ap_test.h"

#define FACILITY_QCI		12
#define FACILITY_AP_INTERRUPT	65

/* The bus's permissions begin with masks of 256 ioctls, adapters and domains. */
#define PERMISSIONS_SIZE	(3 * 256 / 8)
#define BUS_DEBUG_LEVEL		3
/* Where the bus has a pool of messages: of this size, and how many. */
#define MESSAGE_SIZE		(12 * 1024)

struct bus_parts {
	const struct bus_type *type;
	struct device **root;
	debug_info_t **debug;
	void *permissions;
	struct ap_config_info *config;	/* the current one and the last one */
	int *max_adapter;
	int *max_domain;
	struct airq_struct *airq;
	bool *airq_registered;
	struct timer_list *scan_timer;
	void (*scan_timeout)(struct timer_list *timer);
	struct work_struct *scan_work;
	struct hrtimer *poll_timer;
	enum hrtimer_restart (*poll_timeout)(struct hrtimer *timer);
	struct notifier_block *chsc_notifier;
};

static int find_parts(struct bus_parts *bus)
{
	const struct {
		const char *name;
		void *part;
	} wanted[] = {
		{ "ap_bus_type", &bus->type },
		{ "ap_root_device", &bus->root },
		{ "ap_dbf_info", &bus->debug },
		{ "ap_perms", &bus->permissions },
		{ "qci", &bus->config },
		{ "ap_max_adapter_id", &bus->max_adapter },
		{ "ap_max_domain_id", &bus->max_domain },
		{ "ap_airq", &bus->airq },
		{ "ap_irq_flag", &bus->airq_registered },
		{ "ap_scan_bus_timer", &bus->scan_timer },
		{ "ap_scan_bus_timer_callback", &bus->scan_timeout },
		{ "ap_scan_bus_work", &bus->scan_work },
		{ "ap_poll_timer", &bus->poll_timer },
		{ "ap_poll_timeout", &bus->poll_timeout },
		{ "ap_bus_nb", &bus->chsc_notifier },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(wanted); i++) {
		void *symbol = ap_test_symbol(wanted[i].name);

		if (!symbol)
			return -ENOENT;
		*(void **)wanted[i].part = symbol;
	}
	return 0;
}

static int make_pool(void)
{
	mempool_t **pool = ap_test_symbol_maybe("ap_msg_pool");
	unsigned int *items = ap_test_symbol_maybe("ap_msg_pool_min_items");

	if (!pool || !items)
		return 0;
	*pool = mempool_create_kmalloc_pool(*items, MESSAGE_SIZE);
	return *pool ? 0 : -ENOMEM;
}

static int register_bus(struct bus_parts *bus)
{
	int ret = bus_register(bus->type);

	if (ret)
		return ret;
	*bus->root = root_device_register("ap");
	if (IS_ERR(*bus->root)) {
		ret = PTR_ERR(*bus->root);
		*bus->root = NULL;
		bus_unregister(bus->type);
		return ret;
	}
	(*bus->root)->bus = bus->type;
	return 0;
}

static int start_work(struct bus_parts *bus)
{
	int ret = register_adapter_interrupt(bus->airq);

	if (ret)
		return ret;
	*bus->airq_registered = true;
	timer_setup(bus->scan_timer, bus->scan_timeout, 0);
#ifdef HAVE_HRTIMER_SETUP
	hrtimer_setup(bus->poll_timer, bus->poll_timeout, CLOCK_MONOTONIC,
		      HRTIMER_MODE_ABS);
#else
	hrtimer_init(bus->poll_timer, CLOCK_MONOTONIC, HRTIMER_MODE_ABS);
	bus->poll_timer->function = bus->poll_timeout;
#endif
	queue_work(system_long_wq, bus->scan_work);
	return chsc_notifier_register(bus->chsc_notifier);
}

/* What fails here leaves a kernel that is good for nothing but a reboot. */
int ap_test_bus_start(void)
{
	struct bus_parts bus;
	int ret;

	ret = find_parts(&bus);
	if (ret)
		return ret;
	if (*bus.root) {
		pr_err("ap_test: this machine has an AP bus already\n");
		return -EBUSY;
	}
	if (!test_facility(FACILITY_QCI) || !test_facility(FACILITY_AP_INTERRUPT)) {
		pr_err("ap_test: boot with facilities=12,15,65,76\n");
		return -ENODEV;
	}
	ret = make_pool();
	if (ret)
		return ret;
	*bus.debug = debug_register("ap", 2, 1, 8 * sizeof(long));
	debug_register_view(*bus.debug, &debug_sprintf_view);
	debug_set_level(*bus.debug, BUS_DEBUG_LEVEL);
	memset(bus.permissions, 0xff, PERMISSIONS_SIZE);
	bus.config[0] = *ap_test_config();
	bus.config[1] = *ap_test_config();
	*bus.max_adapter = bus.config->na;
	*bus.max_domain = bus.config->nd;
	ret = register_bus(&bus);
	return ret ?: start_work(&bus);
}
