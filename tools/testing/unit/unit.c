// SPDX-License-Identifier: GPL-2.0
/* Runs the unit tests. */
#include <stdio.h>
#include <stdlib.h>

#include "unit.h"

static struct test *first, **end = &first;
static bool failed;

void test_add(struct test *test)
{
	*end = test;
	end = &test->next;
}

void test_fail(void)
{
	failed = true;
}

bool test_has_failed(void)
{
	return failed;
}

void test_failed(const char *file, int line, const char *what, u64 is,
		 u64 wanted)
{
	failed = true;
	printf("# %s:%d: %s is %#llx, not %#llx\n", file, line, what,
	       (unsigned long long)is, (unsigned long long)wanted);
}

int main(void)
{
	u32 count = 0, failures = 0;

	for (struct test *test = first; test; test = test->next) {
		failed = false;
		test_set_up();
		test->run();
		test_tear_down();

		count++;
		failures += failed;
		printf("%s %u - %s: ", failed ? "not ok" : "ok", count,
		       test_subject);
		for (const char *c = test->name; *c; c++)
			putchar(*c == '_' ? ' ' : *c);
		putchar('\n');
		fflush(stdout);
	}
	puts("# all tests ran");
	return failures ? EXIT_FAILURE : EXIT_SUCCESS;
}
