// SPDX-License-Identifier: GPL-2.0
/*
 * Loading and unloading: refused while there is a matrix device, in use or not;
 * queues are given back and found again, and nothing is left in between
 */
#include <errno.h>

#include "kselftest_harness.h"

#include "host.h"
#include "module.h"

#define DBF "/sys/kernel/debug/s390dbf/vfio_ap"
#define ROUNDS 5
#define DEVICES 200

FIXTURE(module) {
	char text[64];
};

FIXTURE_SETUP(module)
{
	if (access("/modules/vfio_ap.ko", R_OK) && !getenv("TEST_MODULES"))
		SKIP(return, "TEST_MODULES does not name the folder of vfio_ap.ko");
	ASSERT_TRUE(host_start());
}

FIXTURE_TEARDOWN(module)
{
	apmachine("instructions 1");
	if (!sysfs_exists(MATRIX))
		module_load("vfio_ap");
	host_end();
}

TEST_F(module, stays_while_there_is_a_device)
{
	ASSERT_EQ(0, matrix_create(UUID_A));
	EXPECT_EQ(-EWOULDBLOCK, module_unload("vfio_ap"));
	EXPECT_EQ(-EWOULDBLOCK, module_unload("mdev"));
	EXPECT_TRUE(matrix_is(UUID_A, "matrix", ""));
}

TEST_F(module, stays_while_a_device_is_open)
{
	static const int cards[] = { CARD_1, -1 }, domains[] = { DOMAIN_1, -1 };
	struct guest guest;

	ASSERT_EQ(0, host_make_matrix(UUID_A, cards, domains));
	ASSERT_EQ(0, guest_open(&guest, UUID_A));
	EXPECT_EQ(-EWOULDBLOCK, module_unload("vfio_ap"));
	EXPECT_TRUE(guest_uses("03.0006"));
	guest_close(&guest);
}

static bool nothing_left(void)
{
	return !sysfs_exists(MATRIX) && !sysfs_exists("/sys/devices/vfio_ap") &&
	       !sysfs_exists("/sys/bus/matrix") && !sysfs_exists(DBF) &&
	       !sysfs_exists(AP_BUS "/drivers/vfio_ap");
}

TEST_F(module, again_and_again)
{
	int i;

	for (i = 0; i < ROUNDS; i++) {
		ASSERT_EQ(0, module_unload("vfio_ap"));
		EXPECT_TRUE(nothing_left());
		EXPECT_EQ(0, ap_queue_driver(CARD_1, DOMAIN_1, self->text, sizeof(self->text)));
		EXPECT_STREQ("", self->text);
		EXPECT_EQ(-ENOENT, ap_queue_read(CARD_1, DOMAIN_1, "status", self->text,
						 sizeof(self->text)));
		ASSERT_EQ(0, module_load("vfio_ap"));
		EXPECT_TRUE(host_status_becomes(CARD_1, DOMAIN_1, "unassigned"));
	}
}

/* B4: the machine does not tell its configuration. */
TEST_F(module, fails_to_load)
{
	int i;

	for (i = 0; i < ROUNDS; i++) {
		if (sysfs_exists(MATRIX))
			ASSERT_EQ(0, module_unload("vfio_ap"));
		ASSERT_EQ(0, apmachine("config-fails 1"));
		EXPECT_GT(0, module_load("vfio_ap"));
		EXPECT_TRUE(nothing_left());
	}
	ASSERT_EQ(0, apmachine("config-fails 0"));
	ASSERT_EQ(0, module_load("vfio_ap"));
	EXPECT_TRUE(host_status_becomes(CARD_1, DOMAIN_1, "unassigned"));
}

/*
 * B3: a machine without AP instructions. To see it fail, register the debug feature
 * before looking for them.
 */
TEST_F(module, without_instructions)
{
	int i;

	ASSERT_EQ(0, module_unload("vfio_ap"));
	ASSERT_EQ(0, apmachine("instructions 0"));
	for (i = 0; i < 2; i++) {
		EXPECT_EQ(-ENODEV, module_load("vfio_ap"));
		EXPECT_TRUE(nothing_left());
	}
	ASSERT_EQ(0, apmachine("instructions 1"));
	ASSERT_EQ(0, module_load("vfio_ap"));
	EXPECT_TRUE(host_status_becomes(CARD_1, DOMAIN_1, "unassigned"));
}

/* A3, A5: nothing is left of devices, whose queues were assigned or not. */
TEST_F(module, devices_come_and_go)
{
	static const int cards[] = { CARD_1, CARD_2, -1 }, domains[] = { DOMAIN_1, -1 };
	int i;

	for (i = 0; i < DEVICES; i++) {
		ASSERT_EQ(0, matrix_create(UUID_A));
		ASSERT_EQ(0, matrix_remove(UUID_A));
	}
	for (i = 0; i < ROUNDS; i++) {
		ASSERT_EQ(0, host_make_matrix(UUID_A, cards, domains));
		ASSERT_EQ(0, matrix_set(UUID_A, "assign_adapter", CARD_1));
		ASSERT_EQ(0, matrix_remove(UUID_A));
		EXPECT_TRUE(host_status_becomes(CARD_1, DOMAIN_1, "unassigned"));
	}
	EXPECT_EQ(0, sysfs_read(MATRIX_TYPE "/available_instances", self->text,
				sizeof(self->text)));
	EXPECT_STREQ("65536", self->text);
}

int main(int argc, char **argv)
{
	return test_harness_run(argc, argv);
}
