// SPDX-License-Identifier: GPL-2.0-only
/* Symbols that the kernel does not export, see ap_test.h. */
#include <linux/kprobes.h>

#include "ap_test.h"

static unsigned long (*lookup)(const char *name);

/* A probe is resolved by name, also where the name is not exported. */
int ap_test_symbols_init(void)
{
	struct kprobe probe = { .symbol_name = "kallsyms_lookup_name" };
	int ret = register_kprobe(&probe);

	if (ret)
		return ret;
	lookup = (void *)probe.addr;
	unregister_kprobe(&probe);
	return 0;
}

void *ap_test_symbol_maybe(const char *name)
{
	return (void *)lookup(name);
}

void *ap_test_symbol(const char *name)
{
	void *symbol = ap_test_symbol_maybe(name);

	if (!symbol)
		pr_err("ap_test: this kernel has no symbol %s\n", name);
	return symbol;
}
