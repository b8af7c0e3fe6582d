// SPDX-License-Identifier: GPL-2.0
/*
 * Requests that cards answer: the host's, by zcrypt, before and after a queue
 * was lent to a guest, and the guest's meanwhile. Nobody meets in a queue what
 * another has left there.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <asm/zcrypt.h>

#include "kselftest_harness.h"

#include "host.h"
#include "mex.h"

#define ZCRYPT "/dev/z90crypt"
#define SIZE MEX_SIZE

static const int cards[] = { CARD_1, -1 }, domains[] = { DOMAIN_1, -1 };

FIXTURE(request) {
};

/* One queue is all there is, so that zcrypt has no choice. */
FIXTURE_SETUP(request)
{
	ASSERT_TRUE(host_start());
	ASSERT_EQ(0, apmachine("card %d 0", CARD_2));
	ASSERT_EQ(0, apmachine("card %d 0", CARD_3));
	ASSERT_EQ(0, apmachine("card %d 0", CARD_HOST));
	ASSERT_EQ(0, apmachine("domain %d 0", DOMAIN_2));
	ASSERT_EQ(0, apmachine("domain %d 0", DOMAIN_3));
	ASSERT_EQ(0, apmachine_rescan());
}

FIXTURE_TEARDOWN(request)
{
	host_end();
}

/* What zcrypt makes of it for a user of the host; a negative errno while it has no queue. */
static int host_request(unsigned char seed)
{
	unsigned char exponent[SIZE] = {}, modulus[SIZE], message[SIZE], result[SIZE];
	struct ica_rsa_modexpo mex = {
		.inputdata = message, .inputdatalength = SIZE,
		.outputdata = result, .outputdatalength = SIZE,
		.b_key = exponent, .n_modulus = modulus,
	};
	int fd = open(ZCRYPT, O_RDWR | O_CLOEXEC), ret;

	if (fd < 0)
		return -errno;
	exponent[SIZE - 1] = 1;
	memset(modulus, 0xff, sizeof(modulus));
	mex_message(message, seed);
	memset(result, 0x5a, sizeof(result));
	ret = ioctl(fd, ICARSAMODEXPO, &mex) ? -errno : 0;
	close(fd);
	if (!ret && memcmp(message, result, SIZE))
		ret = -EBADMSG;
	return ret;
}

/* The bus makes a queue ready in the background. */
static int host_request_soon(unsigned char seed)
{
	int ms, ret = -ENODEV;

	for (ms = 0; ms < WAIT_MS && ret == -ENODEV; ms++) {
		ret = host_request(seed);
		usleep(1000);
	}
	return ret;
}

static int guest_request(struct guest *guest, unsigned char seed)
{
	return mex_by_guest(&guest->vm, CARD_1, DOMAIN_1, seed);
}

TEST_F(request, host_guest_host)
{
	struct apqueue queue;
	struct guest guest;
	int round;

	EXPECT_EQ(-ENODEV, host_request(1));
	for (round = 0; round < 3; round++) {
		TH_LOG("round %d", round);
		ASSERT_EQ(0, ap_host_mask("apmask", "+3"));
		ASSERT_EQ(0, host_request_soon(10 * round));
		ASSERT_EQ(0, host_request(10 * round + 1));

		ASSERT_EQ(0, ap_host_mask("apmask", "-3"));
		EXPECT_EQ(-ENODEV, host_request(0));
		ASSERT_EQ(0, host_make_matrix(UUID_A, cards, domains));
		ASSERT_EQ(0, guest_open(&guest, UUID_A));
		EXPECT_EQ(0, guest_request(&guest, 10 * round + 2));
		EXPECT_EQ(0, guest_request(&guest, 10 * round + 3));
		guest_close(&guest);
		ASSERT_EQ(0, matrix_remove(UUID_A));
	}
	ASSERT_EQ(0, ap_host_mask("apmask", "+3"));
	ASSERT_EQ(0, host_request_soon(99));
	ASSERT_EQ(0, apmachine_queue(CARD_1, DOMAIN_1, &queue));
	EXPECT_EQ(0, queue.foreign);
}

/* One guest after the other, the first with a reply that it has not fetched */
TEST_F(request, guest_after_guest)
{
	struct apqueue queue;
	struct ap_result result;
	struct guest guest;
	size_t size = SIZE;
	char reply[SIZE];
	int round;

	ASSERT_EQ(0, host_make_matrix(UUID_A, cards, domains));
	for (round = 0; round < 3; round++) {
		ASSERT_EQ(0, guest_open(&guest, UUID_A));
		/* Nothing is in there. */
		ASSERT_EQ(0, vm_dqap(&guest.vm, CARD_1, DOMAIN_1, reply, &size, &result));
		EXPECT_EQ(0x10, result.rc);
		EXPECT_EQ(0, guest_request(&guest, round));
		ASSERT_EQ(0, vm_nqap(&guest.vm, CARD_1, DOMAIN_1, "left behind", 11, &result));
		EXPECT_EQ(0, result.rc);
		guest_close(&guest);
	}
	ASSERT_EQ(0, apmachine_queue(CARD_1, DOMAIN_1, &queue));
	EXPECT_EQ(0, queue.foreign);
	EXPECT_EQ(0, queue.used);
}

/* What the guest has not, it cannot use, whatever the host has. */
TEST_F(request, of_a_guest_without)
{
	struct ap_result result;
	struct guest guest;

	ASSERT_EQ(0, matrix_create(UUID_A));
	ASSERT_EQ(0, guest_open(&guest, UUID_A));
	ASSERT_EQ(0, vm_nqap(&guest.vm, CARD_1, DOMAIN_1, "x", 1, &result));
	EXPECT_EQ(3, result.cc);
	EXPECT_EQ(AP_NOT_AVAILABLE, result.rc);
	guest_close(&guest);
}

int main(int argc, char **argv)
{
	return test_harness_run(argc, argv);
}
