// SPDX-License-Identifier: GPL-2.0-only
/* Loading, see ap_test.h. There is no way back but a reboot. */
#include <linux/module.h>

#include "ap_test.h"

static const struct {
	int (*start)(void);
	void (*stop)(void);
} steps[] = {
	{ ap_test_symbols_init },
	{ ap_test_driver_init },
	{ ap_test_instruction_init, ap_test_instruction_exit },
	{ ap_test_kvm_init, ap_test_kvm_exit },
	{ ap_test_sie_init, ap_test_sie_exit },
	{ ap_test_control_init, ap_test_control_exit },
	{ ap_test_bus_start },
};

static int __init ap_test_init(void)
{
	size_t i;
	int ret;

	if (ap_instructions_available()) {
		pr_err("ap_test: this machine has adjunct processors of its own\n");
		return -EBUSY;
	}
	ap_test_machine_init();
	for (i = 0; i < ARRAY_SIZE(steps); i++) {
		ret = steps[i].start();
		if (ret)
			goto undo;
	}
	return 0;

undo:
	while (i--)
		if (steps[i].stop)
			steps[i].stop();
	return ret;
}
module_init(ap_test_init);

MODULE_DESCRIPTION("Adjunct processors for machines without, for tests only");
MODULE_LICENSE("GPL");
