// SPDX-License-Identifier: GPL-2.0
/*
 * ap_config: adapters, domains and control domains in one write, all or nothing
 */
#include <errno.h>
#include <string.h>

#include "kselftest_harness.h"

#include "host.h"

#define ZERO "0x0000000000000000000000000000000000000000000000000000000000000000"
/* 3; 3 and 4; 6; 6 and 0x2f; 9 */
#define M3 "0x1000000000000000000000000000000000000000000000000000000000000000"
#define M34 "0x1800000000000000000000000000000000000000000000000000000000000000"
#define M6 "0x0200000000000000000000000000000000000000000000000000000000000000"
#define M62F "0x0200000000010000000000000000000000000000000000000000000000000000"
#define M2F "0x0000000000010000000000000000000000000000000000000000000000000000"
#define M9 "0x0040000000000000000000000000000000000000000000000000000000000000"

FIXTURE(config) {
	char text[256];
};

FIXTURE_SETUP(config)
{
	ASSERT_TRUE(host_start());
	ASSERT_EQ(0, matrix_create(UUID_A));
}

FIXTURE_TEARDOWN(config)
{
	host_end();
}

TEST_F(config, read_and_written)
{
	EXPECT_TRUE(matrix_is(UUID_A, "ap_config", ZERO "," ZERO "," ZERO));
	EXPECT_EQ(0, matrix_write(UUID_A, "ap_config", M34 "," M62F "," M2F));
	EXPECT_TRUE(matrix_is(UUID_A, "ap_config", M34 "," M62F "," M2F));
	EXPECT_TRUE(matrix_is(UUID_A, "matrix", "03.0006 03.002f 04.0006 04.002f"));
	EXPECT_TRUE(matrix_is(UUID_A, "control_domains", "002f"));
	/* Less and more at once, with the newline that the s390-tools send */
	EXPECT_EQ(0, matrix_write(UUID_A, "ap_config", M3 "," M62F "," M6 "\n"));
	EXPECT_TRUE(matrix_is(UUID_A, "ap_config", M3 "," M62F "," M6));
	EXPECT_TRUE(matrix_is(UUID_A, "matrix", "03.0006 03.002f"));
	EXPECT_TRUE(matrix_is(UUID_A, "control_domains", "0006"));
	/* What was read can be written back. */
	EXPECT_EQ(0, matrix_read(UUID_A, "ap_config", self->text, sizeof(self->text)));
	EXPECT_EQ(0, matrix_write(UUID_A, "ap_config", self->text));
	EXPECT_TRUE(matrix_is(UUID_A, "matrix", "03.0006 03.002f"));
}

TEST_F(config, text_after_the_masks)
{
	EXPECT_EQ(0, matrix_write(UUID_A, "ap_config", M3 "," M6 "," M6 "\nwhatever"));
	EXPECT_TRUE(matrix_is(UUID_A, "matrix", "03.0006"));
}

TEST_F(config, wrong)
{
	static const struct {
		const char *text;
		int error;
	} wrong[] = {
		{ "\n", -EINVAL }, { "0x1", -EINVAL }, { M3, -EINVAL }, { M3 "," M6, -EINVAL },
		{ "g," M6 "," M6, -EINVAL }, { M3 ",0xg," M6, -EINVAL },
		{ M3 "0," M6 "," M6, -EINVAL },
		/* The host's */
		{ M9 "," M6 "," ZERO, -EADDRNOTAVAIL },
	};
	size_t i;

	ASSERT_EQ(0, matrix_write(UUID_A, "ap_config", M3 "," M6 "," M6));
	for (i = 0; i < ARRAY_SIZE(wrong); i++) {
		TH_LOG("'%s'", wrong[i].text);
		EXPECT_EQ(wrong[i].error, matrix_write(UUID_A, "ap_config", wrong[i].text));
		EXPECT_TRUE(matrix_is(UUID_A, "ap_config", M3 "," M6 "," M6));
		EXPECT_TRUE(host_status_becomes(CARD_1, DOMAIN_1, "assigned"));
	}
}

/* Nothing of it is taken over, neither what would come nor what would go. */
TEST_F(config, of_another_device)
{
	ASSERT_EQ(0, matrix_create(UUID_B));
	ASSERT_EQ(0, matrix_write(UUID_A, "ap_config", M3 "," M6 "," ZERO));
	ASSERT_EQ(0, matrix_write(UUID_B, "ap_config", M34 "," M2F "," ZERO));
	EXPECT_EQ(-EADDRINUSE, matrix_write(UUID_B, "ap_config", M34 "," M6 "," M6));
	EXPECT_TRUE(matrix_is(UUID_B, "ap_config", M34 "," M2F "," ZERO));
	EXPECT_TRUE(matrix_is(UUID_A, "ap_config", M3 "," M6 "," ZERO));
	EXPECT_TRUE(host_status_becomes(CARD_2, DOMAIN_1, "unassigned"));
	EXPECT_TRUE(host_status_becomes(CARD_2, DOMAIN_2, "assigned"));
}

TEST_F(config, of_a_running_guest)
{
	struct guest guest;

	ASSERT_EQ(0, matrix_write(UUID_A, "ap_config", M3 "," M6 "," ZERO));
	ASSERT_EQ(0, guest_open(&guest, UUID_A));
	EXPECT_TRUE(guest_uses("03.0006"));
	EXPECT_EQ(0, matrix_write(UUID_A, "ap_config", M34 "," M2F "," M2F));
	EXPECT_TRUE(guest_uses("03.002f 04.002f"));
	EXPECT_TRUE(host_status_becomes(CARD_1, DOMAIN_1, "unassigned"));
	EXPECT_TRUE(host_status_becomes(CARD_2, DOMAIN_2, "in use"));
	guest_close(&guest);
}

/* B9: adapter 4 and domain 6 leave at once; each queue of either is reset. */
TEST_F(config, resets_all_that_leaves)
{
	static const struct {
		int card;
		int domain;
	} leaving[] = {
		{ CARD_2, DOMAIN_1 }, { CARD_2, DOMAIN_2 }, { CARD_1, DOMAIN_1 },
	};
	struct apqueue before[ARRAY_SIZE(leaving)], now;
	struct guest guest;
	size_t i;

	ASSERT_EQ(0, matrix_write(UUID_A, "ap_config", M34 "," M62F "," ZERO));
	ASSERT_EQ(0, guest_open(&guest, UUID_A));
	for (i = 0; i < ARRAY_SIZE(leaving); i++)
		ASSERT_EQ(0, apmachine_queue(leaving[i].card, leaving[i].domain, &before[i]));
	ASSERT_EQ(0, matrix_write(UUID_A, "ap_config", M3 "," M2F "," ZERO));
	EXPECT_TRUE(guest_uses("03.002f"));
	for (i = 0; i < ARRAY_SIZE(leaving); i++) {
		TH_LOG("%02x.%04x", leaving[i].card, leaving[i].domain);
		ASSERT_EQ(0, apmachine_queue(leaving[i].card, leaving[i].domain, &now));
		EXPECT_LT(before[i].zapq, now.zapq);
	}
	guest_close(&guest);
}

int main(int argc, char **argv)
{
	return test_harness_run(argc, argv);
}
