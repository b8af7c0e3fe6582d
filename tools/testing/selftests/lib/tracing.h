/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a driver says of itself: trace events in a buffer of this test's own,
 * the s390 debug feature, and numbers in debugfs
 *
 * Functions return 0 or a negative errno unless they say otherwise.
 */
#ifndef SELFTEST_TRACING_H
#define SELFTEST_TRACING_H

#include <stdbool.h>
#include <stddef.h>

/* Mount debugfs and tracefs where they belong, if nobody has. */
int tracing_mount(void);

/* A trace buffer that gets all events of @system. */
int tracing_open(const char *system);
void tracing_close(void);
/* Keep only the events that match, such as "sch_no == 3". */
int tracing_filter(const char *filter);
int tracing_clear(void);
/* Begin or stop recording, and say how much there shall be room for, for each CPU. */
int tracing_enable(bool on);
int tracing_room(unsigned int kib);
/* Call @each with every record, as a line of text that it may alter. */
int tracing_read(void (*each)(char *line, void *context), void *context);
/* How many records have @text in them, or a negative errno. */
int tracing_count(const char *text);
/* Whether @text is in the records as the kernel keeps them; takes them away. */
bool tracing_raw_has(const char *text);
/* A field of an event is declared like this: "field:int state;". */
bool tracing_declares(const char *event, const char *field);

/* Areas of the debug feature. */
int dbf_level(const char *area, int level);
int dbf_flush(const char *area);
/* How many entries have @text in them, or a negative errno. */
int dbf_count(const char *area, const char *view, const char *text);

/* A number from a file below /sys/kernel/debug, or a negative errno. */
long long debugfs_number(const char *folder, const char *file);

#endif
