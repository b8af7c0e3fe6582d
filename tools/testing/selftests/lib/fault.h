/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Faults on demand: the kernel's fault injection, one fault at a time
 *
 * It wants a kernel with CONFIG_FAULT_INJECTION. What can be made to fail is
 * each allocation of memory, and each copy from or to this process, that the
 * kernel does on behalf of the calling thread, in interrupts and workers not.
 *
 *	bool reached = true;
 *
 *	for (unsigned int nth = 1; reached; nth++) {
 *		fault_arm(nth);
 *		ret = what is to be tested
 *		reached = fault_disarm();
 *		...
 *	}
 */
#ifndef SELFTEST_FAULT_H
#define SELFTEST_FAULT_H

#include <stdbool.h>

/* Make ready, for this process: 0, or -ENOENT where the kernel injects no faults. */
int fault_prepare(void);

/* The @nth chance to fail from now on, counted from 1, is one. */
void fault_arm(unsigned int nth);

/* No more faults. Whether there was one. */
bool fault_disarm(void);

/* Whether @ret is what a fault can mean to a caller, and no success that is none. */
bool is_fault(int ret);

#endif
