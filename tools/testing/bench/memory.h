/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the kernel allocates, as its tracepoints of memory management tell
 *
 * Functions return 0 or a negative errno unless they say otherwise.
 */
#ifndef BENCH_MEMORY_H
#define BENCH_MEMORY_H

int memory_open(void);
void memory_close(void);

/* Between these two everything is recorded, of all processes and interrupts. */
int memory_begin(void);
int memory_end(void);

/* How many allocations were recorded; those of pages for userspace do not count. */
long memory_allocations(void);
/* How many bytes this process has caused to be allocated that nobody has freed since. */
long memory_left(void);

#endif
