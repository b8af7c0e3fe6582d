// SPDX-License-Identifier: GPL-2.0
/*
 * What userspace finds in sysfs: the matrix device, its type, and the
 * attributes of a mediated device, with every error that a number can make
 */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "kselftest_harness.h"

#include "host.h"

FIXTURE(attribute) {
	char path[MATRIX_PATH];
	char text[128];
};

FIXTURE_SETUP(attribute)
{
	ASSERT_TRUE(host_start());
	ASSERT_EQ(0, matrix_create(UUID_A));
}

FIXTURE_TEARDOWN(attribute)
{
	host_end();
}

TEST_F(attribute, matrix_device)
{
	EXPECT_EQ(0, sysfs_read(MATRIX "/features", self->text, sizeof(self->text)));
	EXPECT_STREQ("guest_matrix hotplug ap_config", self->text);
	EXPECT_TRUE(sysfs_exists("/sys/bus/matrix/devices/matrix/features"));
	EXPECT_EQ(0, sysfs_link(MATRIX "/driver", self->text, sizeof(self->text)));
	EXPECT_STREQ("vfio_ap", self->text);
	EXPECT_FALSE(sysfs_exists("/sys/bus/matrix/drivers/vfio_ap/bind"));
	EXPECT_FALSE(sysfs_exists("/sys/bus/matrix/drivers/vfio_ap/unbind"));
	EXPECT_TRUE(sysfs_exists(AP_BUS "/drivers/vfio_ap/bind"));
	EXPECT_TRUE(sysfs_exists(AP_BUS "/drivers/vfio_ap/unbind"));
}

TEST_F(attribute, type)
{
	EXPECT_EQ(0, sysfs_read(MATRIX_TYPE "/name", self->text, sizeof(self->text)));
	EXPECT_STREQ("VFIO AP Passthrough Device", self->text);
	EXPECT_EQ(0, sysfs_read(MATRIX_TYPE "/device_api", self->text, sizeof(self->text)));
	EXPECT_STREQ("vfio-ap", self->text);
	EXPECT_EQ(0, sysfs_read(MATRIX_TYPE "/available_instances", self->text,
				sizeof(self->text)));
	EXPECT_STREQ("65535", self->text);
	EXPECT_EQ(0, matrix_remove(UUID_A));
	EXPECT_EQ(0, sysfs_read(MATRIX_TYPE "/available_instances", self->text,
				sizeof(self->text)));
	EXPECT_STREQ("65536", self->text);
}

TEST_F(attribute, mediated_device)
{
	static const struct {
		const char *name;
		mode_t mode;
	} attributes[] = {
		{ "assign_adapter", 0200 }, { "unassign_adapter", 0200 },
		{ "assign_domain", 0200 }, { "unassign_domain", 0200 },
		{ "assign_control_domain", 0200 }, { "unassign_control_domain", 0200 },
		{ "control_domains", 0444 }, { "matrix", 0444 }, { "guest_matrix", 0444 },
		{ "ap_config", 0644 },
	};
	struct stat st;
	size_t i;

	matrix_path(self->path, UUID_A, "driver");
	EXPECT_EQ(0, sysfs_link(self->path, self->text, sizeof(self->text)));
	EXPECT_STREQ("vfio_ap_mdev", self->text);
	for (i = 0; i < ARRAY_SIZE(attributes); i++) {
		TH_LOG("%s", attributes[i].name);
		ASSERT_EQ(0, stat(matrix_path(self->path, UUID_A, attributes[i].name), &st));
		EXPECT_EQ(attributes[i].mode, st.st_mode & 0777);
	}
}

/* One number, and what is wrong with it: the same for all six attributes */
FIXTURE(number) {
};

FIXTURE_VARIANT(number) {
	const char *what;
	const char *read;
	const char *assigned;
};

FIXTURE_VARIANT_ADD(number, adapter) { "adapter", "matrix", "04." };
FIXTURE_VARIANT_ADD(number, domain) { "domain", "matrix", ".0004" };
FIXTURE_VARIANT_ADD(number, control_domain) { "control_domain", "control_domains", "0004" };

FIXTURE_SETUP(number)
{
	ASSERT_TRUE(host_start());
	ASSERT_EQ(0, matrix_create(UUID_A));
}

FIXTURE_TEARDOWN(number)
{
	host_end();
}

TEST_F(number, of_any_base)
{
	static const char * const four[] = { "4", "0x4", "04", "4\n", "0X04", "+4" };
	char assign[32], unassign[32];
	size_t i;

	snprintf(assign, sizeof(assign), "assign_%s", variant->what);
	snprintf(unassign, sizeof(unassign), "unassign_%s", variant->what);
	for (i = 0; i < ARRAY_SIZE(four); i++) {
		TH_LOG("'%s'", four[i]);
		EXPECT_EQ(0, matrix_write(UUID_A, assign, four[i]));
		EXPECT_TRUE(matrix_is(UUID_A, variant->read, variant->assigned));
		/* A5: once more changes nothing, both ways. */
		EXPECT_EQ(0, matrix_write(UUID_A, assign, four[i]));
		EXPECT_TRUE(matrix_is(UUID_A, variant->read, variant->assigned));
		EXPECT_EQ(0, matrix_write(UUID_A, unassign, four[i]));
		EXPECT_TRUE(matrix_is(UUID_A, variant->read, ""));
		EXPECT_EQ(0, matrix_write(UUID_A, unassign, four[i]));
		EXPECT_TRUE(matrix_is(UUID_A, variant->read, ""));
	}
}

TEST_F(number, wrong)
{
	static const struct {
		const char *text;
		int error;
	} wrong[] = {
		{ "", 0 },	/* writes nothing: the attribute is not asked */
		{ "\n", -EINVAL }, { "x", -EINVAL }, { "4x", -EINVAL }, { "4 5", -EINVAL },
		{ "-1", -EINVAL }, { "0x", -EINVAL }, { "08", -EINVAL },
		{ "99999999999999999999999", -ERANGE },
		{ "256", -ENODEV }, { "0x100", -ENODEV }, { "18446744073709551615", -ENODEV },
	};
	char attribute[32];
	size_t i, k;

	for (k = 0; k < 2; k++) {
		snprintf(attribute, sizeof(attribute), "%sassign_%s", k ? "un" : "",
			 variant->what);
		for (i = 0; i < ARRAY_SIZE(wrong); i++) {
			TH_LOG("%s '%s'", attribute, wrong[i].text);
			EXPECT_EQ(wrong[i].error, matrix_write(UUID_A, attribute, wrong[i].text));
			EXPECT_TRUE(matrix_is(UUID_A, variant->read, ""));
		}
	}
}

TEST_F(number, limits)
{
	char assign[32];

	snprintf(assign, sizeof(assign), "assign_%s", variant->what);
	EXPECT_EQ(0, matrix_write(UUID_A, assign, "0xff"));
	/* 0 is among what the host has not given away, but alone it names no queue. */
	EXPECT_EQ(0, matrix_write(UUID_A, assign, "0"));
}

TEST_F(attribute, matrix_text)
{
	EXPECT_TRUE(matrix_is(UUID_A, "matrix", ""));
	EXPECT_TRUE(matrix_is(UUID_A, "guest_matrix", ""));
	EXPECT_TRUE(matrix_is(UUID_A, "control_domains", ""));
	EXPECT_EQ(0, matrix_set(UUID_A, "assign_adapter", CARD_2));
	EXPECT_EQ(0, matrix_set(UUID_A, "assign_adapter", CARD_1));
	EXPECT_TRUE(matrix_is(UUID_A, "matrix", "03. 04."));
	EXPECT_TRUE(matrix_is(UUID_A, "guest_matrix", "03. 04."));
	EXPECT_EQ(0, matrix_set(UUID_A, "assign_domain", DOMAIN_3));
	EXPECT_EQ(0, matrix_set(UUID_A, "assign_domain", DOMAIN_1));
	EXPECT_TRUE(matrix_is(UUID_A, "matrix", "03.0006 03.00ab 04.0006 04.00ab"));
	EXPECT_TRUE(matrix_is(UUID_A, "guest_matrix", "03.0006 03.00ab 04.0006 04.00ab"));
	EXPECT_EQ(0, matrix_set(UUID_A, "unassign_adapter", CARD_1));
	EXPECT_EQ(0, matrix_set(UUID_A, "unassign_adapter", CARD_2));
	EXPECT_TRUE(matrix_is(UUID_A, "matrix", ".0006 .00ab"));
	EXPECT_TRUE(matrix_is(UUID_A, "guest_matrix", ".0006 .00ab"));
}

/* What the machine does not have may be assigned, and is left out of the guest's. */
TEST_F(attribute, more_than_there_is)
{
	/* But nothing that would be the host's if it came. */
	EXPECT_EQ(0, matrix_set(UUID_A, "assign_adapter", 0x77));
	EXPECT_EQ(-EADDRNOTAVAIL, matrix_set(UUID_A, "assign_domain", 0x99));
	EXPECT_TRUE(matrix_is(UUID_A, "matrix", "77."));
	ASSERT_EQ(0, matrix_set(UUID_A, "unassign_adapter", 0x77));

	ASSERT_EQ(0, ap_host_mask("apmask", "-0x77"));
	EXPECT_EQ(0, matrix_set(UUID_A, "assign_adapter", 0x77));
	EXPECT_EQ(0, matrix_set(UUID_A, "assign_adapter", CARD_1));
	EXPECT_EQ(0, matrix_set(UUID_A, "assign_domain", DOMAIN_1));
	EXPECT_EQ(0, matrix_set(UUID_A, "assign_domain", 0x99));
	EXPECT_TRUE(matrix_is(UUID_A, "matrix", "03.0006 03.0099 77.0006 77.0099"));
	EXPECT_TRUE(matrix_is(UUID_A, "guest_matrix", "03.0006"));
}

TEST_F(attribute, control_domains)
{
	EXPECT_EQ(0, matrix_set(UUID_A, "assign_control_domain", DOMAIN_3));
	EXPECT_EQ(0, matrix_set(UUID_A, "assign_control_domain", DOMAIN_1));
	EXPECT_EQ(0, matrix_set(UUID_A, "assign_control_domain", 0));
	EXPECT_EQ(0, matrix_set(UUID_A, "assign_control_domain", 0xff));
	EXPECT_TRUE(matrix_is(UUID_A, "control_domains", "0000 0006 00ab 00ff"));
	EXPECT_TRUE(matrix_is(UUID_A, "matrix", ""));
}

/* A10: one queue, in each state */
TEST_F(attribute, status_of_a_queue)
{
	struct guest guest;

	EXPECT_TRUE(host_status_becomes(CARD_1, DOMAIN_1, "unassigned"));
	EXPECT_EQ(0, matrix_set(UUID_A, "assign_adapter", CARD_1));
	EXPECT_TRUE(host_status_becomes(CARD_1, DOMAIN_1, "unassigned"));
	EXPECT_EQ(0, matrix_set(UUID_A, "assign_domain", DOMAIN_1));
	EXPECT_TRUE(host_status_becomes(CARD_1, DOMAIN_1, "assigned"));
	ASSERT_EQ(0, guest_open(&guest, UUID_A));
	EXPECT_TRUE(host_status_becomes(CARD_1, DOMAIN_1, "in use"));
	EXPECT_TRUE(host_status_becomes(CARD_1, DOMAIN_2, "unassigned"));
	EXPECT_TRUE(host_status_becomes(CARD_2, DOMAIN_1, "unassigned"));
	guest_close(&guest);
	EXPECT_TRUE(host_status_becomes(CARD_1, DOMAIN_1, "assigned"));
	EXPECT_EQ(0, matrix_set(UUID_A, "unassign_domain", DOMAIN_1));
	EXPECT_TRUE(host_status_becomes(CARD_1, DOMAIN_1, "unassigned"));
}

/* A6: whichever goes first, and both at once, each queue is let go. */
TEST_F(attribute, every_queue_is_let_go)
{
	static const int cards[] = { CARD_1, CARD_2, -1 }, domains[] = { DOMAIN_1, DOMAIN_2, -1 };
	int round, i, k;

	for (round = 0; round < 3; round++) {
		TH_LOG("round %d", round);
		for (i = 0; i < 2; i++) {
			ASSERT_EQ(0, matrix_set(UUID_A, "assign_adapter", cards[i]));
			ASSERT_EQ(0, matrix_set(UUID_A, "assign_domain", domains[i]));
		}
		EXPECT_TRUE(host_status_becomes(CARD_2, DOMAIN_2, "assigned"));
		for (i = 0; i < 2 && round < 2; i++) {
			ASSERT_EQ(0, round ? matrix_set(UUID_A, "unassign_adapter", cards[i]) :
					     matrix_set(UUID_A, "unassign_domain", domains[i]));
			ASSERT_EQ(0, round ? matrix_set(UUID_A, "unassign_domain", domains[i]) :
					     matrix_set(UUID_A, "unassign_adapter", cards[i]));
		}
		if (round == 2)
			ASSERT_EQ(0, matrix_write(UUID_A, "ap_config", "0x0,0x0,0x0"));
		for (i = 0; i < 2; i++)
			for (k = 0; k < 2; k++)
				EXPECT_TRUE(host_status_becomes(cards[i], domains[k],
								"unassigned"));
		EXPECT_TRUE(matrix_is(UUID_A, "matrix", ""));
	}
	EXPECT_EQ(0, matrix_remove(UUID_A));
}

/*
 * A4: a queue that the driver cannot take, half way through, is nobody's, and next
 * time it can. To see it fail, leave out device_remove_file() in queue_probe().
 */
TEST_F(attribute, queue_that_cannot_be_taken)
{
	char text[64];
	int ret;

	ASSERT_EQ(0, ap_queue_unbind(CARD_1, DOMAIN_1));
	ASSERT_EQ(0, apmachine("insert-fails 1"));
	ret = ap_queue_bind(CARD_1, DOMAIN_1, "vfio_ap");
	if (!ret)
		SKIP(return, "this driver keeps its queues where that cannot fail");
	EXPECT_EQ(-ENOMEM, ret);
	EXPECT_EQ(-ENOENT, ap_queue_read(CARD_1, DOMAIN_1, "status", text, sizeof(text)));
	EXPECT_EQ(0, ap_queue_driver(CARD_1, DOMAIN_1, text, sizeof(text)));
	EXPECT_STREQ("", text);
	ASSERT_EQ(0, ap_queue_bind(CARD_1, DOMAIN_1, "vfio_ap"));
	EXPECT_TRUE(host_status_becomes(CARD_1, DOMAIN_1, "unassigned"));
}

int main(int argc, char **argv)
{
	return test_harness_run(argc, argv);
}
