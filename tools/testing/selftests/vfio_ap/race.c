// SPDX-License-Identifier: GPL-2.0
/*
 * Everything at once: a guest that uses its queues and is reset, its matrix
 * changing, the machine losing and regaining cards, queues bound and unbound,
 * other devices coming and going, and readers of all of it (A2, A18, A19). On a
 * debug kernel the lock order is proven by it; anywhere, what is there at the
 * end is what was last asked for.
 */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include <linux/vfio.h>

#include "kselftest_harness.h"

#include "host.h"

#define SECONDS 2

static const int cards[] = { CARD_1, CARD_2, -1 }, domains[] = { DOMAIN_1, DOMAIN_2, -1 };

FIXTURE(race) {
	struct guest guest;
};

FIXTURE_SETUP(race)
{
	ASSERT_TRUE(host_start());
	ASSERT_EQ(0, host_make_matrix(UUID_A, cards, domains));
	ASSERT_EQ(0, guest_open(&self->guest, UUID_A));
}

FIXTURE_TEARDOWN(race)
{
	guest_close(&self->guest);
	host_end();
}

struct racer {
	pthread_t thread;
	const char *name;
	/* One round; 0, or a negative errno of something that must not fail */
	int (*run)(struct guest *guest, unsigned int round);
	struct guest *guest;
	unsigned int rounds;
	int ret;
};

static bool over;

static void *racer_run(void *arg)
{
	struct racer *racer = arg;

	while (!racer->ret && !__atomic_load_n(&over, __ATOMIC_RELAXED)) {
		racer->ret = racer->run(racer->guest, racer->rounds);
		racer->rounds++;
	}
	return NULL;
}

/* What the guest gets depends on when it asks: only that it gets an answer counts. */
static int use_queues(struct guest *guest, unsigned int round)
{
	unsigned int card = round & 1 ? CARD_1 : CARD_2;
	unsigned int domain = round & 2 ? DOMAIN_1 : DOMAIN_2;
	struct ap_result result;
	char reply[64];
	size_t size = sizeof(reply);
	int ret;

	ret = vm_aqic_enable(&guest->vm, card, domain, round % 8, VM_FREE + round % 2 * VM_HALF,
			     &result);
	if (!ret)
		ret = vm_nqap(&guest->vm, card, domain, "request", 7, &result);
	if (!ret)
		ret = vm_dqap(&guest->vm, card, domain, reply, &size, &result);
	if (!ret && round & 4)
		ret = vm_aqic_disable(&guest->vm, card, domain, &result);
	return ret;
}

static int reset(struct guest *guest, unsigned int round)
{
	/* A queue that is not there cannot be reset. */
	if (ioctl(guest->dev.fd, VFIO_DEVICE_RESET) && errno != EIO)
		return -errno;
	usleep(20000);
	return 0;
}

static int change_matrix(struct guest *guest, unsigned int round)
{
	static const char * const attributes[] = {
		"unassign_adapter", "assign_adapter", "unassign_domain", "assign_domain",
		"assign_control_domain", "unassign_control_domain",
	};
	unsigned int which = round % 6;

	return matrix_set(UUID_A, attributes[which], which < 2 ? CARD_2 : DOMAIN_2);
}

static int change_machine(struct guest *guest, unsigned int round)
{
	int ret = apmachine("card %d %d", CARD_1, round & 1 ? AP_TYPE_CEX7 : 0);

	if (!ret && round % 4 == 3)
		ret = apmachine("domain %d %d", DOMAIN_2, round & 4 ? 1 : 0);
	return ret ? ret : apmachine_rescan();
}

static int rebind(struct guest *guest, unsigned int round)
{
	/* It may be gone, or be bound by others. */
	ap_queue_unbind(CARD_2, DOMAIN_1);
	ap_queue_bind(CARD_2, DOMAIN_1, "vfio_ap");
	return 0;
}

static int another_device(struct guest *guest, unsigned int round)
{
	int ret = matrix_create(UUID_B), refused;

	if (ret)
		return ret;
	ret = matrix_set(UUID_B, "assign_adapter", CARD_1);
	if (!ret)
		ret = matrix_set(UUID_B, "assign_adapter", CARD_3);
	refused = matrix_set(UUID_B, "assign_domain", DOMAIN_1);
	if (!ret && refused != -EADDRINUSE)
		ret = refused ? refused : -EEXIST;
	if (!ret)
		ret = matrix_set(UUID_B, "assign_domain", DOMAIN_3);
	refused = matrix_remove(UUID_B);
	return ret ? ret : refused;
}

static int read_all(struct guest *guest, unsigned int round)
{
	static const char * const attributes[] = {
		"matrix", "guest_matrix", "control_domains", "ap_config",
	};
	char text[4097];
	unsigned int i;
	int ret = 0;

	for (i = 0; i < 4 && !ret; i++)
		ret = matrix_read(UUID_A, attributes[i], text, sizeof(text));
	for (i = 0; i < 4; i++)
		ap_queue_read(cards[i & 1], domains[i >> 1], "status", text, sizeof(text));
	/* Of a device that may just be coming or going */
	matrix_read(UUID_B, attributes[round % 4], text, sizeof(text));
	return ret;
}

TEST_F_TIMEOUT(race, all_at_once, 120)
{
	struct racer racers[] = {
		{ .name = "use queues", .run = use_queues },
		{ .name = "reset", .run = reset },
		{ .name = "change matrix", .run = change_matrix },
		{ .name = "change machine", .run = change_machine },
		{ .name = "rebind", .run = rebind },
		{ .name = "another device", .run = another_device },
		{ .name = "read all", .run = read_all },
	};
	const char *seconds = getenv("RACE_SECONDS");
	struct apqueue queue;
	unsigned int i, k;

	for (i = 0; i < ARRAY_SIZE(racers); i++) {
		racers[i].guest = &self->guest;
		ASSERT_EQ(0, pthread_create(&racers[i].thread, NULL, racer_run, &racers[i]));
	}
	sleep(seconds ? atoi(seconds) : SECONDS);
	__atomic_store_n(&over, true, __ATOMIC_RELAXED);
	for (i = 0; i < ARRAY_SIZE(racers); i++) {
		pthread_join(racers[i].thread, NULL);
		TH_LOG("%s: %u rounds", racers[i].name, racers[i].rounds);
		EXPECT_EQ(0, racers[i].ret);
		EXPECT_LT(0, racers[i].rounds);
	}

	/* Back to where it began */
	ASSERT_EQ(0, apmachine("card %d %d", CARD_1, AP_TYPE_CEX7));
	ASSERT_EQ(0, apmachine("domain %d 1", DOMAIN_2));
	ASSERT_EQ(0, apmachine_rescan());
	ap_queue_bind(CARD_2, DOMAIN_1, "vfio_ap");
	ASSERT_EQ(0, matrix_set(UUID_A, "assign_adapter", CARD_2));
	ASSERT_EQ(0, matrix_set(UUID_A, "assign_domain", DOMAIN_2));
	EXPECT_TRUE(guest_comes_to_use("03.0006 03.002f 04.0006 04.002f"));
	EXPECT_TRUE(matrix_is(UUID_A, "guest_matrix", "03.0006 03.002f 04.0006 04.002f"));
	for (i = 0; i < 2; i++) {
		for (k = 0; k < 2; k++) {
			EXPECT_TRUE(host_status_becomes(cards[i], domains[k], "in use"));
			ASSERT_EQ(0, apmachine_queue(cards[i], domains[k], &queue));
			EXPECT_EQ(0, queue.foreign);
		}
	}
}

int main(int argc, char **argv)
{
	return test_harness_run(argc, argv);
}
