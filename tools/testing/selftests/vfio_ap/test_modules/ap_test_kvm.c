// SPDX-License-Identifier: GPL-2.0-only
/*
 * What kvm.ko wants to see of the machine before it loads, see ap_test.h: the
 * SIE-format-2 facility, adapter-interruption virtualization, and a CHSC
 * command that takes the address of its guest-information block.
 */
#include <linux/kprobes.h>

#include <asm/css_chars.h>
#include <asm/ptrace.h>
#include <asm/sclp.h>

#include "ap_test.h"

/* Instead of chsc_sgib(u32 origin): remember it, return 0 to the caller. */
static int set_gib(struct kprobe *probe, struct pt_regs *regs)
{
	ap_test_set_gib(regs->gprs[2]);
	regs->gprs[2] = 0;
	regs->psw.addr = regs->gprs[14];
	return 1;
}

static struct kprobe set_gib_probe = {
	.symbol_name = "chsc_sgib",
	.pre_handler = set_gib,
};

int ap_test_kvm_init(void)
{
	sclp.has_sief2 = 1;
	css_general_characteristics.aiv = 1;
	return register_kprobe(&set_gib_probe);
}

void ap_test_kvm_exit(void)
{
	unregister_kprobe(&set_gib_probe);
}
