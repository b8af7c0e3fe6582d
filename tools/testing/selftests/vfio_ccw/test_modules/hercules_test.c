// SPDX-License-Identifier: GPL-2.0
/*
 * hercules_test.ko: lets a host that Hercules emulates take machine checks, and
 * have Hercules cause some. No use outside of tests, or of Hercules.
 *
 * Hercules 3.13 presents channel reports without the bit that says that vector
 * registers are valid: it has none. A kernel that finds them invalid stops (6.9
 * and later). So the bit is set before the kernel's own handler begins.
 *
 * Module parameter, to be written:
 *
 *	panel	a command of the emulator, as typed at its panel
 */
#include <linux/module.h>
#include <linux/smp.h>
#include <linux/string.h>

#include <asm/cpcmd.h>
#include <asm/ctlreg.h>
#include <asm/lowcore.h>

static unsigned long hercules_test_handler __used;
static unsigned long hercules_test_cr0 __used;

/*
 * Instead of the kernel's handler, and then on to that. The machine has saved all
 * registers, the handler takes them from there; it wants control register 0 as it
 * was, which is lifted to be able to store into the interruption code (at 232).
 */
asm(".pushsection .text, \"ax\"\n"
	"	.balign	16\n"
	"hercules_test_entry:\n"
	"	larl	%r1,hercules_test_cr0\n"
	"	lctlg	%c0,%c0,0(%r1)\n"
	"	oi	235,0x40\n"		/* bit 25: vector registers */
	"	lctlg	%c0,%c0,0x1380\n"	/* where the machine has saved it */
	"	larl	%r1,hercules_test_handler\n"
	"	lg	%r1,0(%r1)\n"
	"	br	%r1\n"
	".popsection\n");

static void set_handler(void *handler)
{
	unsigned long cr0;

	asm volatile("stctg	0,0,%0" : "=Q" (cr0));
	hercules_test_cr0 = cr0 & ~CR0_LOW_ADDRESS_PROTECTION;
	asm volatile("lctlg	0,0,%0" : : "Q" (hercules_test_cr0) : "memory");
	get_lowcore()->mcck_new_psw.addr = (unsigned long)handler;
	asm volatile("lctlg	0,0,%0" : : "Q" (cr0) : "memory");
}

static int set_panel(const char *val, const struct kernel_param *kp)
{
	char command[128];
	int code = 0;

	if (strscpy(command, val) < 0)
		return -EINVAL;
	cpcmd(strim(command), NULL, 0, &code);
	return code ? -EIO : 0;
}

static const struct kernel_param_ops panel_ops = {
	.set = set_panel,
};

module_param_cb(panel, &panel_ops, NULL, 0200);

static int __init hercules_test_init(void)
{
	void *entry;

	asm("larl	%0,hercules_test_entry" : "=d" (entry));
	hercules_test_handler = get_lowcore()->mcck_new_psw.addr;
	on_each_cpu(set_handler, entry, 1);
	return 0;
}

static void __exit hercules_test_exit(void)
{
	on_each_cpu(set_handler, (void *)hercules_test_handler, 1);
}

module_init(hercules_test_init);
module_exit(hercules_test_exit);

MODULE_DESCRIPTION("Machine checks under Hercules, for tests");
MODULE_LICENSE("GPL");
