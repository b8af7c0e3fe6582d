// SPDX-License-Identifier: GPL-2.0
/*
 * A queue has one owner: a matrix device, or the host with its own drivers,
 * by apmask and aqmask and, where the bus has it, by driver_override
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "kselftest_harness.h"

#include "host.h"

static const int cards[] = { CARD_1, CARD_2, -1 }, domains[] = { DOMAIN_1, DOMAIN_2, -1 };

FIXTURE(share) {
};

FIXTURE_SETUP(share)
{
	ASSERT_TRUE(host_start());
	ASSERT_EQ(0, host_make_matrix(UUID_A, cards, domains));
	ASSERT_EQ(0, matrix_create(UUID_B));
}

FIXTURE_TEARDOWN(share)
{
	host_end();
}

/* From here on, for log_has() */
static int log_open(void)
{
	int fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);

	if (fd >= 0)
		lseek(fd, 0, SEEK_END);
	return fd;
}

/* How many lines have both texts in them */
static int log_has(int fd, const char *one, const char *other)
{
	char line[1024];
	int count = 0;
	ssize_t n;

	while ((n = read(fd, line, sizeof(line) - 1)) > 0) {
		line[n] = '\0';
		count += strstr(line, one) && strstr(line, other);
	}
	close(fd);
	return count;
}

/* A12: the log names each queue and the device that has it. */
TEST_F(share, with_another_device)
{
	ASSERT_EQ(0, matrix_set(UUID_B, "assign_adapter", CARD_1));
	ASSERT_EQ(0, matrix_set(UUID_B, "assign_adapter", CARD_2));
	EXPECT_EQ(-EADDRINUSE, matrix_set(UUID_B, "assign_domain", DOMAIN_1));
	EXPECT_TRUE(matrix_is(UUID_B, "matrix", "03. 04."));
	EXPECT_EQ(0, matrix_set(UUID_B, "assign_domain", DOMAIN_3));
	EXPECT_TRUE(matrix_is(UUID_B, "matrix", "03.00ab 04.00ab"));
	EXPECT_TRUE(matrix_is(UUID_A, "matrix", "03.0006 03.002f 04.0006 04.002f"));
	EXPECT_TRUE(host_status_becomes(CARD_1, DOMAIN_1, "assigned"));
}

TEST_F(share, is_logged_queue_by_queue)
{
	int first, second, other;

	ASSERT_EQ(0, matrix_set(UUID_B, "assign_adapter", CARD_1));
	ASSERT_EQ(0, matrix_set(UUID_B, "assign_adapter", CARD_2));
	first = log_open();
	second = log_open();
	other = log_open();
	EXPECT_EQ(-EADDRINUSE, matrix_set(UUID_B, "assign_domain", DOMAIN_1));
	EXPECT_EQ(1, log_has(first, "03.0006", UUID_A));
	EXPECT_EQ(1, log_has(second, "04.0006", UUID_A));
	EXPECT_EQ(0, log_has(other, "002f", UUID_A));
}

TEST_F(share, by_adapter)
{
	ASSERT_EQ(0, matrix_set(UUID_B, "assign_domain", DOMAIN_1));
	EXPECT_EQ(-EADDRINUSE, matrix_set(UUID_B, "assign_adapter", CARD_2));
	EXPECT_EQ(0, matrix_set(UUID_B, "assign_adapter", CARD_3));
	EXPECT_TRUE(matrix_is(UUID_B, "matrix", "05.0006"));
	/* What the other gives up can be had. */
	ASSERT_EQ(0, matrix_set(UUID_A, "unassign_adapter", CARD_2));
	EXPECT_EQ(0, matrix_set(UUID_B, "assign_adapter", CARD_2));
	EXPECT_TRUE(matrix_is(UUID_B, "matrix", "04.0006 05.0006"));
	EXPECT_TRUE(matrix_is(UUID_B, "guest_matrix", "04.0006 05.0006"));
}

TEST_F(share, with_the_host)
{
	/* An adapter alone names no queue: it is looked at with the first domain. */
	ASSERT_EQ(0, matrix_set(UUID_B, "assign_adapter", CARD_HOST));
	EXPECT_EQ(-EADDRNOTAVAIL, matrix_set(UUID_B, "assign_domain", DOMAIN_1));
	EXPECT_TRUE(matrix_is(UUID_B, "matrix", "09."));
	ASSERT_EQ(0, matrix_set(UUID_B, "unassign_adapter", CARD_HOST));
	ASSERT_EQ(0, matrix_set(UUID_B, "assign_domain", DOMAIN_3));
	EXPECT_EQ(-EADDRNOTAVAIL, matrix_set(UUID_B, "assign_adapter", CARD_HOST));
	EXPECT_TRUE(matrix_is(UUID_B, "matrix", ".00ab"));
	/* The host gives it up by domain instead. */
	ASSERT_EQ(0, ap_host_mask("aqmask", "-0xab"));
	EXPECT_EQ(0, matrix_set(UUID_B, "assign_adapter", CARD_HOST));
	EXPECT_TRUE(matrix_becomes(UUID_B, "guest_matrix", "09.00ab"));
}

/* Control domains are nobody's alone. */
TEST_F(share, control_domains)
{
	EXPECT_EQ(0, matrix_set(UUID_A, "assign_control_domain", DOMAIN_1));
	EXPECT_EQ(0, matrix_set(UUID_B, "assign_control_domain", DOMAIN_1));
	EXPECT_TRUE(matrix_is(UUID_B, "control_domains", "0006"));
}

/* The host cannot take back what is assigned, whether a guest runs or not. */
TEST_F(share, host_takes_back)
{
	char driver[32];

	EXPECT_EQ(-EBUSY, ap_host_mask("apmask", "+3"));
	EXPECT_TRUE(host_status_becomes(CARD_1, DOMAIN_1, "assigned"));
	/* Of adapter 5 nothing is. */
	EXPECT_EQ(0, ap_host_mask("apmask", "+5"));
	EXPECT_EQ(0, ap_queue_driver(CARD_3, DOMAIN_1, driver, sizeof(driver)));
	EXPECT_STREQ("cex4queue", driver);
	ASSERT_EQ(0, matrix_set(UUID_A, "unassign_adapter", CARD_1));
	EXPECT_EQ(0, ap_host_mask("apmask", "+3"));
	EXPECT_EQ(0, ap_queue_driver(CARD_1, DOMAIN_1, driver, sizeof(driver)));
	EXPECT_STREQ("cex4queue", driver);
	EXPECT_EQ(-EADDRNOTAVAIL, matrix_set(UUID_A, "assign_adapter", CARD_1));
}

TEST_F(share, host_takes_back_what_is_not_there)
{
	ASSERT_EQ(0, ap_host_mask("apmask", "-0x77"));
	ASSERT_EQ(0, matrix_set(UUID_A, "assign_adapter", 0x77));
	EXPECT_EQ(-EBUSY, ap_host_mask("apmask", "+0x77"));
	ASSERT_EQ(0, matrix_set(UUID_A, "unassign_adapter", 0x77));
	EXPECT_EQ(0, ap_host_mask("apmask", "+0x77"));
}

/* One queue handed over by name, where the bus can do that */
FIXTURE(override) {
	bool can;
};

#define OVERRIDE AP_BUS "/devices/09.0006/driver_override"

FIXTURE_SETUP(override)
{
	ASSERT_TRUE(host_start());
	self->can = sysfs_exists(OVERRIDE);
	/* Either masks or names: the masks have to be as at boot. */
	ASSERT_EQ(0, ap_host_masks_full());
	ASSERT_EQ(0, matrix_create(UUID_A));
}

FIXTURE_TEARDOWN(override)
{
	if (self->can)
		sysfs_write(OVERRIDE, "\n");
	host_end();
}

TEST_F(override, hands_over_one_queue)
{
	char driver[32];

	if (!self->can) {
		TH_LOG("this kernel's AP bus has no driver_override: nothing to see");
		return;
	}
	ASSERT_EQ(0, sysfs_write(OVERRIDE, "vfio_ap"));
	ASSERT_EQ(0, ap_queue_unbind(CARD_HOST, DOMAIN_1));
	ASSERT_EQ(0, sysfs_write(AP_BUS "/drivers_probe", "09.0006"));
	EXPECT_EQ(0, ap_queue_driver(CARD_HOST, DOMAIN_1, driver, sizeof(driver)));
	EXPECT_STREQ("vfio_ap", driver);
	EXPECT_EQ(-EINVAL, ap_host_mask("apmask", "-3"));
	EXPECT_EQ(0, matrix_set(UUID_A, "assign_adapter", CARD_HOST));
	EXPECT_EQ(0, matrix_set(UUID_A, "assign_domain", DOMAIN_1));
	EXPECT_TRUE(matrix_is(UUID_A, "guest_matrix", "09.0006"));
	EXPECT_EQ(-EADDRNOTAVAIL, matrix_set(UUID_A, "assign_domain", DOMAIN_2));
	EXPECT_EQ(0, matrix_remove(UUID_A));
	ASSERT_EQ(0, sysfs_write(OVERRIDE, "\n"));
	ASSERT_EQ(0, ap_queue_unbind(CARD_HOST, DOMAIN_1));
	ASSERT_EQ(0, sysfs_write(AP_BUS "/drivers_probe", "09.0006"));
}

int main(int argc, char **argv)
{
	return test_harness_run(argc, argv);
}
