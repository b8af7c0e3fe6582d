// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of a parent that goes away: while a device is created, removed or in
 * use, and while somebody reads its attributes.
 */
#include <fcntl.h>
#include <kselftest_harness.h>

#include "mdev_util.h"

FIXTURE(parent) {
	int removed;
};

FIXTURE_SETUP(parent)
{
	ASSERT_TRUE(start_clean());
	self->removed = sysfs_number(GATES "/remove_passed");
}

FIXTURE_TEARDOWN(parent)
{
	ASSERT_TRUE(start_clean());
}

TEST_F(parent, takes_its_devices_along)
{
	ASSERT_EQ(0, create(SMALL, UUID_A));
	ASSERT_EQ(0, create(PLAIN, UUID_B));
	ASSERT_EQ(0, create(OWN_TYPE, UUID_C));

	ASSERT_EQ(0, unbind_parent(COUNTED));

	EXPECT_FALSE(sysfs_exists(MDEVS "/" UUID_A));
	EXPECT_FALSE(sysfs_exists(MDEVS "/" UUID_B));
	EXPECT_TRUE(sysfs_exists(MDEVS "/" UUID_C));
	EXPECT_FALSE(sysfs_exists(COUNTED TYPES));
	EXPECT_EQ(self->removed + 2, sysfs_number(GATES "/remove_passed"));

	ASSERT_EQ(0, bind_parent(COUNTED));
	EXPECT_TRUE(sysfs_is(SMALL "/available_instances", "2"));
	EXPECT_EQ(0, create(PLAIN, UUID_A));
}

TEST_F(parent, create_through_an_old_file)
{
	int fd = open(SMALL "/create", O_WRONLY);

	ASSERT_GE(fd, 0);
	ASSERT_EQ(0, unbind_parent(COUNTED));
	EXPECT_EQ(-1, write(fd, UUID_A, UUID_LEN));
	EXPECT_EQ(ENODEV, errno);

	/* Not the parent that this file was opened for. */
	ASSERT_EQ(0, bind_parent(COUNTED));
	EXPECT_EQ(-1, write(fd, UUID_A, UUID_LEN));
	EXPECT_EQ(ENODEV, errno);
	close(fd);
}

TEST_F(parent, waits_for_the_driver)
{
	struct writer unbinder;

	ASSERT_EQ(0, create(SMALL, UUID_A));
	ASSERT_EQ(0, sysfs_write(GATES "/remove_hold", "1"));
	ASSERT_TRUE(writer_start(&unbinder, DRIVER "/unbind", "mdev_test.0"));
	ASSERT_TRUE(wait_for(GATES "/remove_inside", "1"));
	EXPECT_TRUE(writer_blocks(&unbinder));

	/* The other parent and its types are not held up. */
	EXPECT_EQ(0, create(OWN_TYPE, UUID_B));
	EXPECT_EQ(0, remove_mdev(UUID_B));
	/* No new devices of this one, but a word about it. */
	EXPECT_EQ(-ENOENT, create(SMALL, UUID_B));
	EXPECT_TRUE(sysfs_is(SMALL "/available_instances", "1"));

	ASSERT_EQ(0, sysfs_write(GATES "/remove_hold", "0"));
	EXPECT_EQ(0, writer_join(&unbinder));
	EXPECT_FALSE(sysfs_exists(MDEVS "/" UUID_A));
}

TEST_F(parent, goes_while_a_device_is_removed)
{
	struct writer remover, unbinder;

	ASSERT_EQ(0, create(SMALL, UUID_A));
	ASSERT_EQ(0, sysfs_write(GATES "/remove_hold", "1"));
	ASSERT_TRUE(writer_start(&remover, MDEVS "/" UUID_A "/remove", "1"));
	ASSERT_TRUE(wait_for(GATES "/remove_inside", "1"));
	ASSERT_TRUE(writer_start(&unbinder, DRIVER "/unbind", "mdev_test.0"));
	EXPECT_TRUE(writer_blocks(&unbinder));
	EXPECT_TRUE(sysfs_exists(SMALL));

	ASSERT_EQ(0, sysfs_write(GATES "/remove_hold", "0"));
	EXPECT_EQ(0, writer_join(&remover));
	EXPECT_EQ(0, writer_join(&unbinder));
	EXPECT_EQ(self->removed + 1, sysfs_number(GATES "/remove_passed"));
	EXPECT_FALSE(sysfs_exists(COUNTED TYPES));
}

TEST_F(parent, goes_while_a_device_is_created)
{
	struct writer creator, unbinder;

	ASSERT_EQ(0, sysfs_write(GATES "/probe_hold", "1"));
	ASSERT_TRUE(writer_start(&creator, SMALL "/create", UUID_A));
	ASSERT_TRUE(wait_for(GATES "/probe_inside", "1"));
	ASSERT_TRUE(writer_start(&unbinder, DRIVER "/unbind", "mdev_test.0"));
	EXPECT_TRUE(writer_blocks(&unbinder));

	ASSERT_EQ(0, sysfs_write(GATES "/probe_hold", "0"));
	EXPECT_EQ(0, writer_join(&creator));
	EXPECT_EQ(0, writer_join(&unbinder));
	EXPECT_EQ(self->removed + 1, sysfs_number(GATES "/remove_passed"));
	EXPECT_FALSE(sysfs_exists(MDEVS "/" UUID_A));
	EXPECT_FALSE(sysfs_exists(COUNTED TYPES));
}

static void *read_available(void *arg)
{
	*(int *)arg = sysfs_number(OWN_TYPE "/available_instances");
	return NULL;
}

TEST_F(parent, goes_while_an_attribute_is_read)
{
	struct writer unbinder;
	pthread_t reader;
	int available;

	ASSERT_EQ(0, sysfs_write(GATES "/available_hold", "1"));
	ASSERT_EQ(0, pthread_create(&reader, NULL, read_available, &available));
	ASSERT_TRUE(wait_for(GATES "/available_inside", "1"));

	ASSERT_TRUE(writer_start(&unbinder, DRIVER "/unbind", "mdev_test.1"));
	EXPECT_TRUE(writer_blocks(&unbinder));

	ASSERT_EQ(0, sysfs_write(GATES "/available_hold", "0"));
	pthread_join(reader, NULL);
	EXPECT_EQ(INSTANCES, available);
	EXPECT_EQ(0, writer_join(&unbinder));
	EXPECT_FALSE(sysfs_exists(OWN TYPES));
}

#define ROUNDS 100

struct noise {
	bool stop;
	long reads;
	int unexpected;
};

static void noise_note(struct noise *noise, int ret)
{
	__atomic_add_fetch(&noise->reads, 1, __ATOMIC_RELAXED);
	if (ret < 0 && ret != -ENOENT && ret != -ENODEV && ret != -EEXIST &&
	    ret != -EAGAIN && ret != -EUSERS && ret != -ENOSPC)
		__atomic_store_n(&noise->unexpected, ret, __ATOMIC_RELAXED);
}

static void *noise_read(void *arg)
{
	static const char * const files[] = {
		SMALL "/name", SMALL "/device_api", SMALL "/available_instances",
		PLAIN "/name", OWN_TYPE "/available_instances",
		OWN_TYPE "/description", MDEVS "/" UUID_A "/mdev_type/name",
	};
	struct noise *noise = arg;
	char text[128];
	size_t i;

	while (!__atomic_load_n(&noise->stop, __ATOMIC_RELAXED)) {
		for (i = 0; i < ARRAY_SIZE(files); i++)
			noise_note(noise, sysfs_read(files[i], text, sizeof(text)));
	}
	return NULL;
}

static void *noise_create(void *arg)
{
	struct noise *noise = arg;

	while (!__atomic_load_n(&noise->stop, __ATOMIC_RELAXED)) {
		noise_note(noise, create(SMALL, UUID_A));
		noise_note(noise, create(OWN_TYPE, UUID_A));
		noise_note(noise, remove_mdev(UUID_A));
	}
	return NULL;
}

TEST_F_TIMEOUT(parent, comes_and_goes_under_noise, 180)
{
	static void *(*const makers[])(void *) = {
		noise_read, noise_create, noise_create,
	};
	pthread_t threads[ARRAY_SIZE(makers)];
	struct noise noise = {};
	int round;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(makers); i++) {
		ASSERT_EQ(0, pthread_create(&threads[i], NULL, makers[i],
					    &noise));
	}
	for (round = 0; round < ROUNDS; round++) {
		EXPECT_EQ(0, unbind_parent(COUNTED));
		EXPECT_EQ(0, unbind_parent(OWN));
		EXPECT_EQ(0, bind_parent(COUNTED));
		EXPECT_EQ(0, bind_parent(OWN));
	}
	__atomic_store_n(&noise.stop, true, __ATOMIC_RELAXED);
	for (i = 0; i < ARRAY_SIZE(makers); i++)
		pthread_join(threads[i], NULL);

	EXPECT_EQ(0, noise.unexpected);
	EXPECT_GT(noise.reads, ROUNDS);
}

TEST_HARNESS_MAIN
