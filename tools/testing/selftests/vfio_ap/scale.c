// SPDX-License-Identifier: GPL-2.0
/*
 * As large as the architecture goes: 256 adapters by 256 domains
 *
 * What it takes is told in lines "# cost: OPERATION ADAPTERS DOMAINS NANOSECONDS",
 * where CLOCK_COUNTS in the environment says that the host's clock counts
 * instructions (run.sh --own-time): it may grow with the queues that a change
 * concerns, and with nothing else. To see that fail, let concerned() in
 * vfio_ap_matrix.c return all.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "kselftest_harness.h"

#include "host.h"

#define NONE "0x0000000000000000000000000000000000000000000000000000000000000000"
#define FULL "0xffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
/* What an attribute can show */
#define PAGE 4096

FIXTURE(scale) {
	char text[2 * PAGE];
};

/* The host keeps nothing, so that everything can be assigned. */
FIXTURE_SETUP(scale)
{
	ASSERT_TRUE(host_start());
	ASSERT_EQ(0, ap_host_mask("apmask", NONE));
	ASSERT_EQ(0, ap_host_mask("aqmask", NONE));
	ASSERT_EQ(0, matrix_create(UUID_A));
}

FIXTURE_TEARDOWN(scale)
{
	host_end();
}

static long long now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000ll + ts.tv_nsec;
}

static bool only_whole_lines(const char *text, size_t line)
{
	size_t size = strlen(text), i;

	/* The last newline was taken off by whoever read it. */
	for (i = line - 1; i < size; i += line)
		if (text[i] != '\n')
			return false;
	return (size + 1) % line == 0;
}

/* A16: as much as fits, in whole lines, and not a byte more. */
TEST_F(scale, texts_fit_the_page)
{
	ASSERT_EQ(0, matrix_write(UUID_A, "ap_config", FULL "," FULL "," FULL));
	ASSERT_EQ(0, matrix_read(UUID_A, "matrix", self->text, sizeof(self->text)));
	EXPECT_GE(PAGE, strlen(self->text) + 1);
	EXPECT_LE(PAGE - 16, strlen(self->text) + 1);
	EXPECT_TRUE(only_whole_lines(self->text, strlen("00.0000\n")));
	EXPECT_EQ(0, strncmp("00.0000\n00.0001\n", self->text, 16));
	ASSERT_EQ(0, matrix_read(UUID_A, "control_domains", self->text, sizeof(self->text)));
	EXPECT_EQ(256 * strlen("0000\n") - 1, strlen(self->text));
	ASSERT_EQ(0, matrix_read(UUID_A, "guest_matrix", self->text, sizeof(self->text)));
	EXPECT_EQ(12 * strlen("00.0000\n") - 1, strlen(self->text));
	ASSERT_EQ(0, matrix_read(UUID_A, "ap_config", self->text, sizeof(self->text)));
	EXPECT_STREQ(FULL "," FULL "," FULL, self->text);
}

/* One that has all, one that wants one of it, in every way */
TEST_F(scale, one_of_all)
{
	ASSERT_EQ(0, matrix_write(UUID_A, "ap_config", FULL "," FULL "," FULL));
	ASSERT_EQ(0, matrix_create(UUID_B));
	ASSERT_EQ(0, matrix_set(UUID_B, "assign_adapter", 255));
	EXPECT_EQ(-EADDRINUSE, matrix_set(UUID_B, "assign_domain", 255));
	ASSERT_EQ(0, matrix_set(UUID_A, "unassign_adapter", 255));
	EXPECT_EQ(0, matrix_set(UUID_B, "assign_domain", 255));
	EXPECT_EQ(-EADDRINUSE, matrix_set(UUID_A, "assign_adapter", 255));
	/*
	 * The host wants one back: a bus refuses it when adapter and domain are
	 * wanted (6.12), or for the adapter alone (7.2).
	 */
	EXPECT_TRUE(ap_host_mask("apmask", "+255") == -EBUSY ||
		    ap_host_mask("aqmask", "+255") == -EBUSY);
}

/* So often, of which the least is what it takes: a clock's tick is in some. */
#define TIMES	4
#define SIZES	3
/* Instructions that make no difference, besides a quarter */
#define SLACK	5000

static const unsigned int sizes[SIZES] = { 1, 16, 256 };

struct costs {
	long long assign;
	long long unassign;
	long long show;
};

static void keep_least(long long *least, long long begin)
{
	long long took = now_ns() - begin;

	if (!*least || took < *least)
		*least = took;
}

static void tell(const char *what, const char *state, unsigned int cards, unsigned int domains,
		 long long cost)
{
	printf("# cost: %s%s %u %u %lld\n", what, state, cards, domains, cost);
}

/* One adapter of a matrix is taken and given, and all of it is shown. */
static int measure(const char *state, unsigned int cards, unsigned int domains, struct costs *costs)
{
	char text[2 * PAGE];
	long long begin;
	int i, ret = 0;

	memset(costs, 0, sizeof(*costs));
	for (i = 0; i < TIMES && !ret; i++) {
		begin = now_ns();
		ret = matrix_set(UUID_A, "unassign_adapter", 0);
		keep_least(&costs->unassign, begin);
		begin = now_ns();
		if (!ret)
			ret = matrix_set(UUID_A, "assign_adapter", 0);
		keep_least(&costs->assign, begin);
		begin = now_ns();
		if (!ret)
			ret = matrix_read(UUID_A, "guest_matrix", text, sizeof(text));
		keep_least(&costs->show, begin);
	}
	tell("assign_adapter", state, cards, domains, costs->assign);
	tell("unassign_adapter", state, cards, domains, costs->unassign);
	tell("guest_matrix", state, cards, domains, costs->show);
	return ret;
}

static bool is_same(const char *what, long long one, long long other)
{
	if (other <= one + one / 4 + SLACK)
		return true;
	printf("# %s: %lld instructions have become %lld\n", what, one, other);
	return false;
}

/* From 16 to 256 domains it grows as it did from 1 to 16. */
static bool is_linear(const char *what, long long one, long long sixteen, long long all)
{
	long long each = sixteen > one ? (sixteen - one) / 15 : 0;

	return is_same(what, sixteen + 240 * each, all);
}

FIXTURE(cost) {
	struct guest guest;
	struct costs costs[SIZES];
	unsigned int i;
};

/* A mask's first @count bits, which are a power of 2 */
static const char *first(unsigned int count, char mask[80])
{
	unsigned int i;

	strcpy(mask, NONE);
	for (i = 0; i < count / 4; i++)
		mask[2 + i] = 'f';
	if (count < 4)
		mask[2] = '8';
	return mask;
}

static int assign(unsigned int cards, unsigned int domains)
{
	char adapters[80], usage[80], config[3 * 80];

	snprintf(config, sizeof(config), "%s,%s," NONE, first(cards, adapters),
		 first(domains, usage));
	return matrix_write(UUID_A, "ap_config", config);
}

static bool start(void)
{
	return host_start() && !ap_host_mask("apmask", NONE) && !apmachine("clear") &&
	       !apmachine_rescan() && !matrix_create(UUID_A);
}

static bool start_with(unsigned int cards, unsigned int domains)
{
	unsigned int i;
	bool good = start();

	for (i = 0; good && i < cards; i++)
		good = !apmachine("card %d %d", i, AP_TYPE_CEX7);
	for (i = 0; good && i < domains; i++)
		good = !apmachine("domain %d 1", i);
	return good && !apmachine_rescan() &&
	       host_status_becomes(cards - 1, domains - 1, "unassigned") &&
	       !assign(cards, domains);
}

FIXTURE_SETUP(cost)
{
	if (!getenv("CLOCK_COUNTS"))
		SKIP(return, "CLOCK_COUNTS is not set: does the clock count instructions?");
}

FIXTURE_TEARDOWN(cost)
{
	host_end();
}

/* No queue is there: what is looked for is where the matrix grows. */
TEST_F_TIMEOUT(cost, of_what_is_not_there, 120)
{
	struct costs *costs = self->costs;

	ASSERT_TRUE(start());
	for (self->i = 0; self->i < SIZES; self->i++) {
		ASSERT_EQ(0, assign(256, sizes[self->i]));
		ASSERT_EQ(0, measure(",absent", 256, sizes[self->i], &costs[self->i]));
	}
	EXPECT_TRUE(is_linear("assign", costs[0].assign, costs[1].assign, costs[2].assign));
	EXPECT_TRUE(is_same("unassign", costs[0].unassign, costs[2].unassign));
}

static unsigned int guest_has(void)
{
	struct apguest masks;

	if (apmachine_guest(getpid(), &masks))
		return 0;
	return apmask_count(&masks.adapters) * apmask_count(&masks.domains);
}

static bool measure_guest(struct guest *guest, unsigned int cards, unsigned int domains,
			  struct costs *costs)
{
	bool good;

	if (!start_with(cards, domains) || guest_open(guest, UUID_A))
		return false;
	good = guest_has() == cards * domains &&
	       !measure("", cards, domains, costs) && guest_has() == cards * domains;
	guest_close(guest);
	return good;
}

/* A guest loses and gains one queue, of one, of sixteen, of 256. */
TEST_F_TIMEOUT(cost, of_one_adapter, 240)
{
	struct costs *costs = self->costs;

	for (self->i = 0; self->i < SIZES; self->i++)
		ASSERT_TRUE(measure_guest(&self->guest, sizes[self->i], 1, &costs[self->i]));
	EXPECT_TRUE(is_same("assign", costs[0].assign, costs[2].assign));
	EXPECT_TRUE(is_same("unassign", costs[0].unassign, costs[2].unassign));
	EXPECT_TRUE(is_linear("show", costs[0].show, costs[1].show, costs[2].show));
}

/*
 * It loses and gains all of them. A bus that has driver_override goes through its
 * queues for each one that it is asked about.
 */
TEST_F_TIMEOUT(cost, of_all_domains, 240)
{
	struct costs *costs = self->costs;
	bool override;

	for (self->i = 0; self->i < SIZES; self->i++)
		ASSERT_TRUE(measure_guest(&self->guest, 1, sizes[self->i], &costs[self->i]));
	override = sysfs_exists(AP_BUS "/devices/00.0000/driver_override");
	if (!override)
		EXPECT_TRUE(is_linear("assign", costs[0].assign, costs[1].assign,
				      costs[2].assign));
	EXPECT_TRUE(is_linear("unassign", costs[0].unassign, costs[1].unassign,
			      costs[2].unassign));
	EXPECT_TRUE(is_linear("show", costs[0].show, costs[1].show, costs[2].show));
}

int main(int argc, char **argv)
{
	return test_harness_run(argc, argv);
}
