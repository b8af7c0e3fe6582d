// SPDX-License-Identifier: GPL-2.0
/* Counting what the kernel allocates */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "memory.h"
#include "tracing.h"

#define ROOM_KIB	16384
#define PAGE		4096l

/* An allocation that may have been freed, by its pointer or page number. */
struct live {
	unsigned long long key;
	long bytes;
};

struct sum {
	char self[16];		/* how a record's process shows that it is this one */
	long count;
	struct live *live;
	size_t lives;
	size_t room;
};

int memory_open(void)
{
	int ret = tracing_mount();

	if (!ret)
		ret = tracing_open("kmem");
	if (ret)
		return ret;
	ret = tracing_enable(false);
	if (!ret)
		ret = tracing_room(ROOM_KIB);
	if (ret)
		tracing_close();
	return ret;
}

void memory_close(void)
{
	tracing_close();
}

int memory_begin(void)
{
	int ret = tracing_clear();

	return ret ? ret : tracing_enable(true);
}

int memory_end(void)
{
	return tracing_enable(false);
}

static unsigned long long field(const char *record, const char *name, int base)
{
	const char *at = strstr(record, name);

	return at ? strtoull(at + strlen(name), NULL, base) : 0;
}

static bool is(const char *record, const char *event)
{
	return strstr(record, event);
}

/*
 * Pages that the allocator of small objects takes are not counted besides
 * these, nor is what it takes for large ones: they are compound ones. Those for
 * userspace are the caller's, not the driver's.
 */
static bool is_page(const char *record)
{
	return is(record, " mm_page_alloc: ") && !is(record, "__GFP_COMP") &&
	       !is(record, "GFP_HIGHUSER") && !is(record, "__GFP_MOVABLE");
}

static bool is_object(const char *record)
{
	return is(record, " kmalloc: ") || is(record, " kmem_cache_alloc: ");
}

static void count(char *record, void *context)
{
	struct sum *sum = context;

	sum->count += is_object(record) || is_page(record);
}

static void drop(struct sum *sum, unsigned long long key)
{
	size_t i;

	/* The latest one of that name. */
	for (i = sum->lives; i-- > 0;) {
		if (sum->live[i].key == key) {
			sum->live[i] = sum->live[--sum->lives];
			return;
		}
	}
}

static void add(struct sum *sum, unsigned long long key, long bytes)
{
	/* A large object is told of twice. */
	drop(sum, key);
	if (sum->lives == sum->room) {
		sum->room = 2 * sum->room + 1024;
		sum->live = reallocarray(sum->live, sum->room, sizeof(*sum->live));
		if (!sum->live)
			abort();
	}
	sum->live[sum->lives++] = (struct live){ .key = key, .bytes = bytes };
}

static void balance(char *record, void *context)
{
	struct sum *sum = context;
	bool self = is(record, sum->self);

	/* A pointer is never as small as the number of a page. */
	if (is_object(record) && self)
		add(sum, field(record, " ptr=", 16), field(record, " bytes_alloc=", 10));
	else if (is_page(record) && self)
		add(sum, field(record, " pfn=", 16), PAGE << field(record, " order=", 10));
	else if (is(record, " kfree: ") || is(record, " kmem_cache_free: "))
		drop(sum, field(record, " ptr=", 16));
	else if (is(record, " mm_page_free: ") || is(record, " mm_page_free_batched: "))
		drop(sum, field(record, " pfn=", 16));
}

long memory_allocations(void)
{
	struct sum sum = {};
	int ret = tracing_read(count, &sum);

	return ret ? ret : sum.count;
}

long memory_left(void)
{
	struct sum sum = {};
	long left = 0;
	size_t i;
	int ret;

	snprintf(sum.self, sizeof(sum.self), "-%d ", getpid());
	ret = tracing_read(balance, &sum);
	for (i = 0; i < sum.lives; i++)
		left += sum.live[i].bytes;
	free(sum.live);
	return ret ? ret : left;
}
