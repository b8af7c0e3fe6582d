// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of "remove": its values, and that a device is removed once, whoever
 * asks for it and however many.
 */
#include <fcntl.h>
#include <kselftest_harness.h>

#include "mdev_util.h"

#define REMOVE MDEVS "/" UUID_A "/remove"

FIXTURE(remove) {
	int removed;
};

FIXTURE_SETUP(remove)
{
	ASSERT_TRUE(start_clean());
	self->removed = sysfs_number(GATES "/remove_passed");
}

FIXTURE_TEARDOWN(remove)
{
	ASSERT_TRUE(start_clean());
}

/* What somebody may see whose device was taken away by another. */
static bool lost_race(int err)
{
	return err == -EAGAIN || err == -ENODEV || err == -ENOENT;
}

TEST_F(remove, values)
{
	static const char * const bad[] = {
		"garbage", "1x", "-1", "0x", "\n", "99999999999999999999",
	};
	static const char * const good[] = {
		"1", "1\n", "2", "0x10", "010",
	};
	size_t i;

	ASSERT_EQ(0, create(SMALL, UUID_A));

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		EXPECT_EQ(-EINVAL, sysfs_write(REMOVE, bad[i]))
			TH_LOG("%s", bad[i]);
	}
	EXPECT_EQ(0, sysfs_write(REMOVE, "0"));
	EXPECT_EQ(0, sysfs_write(REMOVE, "0x0\n"));
	EXPECT_TRUE(sysfs_exists(MDEVS "/" UUID_A));
	EXPECT_EQ(self->removed, sysfs_number(GATES "/remove_passed"));

	for (i = 0; i < ARRAY_SIZE(good); i++) {
		EXPECT_EQ(0, sysfs_write(REMOVE, good[i]));
		EXPECT_FALSE(sysfs_exists(MDEVS "/" UUID_A));
		EXPECT_EQ(self->removed + 1 + (int)i,
			  sysfs_number(GATES "/remove_passed"));
		ASSERT_EQ(0, create(SMALL, UUID_A));
	}
}

TEST_F(remove, waits_for_the_driver)
{
	struct writer remover;

	ASSERT_EQ(0, create(SMALL, UUID_A));
	ASSERT_EQ(0, sysfs_write(GATES "/remove_hold", "1"));
	ASSERT_TRUE(writer_start(&remover, REMOVE, "1"));
	ASSERT_TRUE(wait_for(GATES "/remove_inside", "1"));
	EXPECT_TRUE(writer_blocks(&remover));

	/* Neither name nor instance are free before that. */
	EXPECT_EQ(-EEXIST, create(SMALL, UUID_A));
	EXPECT_TRUE(sysfs_is(SMALL "/available_instances", "1"));

	ASSERT_EQ(0, sysfs_write(GATES "/remove_hold", "0"));
	EXPECT_EQ(0, writer_join(&remover));
	EXPECT_TRUE(sysfs_is(SMALL "/available_instances", "2"));
	EXPECT_EQ(0, create(SMALL, UUID_A));
}

TEST_F(remove, while_being_created)
{
	struct writer creator;

	ASSERT_EQ(0, sysfs_write(GATES "/probe_hold", "1"));
	ASSERT_TRUE(writer_start(&creator, SMALL "/create", UUID_A));
	ASSERT_TRUE(wait_for(GATES "/probe_inside", "1"));

	EXPECT_EQ(-EAGAIN, remove_mdev(UUID_A));
	EXPECT_EQ(-EAGAIN, remove_mdev(UUID_A));

	ASSERT_EQ(0, sysfs_write(GATES "/probe_hold", "0"));
	ASSERT_EQ(0, writer_join(&creator));
	EXPECT_EQ(0, remove_mdev(UUID_A));
	EXPECT_EQ(self->removed + 1, sysfs_number(GATES "/remove_passed"));
}

TEST_F(remove, second_remover_does_not_wait)
{
	struct writer first;
	int fd;

	ASSERT_EQ(0, create(SMALL, UUID_A));
	fd = open(REMOVE, O_WRONLY);
	ASSERT_GE(fd, 0);

	ASSERT_EQ(0, sysfs_write(GATES "/remove_hold", "1"));
	ASSERT_TRUE(writer_start(&first, REMOVE, "1"));
	ASSERT_TRUE(wait_for(GATES "/remove_inside", "1"));

	EXPECT_EQ(-1, write(fd, "1", 1));
	EXPECT_TRUE(lost_race(-errno)) TH_LOG("errno %d", errno);

	ASSERT_EQ(0, sysfs_write(GATES "/remove_hold", "0"));
	EXPECT_EQ(0, writer_join(&first));
	EXPECT_EQ(-1, write(fd, "1", 1));
	EXPECT_EQ(ENODEV, errno);
	close(fd);
	EXPECT_EQ(self->removed + 1, sysfs_number(GATES "/remove_passed"));
}

#define REMOVERS 4
#define ROUNDS 200

struct crowd {
	pthread_barrier_t start;
	int ret[REMOVERS];
};

struct member {
	struct crowd *crowd;
	int number;
	pthread_t thread;
};

static void *crowd_remove(void *arg)
{
	struct member *member = arg;
	int fd = open(REMOVE, O_WRONLY);
	int *ret = &member->crowd->ret[member->number];

	pthread_barrier_wait(&member->crowd->start);
	*ret = write(fd, "1", 1) == 1 ? 0 : -errno;
	close(fd);
	return NULL;
}

TEST_F_TIMEOUT(remove, crowd_of_removers, 120)
{
	struct member members[REMOVERS];
	int round, i, successes;
	struct crowd crowd;

	for (round = 0; round < ROUNDS; round++) {
		ASSERT_EQ(0, create(SMALL, UUID_A));
		pthread_barrier_init(&crowd.start, NULL, REMOVERS);
		for (i = 0; i < REMOVERS; i++) {
			members[i].crowd = &crowd;
			members[i].number = i;
			ASSERT_EQ(0, pthread_create(&members[i].thread, NULL,
						    crowd_remove, &members[i]));
		}
		successes = 0;
		for (i = 0; i < REMOVERS; i++) {
			pthread_join(members[i].thread, NULL);
			if (!crowd.ret[i]) {
				successes++;
				continue;
			}
			ASSERT_TRUE(lost_race(crowd.ret[i]))
				TH_LOG("%d", crowd.ret[i]);
		}
		pthread_barrier_destroy(&crowd.start);
		ASSERT_EQ(1, successes);
		ASSERT_FALSE(sysfs_exists(MDEVS "/" UUID_A));
	}
	EXPECT_EQ(self->removed + ROUNDS,
		  sysfs_number(GATES "/remove_passed"));
	EXPECT_TRUE(sysfs_is(SMALL "/available_instances", "2"));
}

struct churn {
	bool stop;
	int removed;
	int unexpected;
};

static void *churn_remove(void *arg)
{
	struct churn *churn = arg;
	int ret;

	while (!__atomic_load_n(&churn->stop, __ATOMIC_RELAXED)) {
		ret = remove_mdev(UUID_A);
		if (!ret)
			__atomic_add_fetch(&churn->removed, 1, __ATOMIC_RELAXED);
		else if (!lost_race(ret))
			__atomic_store_n(&churn->unexpected, ret, __ATOMIC_RELAXED);
	}
	return NULL;
}

TEST_F_TIMEOUT(remove, races_with_create, 120)
{
	struct churn churn = {};
	pthread_t threads[2];
	int created = 0;
	int i, ret;

	for (i = 0; i < 2; i++) {
		ASSERT_EQ(0, pthread_create(&threads[i], NULL, churn_remove,
					    &churn));
	}
	while (created < ROUNDS) {
		ret = create(SMALL, UUID_A);
		if (!ret)
			created++;
		else if (ret != -EEXIST)
			break;
	}
	EXPECT_EQ(ROUNDS, created) TH_LOG("create: %d", ret);
	__atomic_store_n(&churn.stop, true, __ATOMIC_RELAXED);
	for (i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);

	EXPECT_EQ(0, churn.unexpected);
	if (sysfs_exists(MDEVS "/" UUID_A)) {
		ASSERT_EQ(0, remove_mdev(UUID_A));
		churn.removed++;
	}
	EXPECT_EQ(created, churn.removed);
	EXPECT_EQ(self->removed + created,
		  sysfs_number(GATES "/remove_passed"));
	EXPECT_TRUE(sysfs_is(SMALL "/available_instances", "2"));
}

TEST_HARNESS_MAIN
