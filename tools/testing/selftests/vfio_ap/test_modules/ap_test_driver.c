// SPDX-License-Identifier: GPL-2.0-only
/*
 * What vfio_ap alone meets, see ap_test.h: a machine without AP instructions,
 * guests that are protected, a table with no room left. It is told apart by
 * where it calls from; the rest of the kernel goes on as if nothing were.
 */
#include <linux/atomic.h>
#include <linux/kprobes.h>
#include <linux/limits.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/preempt.h>
#include <linux/rcupdate.h>
#include <linux/string.h>

#include <asm/ptrace.h>

#include "ap_test.h"

/* A function of the kernel whose next calls are not made, but answered. */
struct answer {
	struct kprobe probe;
	atomic_t left;
	int result;
};

static struct module *(*module_at)(unsigned long address);
static bool no_instructions;

static bool is_vfio_ap(unsigned long address)
{
	const struct module *module;

	guard(preempt)();
	guard(rcu)();
	module = module_at(address);
	return module && !strcmp(module->name, "vfio_ap");
}

/* At the function's first instruction: back to where it is called from. */
static int give_answer(struct kprobe *probe, struct pt_regs *regs)
{
	struct answer *answer = container_of(probe, struct answer, probe);

	if (!is_vfio_ap(regs->gprs[14]) ||
	    atomic_dec_if_positive(&answer->left) < 0)
		return 0;
	regs_set_return_value(regs, answer->result);
	regs->psw.addr = regs->gprs[14];
	return 1;
}

static struct answer answers[] = {
	{
		.probe.symbol_name = "kvm_s390_pv_cpu_is_protected",
		.result = 1,
	}, {
		.probe.symbol_name = "uv_pin_shared",
	}, {
		.probe.symbol_name = "__xa_insert",
		.result = -ENOMEM,
	},
};

enum { IS_PROTECTED, PIN_SHARED, INSERT };

/* Some of the functions are those of modules that come after this one. */
int ap_test_driver_prepare(void)
{
	static DEFINE_MUTEX(lock);
	static size_t ready;
	int ret;

	guard(mutex)(&lock);
	for (; ready < ARRAY_SIZE(answers); ready++) {
		answers[ready].probe.pre_handler = give_answer;
		ret = register_kprobe(&answers[ready].probe);
		if (ret)
			return ret;
	}
	return 0;
}

void ap_test_driver_protected(int how)
{
	atomic_set(&answers[IS_PROTECTED].left, how ? INT_MAX : 0);
	atomic_set(&answers[PIN_SHARED].left, how ? INT_MAX : 0);
	answers[PIN_SHARED].result = how == 1 ? 0 : -EINVAL;
}

void ap_test_driver_insert_fails(int times)
{
	atomic_set(&answers[INSERT].left, times);
}

void ap_test_driver_instructions(bool there)
{
	WRITE_ONCE(no_instructions, !there);
}

bool ap_test_driver_lacks(unsigned long address)
{
	return READ_ONCE(no_instructions) && is_vfio_ap(address);
}

void ap_test_driver_clear(void)
{
	ap_test_driver_protected(0);
	ap_test_driver_insert_fails(0);
	ap_test_driver_instructions(true);
}

int ap_test_driver_init(void)
{
	module_at = ap_test_symbol("__module_address");
	return module_at ? 0 : -ENOENT;
}
