// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of "create": what it takes, each reason to refuse, and that nothing is
 * left of a device that could not be created.
 */
#include <kselftest_harness.h>

#include "mdev_util.h"

FIXTURE(create) {
};

FIXTURE_SETUP(create)
{
	ASSERT_TRUE(start_clean());
}

FIXTURE_TEARDOWN(create)
{
	ASSERT_TRUE(start_clean());
}

TEST_F(create, length)
{
	static const char text[] = UUID_A "\n\n";

	EXPECT_EQ(-EINVAL, sysfs_write_bytes(SMALL "/create", text, 1));
	EXPECT_EQ(-EINVAL, sysfs_write_bytes(SMALL "/create", text, 35));
	EXPECT_EQ(-EINVAL, sysfs_write_bytes(SMALL "/create", text, 38));
	EXPECT_FALSE(sysfs_exists(MDEVS "/" UUID_A));

	EXPECT_EQ(0, sysfs_write_bytes(SMALL "/create", text, 36));
	EXPECT_TRUE(sysfs_exists(MDEVS "/" UUID_A));
	ASSERT_EQ(0, remove_mdev(UUID_A));

	EXPECT_EQ(0, sysfs_write_bytes(SMALL "/create", text, 37));
	EXPECT_TRUE(sysfs_exists(MDEVS "/" UUID_A));
}

TEST_F(create, upper_case)
{
	ASSERT_EQ(0, create(SMALL, UUID_A_UPPER));
	EXPECT_TRUE(sysfs_exists(MDEVS "/" UUID_A));
	EXPECT_FALSE(sysfs_exists(MDEVS "/" UUID_A_UPPER));
}

TEST_F(create, bad_uuid)
{
	static const char * const bad[] = {
		"c0ffee00-aaaa-4bbb-8ccc-0123456789ag",
		"c0ffee000aaaa-4bbb-8ccc-0123456789ab",
		"c0ffee0-0aaaa-4bbb-8ccc-0123456789ab",
		"c0ffee00-aaaa-4bbb-8ccc 0123456789ab",
		"                                    ",
		"../../../../../../../../../../../etc",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		EXPECT_EQ(-EINVAL, create(SMALL, bad[i]))
			TH_LOG("%s", bad[i]);
	}
	EXPECT_TRUE(sysfs_is(SMALL "/available_instances", "2"));
}

TEST_F(create, duplicate)
{
	ASSERT_EQ(0, create(SMALL, UUID_A));

	EXPECT_EQ(-EEXIST, create(SMALL, UUID_A));
	EXPECT_EQ(-EEXIST, create(SMALL, UUID_A_UPPER));
	EXPECT_EQ(-EEXIST, create(PLAIN, UUID_A));
	EXPECT_EQ(-EEXIST, create(OWN_TYPE, UUID_A));

	/* A refusal costs no instance. */
	EXPECT_TRUE(sysfs_is(SMALL "/available_instances", "1"));
	EXPECT_TRUE(sysfs_is(OWN_TYPE "/available_instances", "2"));

	/* The name is free as soon as "remove" returns. */
	ASSERT_EQ(0, remove_mdev(UUID_A));
	EXPECT_EQ(0, create(OWN_TYPE, UUID_A));
}

TEST_F(create, duplicate_has_priority_over_no_instance)
{
	ASSERT_EQ(0, create(SMALL, UUID_A));
	ASSERT_EQ(0, create(SMALL, UUID_B));
	EXPECT_EQ(-EEXIST, create(SMALL, UUID_A));
}

TEST_F(create, no_instance_left)
{
	/* The types of a parent share its instances. */
	ASSERT_EQ(0, create(SMALL, UUID_A));
	EXPECT_TRUE(sysfs_is(PLAIN "/available_instances", "1"));
	ASSERT_EQ(0, create(PLAIN, UUID_B));
	EXPECT_TRUE(sysfs_is(SMALL "/available_instances", "0"));

	EXPECT_EQ(-EUSERS, create(SMALL, UUID_C));
	EXPECT_EQ(-EUSERS, create(PLAIN, UUID_C));
	EXPECT_FALSE(sysfs_exists(MDEVS "/" UUID_C));

	/* The other parent has instances of its own. */
	EXPECT_EQ(0, create(OWN_TYPE, UUID_C));
	ASSERT_EQ(0, remove_mdev(UUID_C));

	ASSERT_EQ(0, remove_mdev(UUID_A));
	EXPECT_TRUE(sysfs_is(SMALL "/available_instances", "1"));
	EXPECT_EQ(0, create(PLAIN, UUID_C));
}

TEST_F(create, driver_that_counts_itself)
{
	ASSERT_EQ(0, create(OWN_TYPE, UUID_A));
	ASSERT_EQ(0, create(OWN_TYPE, UUID_B));
	EXPECT_TRUE(sysfs_is(OWN_TYPE "/available_instances", "0"));

	/* Its own errno arrives, not the one of the bus. */
	EXPECT_EQ(-ENOSPC, create(OWN_TYPE, UUID_C));
	EXPECT_FALSE(sysfs_exists(MDEVS "/" UUID_C));
}

TEST_F(create, probe_fails)
{
	int removed = sysfs_number(GATES "/remove_passed");

	ASSERT_EQ(0, sysfs_write(GATES "/probe_error", "-71"));
	EXPECT_EQ(-EPROTO, create(SMALL, UUID_A));
	ASSERT_EQ(0, sysfs_write(GATES "/probe_error", "0"));

	EXPECT_FALSE(sysfs_exists(MDEVS "/" UUID_A));
	EXPECT_FALSE(sysfs_exists(COUNTED "/" UUID_A));
	EXPECT_FALSE(sysfs_exists(SMALL "/devices/" UUID_A));
	EXPECT_TRUE(sysfs_is(SMALL "/available_instances", "2"));
	EXPECT_EQ(removed, sysfs_number(GATES "/remove_passed"));
	EXPECT_EQ(0, create(SMALL, UUID_A));
}

TEST_F(create, same_uuid_at_once)
{
	struct writer first, second;

	ASSERT_EQ(0, sysfs_write(GATES "/probe_hold", "1"));
	ASSERT_TRUE(writer_start(&first, SMALL "/create", UUID_A));
	ASSERT_TRUE(wait_for(GATES "/probe_inside", "1"));
	ASSERT_TRUE(writer_blocks(&first));

	/* Taken while it is still being created, and nobody waits for that. */
	ASSERT_TRUE(writer_start(&second, PLAIN "/create", UUID_A));
	EXPECT_EQ(-EEXIST, writer_join(&second));

	ASSERT_EQ(0, sysfs_write(GATES "/probe_hold", "0"));
	EXPECT_EQ(0, writer_join(&first));
}

TEST_HARNESS_MAIN
