// SPDX-License-Identifier: GPL-2.0
/*
 * As large as the architecture goes: 256 adapters by 256 domains
 *
 * What it takes is told in lines "# cost: OPERATION SIZE NANOSECONDS", which
 * count instructions where the host's clock does (run.sh --own-time).
 */
#include <errno.h>
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

/*
 * What changing one adapter of a matrix of that size takes, with no queue of
 * either there: it may grow with the domains, not with the matrix.
 */
TEST_F(scale, cost_of_a_change)
{
	static const unsigned int sizes[] = { 1, 16, 256 };
	long long begin, assign, unassign, show;
	unsigned int i, k;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		ASSERT_EQ(0, matrix_write(UUID_A, "ap_config", NONE "," NONE "," NONE));
		for (k = 0; k < sizes[i]; k++) {
			ASSERT_EQ(0, matrix_set(UUID_A, "assign_adapter", 255 - k));
			ASSERT_EQ(0, matrix_set(UUID_A, "assign_domain", 255 - k));
		}
		begin = now_ns();
		ASSERT_EQ(0, matrix_set(UUID_A, "unassign_adapter", 255));
		unassign = now_ns() - begin;
		begin = now_ns();
		ASSERT_EQ(0, matrix_set(UUID_A, "assign_adapter", 255));
		assign = now_ns() - begin;
		begin = now_ns();
		ASSERT_EQ(0, matrix_read(UUID_A, "matrix", self->text, sizeof(self->text)));
		show = now_ns() - begin;
		printf("# cost: assign_adapter %u %lld\n", sizes[i], assign);
		printf("# cost: unassign_adapter %u %lld\n", sizes[i], unassign);
		printf("# cost: matrix %u %lld\n", sizes[i], show);
	}
}

/* The same with queues that are there: 1, 16 and 256 of them in a row and in a square */
FIXTURE(queues) {
	struct guest guest;
};

FIXTURE_VARIANT(queues) {
	unsigned int cards;
	unsigned int domains;
};

FIXTURE_VARIANT_ADD(queues, one) { .cards = 1, .domains = 1 };
FIXTURE_VARIANT_ADD(queues, sixteen) { .cards = 4, .domains = 4 };
FIXTURE_VARIANT_ADD(queues, many) { .cards = 16, .domains = 16 };

FIXTURE_SETUP(queues)
{
	unsigned int i;

	ASSERT_TRUE(host_start());
	ASSERT_EQ(0, ap_host_mask("apmask", NONE));
	ASSERT_EQ(0, apmachine("clear"));
	for (i = 0; i < variant->cards; i++)
		ASSERT_EQ(0, apmachine("card %d %d", i, AP_TYPE_CEX7));
	for (i = 0; i < variant->domains; i++)
		ASSERT_EQ(0, apmachine("domain %d 1", i));
	ASSERT_EQ(0, apmachine_rescan());
	ASSERT_TRUE(host_status_becomes(variant->cards - 1, variant->domains - 1, "unassigned"));
	ASSERT_EQ(0, matrix_create(UUID_A));
	for (i = 0; i < variant->domains; i++)
		ASSERT_EQ(0, matrix_set(UUID_A, "assign_domain", i));
	for (i = 0; i < variant->cards; i++)
		ASSERT_EQ(0, matrix_set(UUID_A, "assign_adapter", i));
	ASSERT_EQ(0, guest_open(&self->guest, UUID_A));
}

FIXTURE_TEARDOWN(queues)
{
	guest_close(&self->guest);
	host_end();
}

static unsigned int guest_has(void)
{
	struct apguest masks;

	if (apmachine_guest(getpid(), &masks))
		return 0;
	return apmask_count(&masks.adapters) * apmask_count(&masks.domains);
}

TEST_F_TIMEOUT(queues, plugged_and_unplugged, 120)
{
	unsigned int all = variant->cards * variant->domains;
	long long begin;

	EXPECT_EQ(all, guest_has());
	begin = now_ns();
	ASSERT_EQ(0, matrix_set(UUID_A, "unassign_adapter", 0));
	printf("# cost: unplug %u %lld\n", all, now_ns() - begin);
	EXPECT_EQ(all - variant->domains, guest_has());
	begin = now_ns();
	ASSERT_EQ(0, matrix_set(UUID_A, "assign_adapter", 0));
	printf("# cost: plug %u %lld\n", all, now_ns() - begin);
	EXPECT_EQ(all, guest_has());
	begin = now_ns();
	ASSERT_EQ(0, ap_queue_unbind(0, 0));
	printf("# cost: unbind %u %lld\n", all, now_ns() - begin);
	EXPECT_EQ(all - variant->domains, guest_has());
	begin = now_ns();
	ASSERT_EQ(0, ap_queue_bind(0, 0, "vfio_ap"));
	printf("# cost: bind %u %lld\n", all, now_ns() - begin);
	EXPECT_EQ(all, guest_has());
}

int main(int argc, char **argv)
{
	return test_harness_run(argc, argv);
}
