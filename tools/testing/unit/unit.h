/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Unit tests of what runs on any machine: TEST(name) { ... } in any file that is
 * linked is found and run.  A name that starts with a letter and a number is
 * that of a bug which other drivers had.
 */
#ifndef TEST_UNIT_H
#define TEST_UNIT_H

#include <linux/types.h>

struct test {
	const char *name;
	void (*run)(void);
	struct test *next;
};

void test_add(struct test *test);
/* The test that runs has failed; it goes on. */
void test_fail(void);
bool test_has_failed(void);
void test_failed(const char *file, int line, const char *what, u64 is,
		 u64 wanted);

#define TEST(name)							\
	static void run_##name(void);					\
	static struct test test_##name = { #name, run_##name, NULL };	\
	__attribute__((constructor)) static void add_##name(void)	\
	{								\
		test_add(&test_##name);					\
	}								\
	static void run_##name(void)

#define CHECK_EQ(value, expected) do {					\
	u64 _is = (value);						\
	u64 _wanted = (expected);					\
									\
	if (_is != _wanted)						\
		test_failed(__FILE__, __LINE__, #value, _is, _wanted);	\
} while (0)
#define CHECK(condition) CHECK_EQ(!!(condition), 1)

/* What they are tests of: for the names of their results. */
extern const char *const test_subject;
/* Before and after each test. */
void test_set_up(void);
void test_tear_down(void);

#endif
