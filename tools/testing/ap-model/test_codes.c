// SPDX-License-Identifier: GPL-2.0
/* A7: what follows from each response code, for all there can be. */
#include "unit.h"
#include "vfio_ap_codes.h"

/* What is expected of the codes that are known; the rest is one of a kind. */
struct row {
	u8 code;
	int next;
};

static void check_table(int (*function)(u8 code), const struct row *row,
			unsigned int rows, int other)
{
	for (unsigned int code = 0; code < 256; code++) {
		int expected = other;

		for (unsigned int i = 0; i < rows; i++) {
			if (row[i].code == code)
				expected = row[i].next;
		}
		if (function(code) != expected)
			test_failed(__FILE__, __LINE__, "code", code, expected);
	}
}

#define CHECK_TABLE(function, other, ...) do {				\
	static const struct row _row[] = { __VA_ARGS__ };		\
									\
	check_table(function, _row, sizeof(_row) / sizeof(*_row), other); \
} while (0)

static int zapq(u8 code)
{
	return vfio_ap_after_zapq(code);
}

TEST(A7_zapq)
{
	CHECK_TABLE(zapq, VFIO_AP_RESET_FAILED,
		    { 0x00, VFIO_AP_RESET_TAPQ }, { 0x02, VFIO_AP_RESET_TAPQ },
		    { 0x05, VFIO_AP_RESET_TAPQ }, { 0x0a, VFIO_AP_RESET_TAPQ },
		    { 0x01, VFIO_AP_RESET_DONE }, { 0x03, VFIO_AP_RESET_DONE },
		    { 0x04, VFIO_AP_RESET_DONE });
}

static u8 zapq_code;

static int tapq(u8 code)
{
	return vfio_ap_after_tapq(zapq_code, code);
}

TEST(A7_tapq_of_a_reset_that_was_accepted)
{
	zapq_code = 0x00;
	CHECK_TABLE(tapq, VFIO_AP_RESET_FAILED,
		    { 0x00, VFIO_AP_RESET_DONE }, { 0x01, VFIO_AP_RESET_DONE },
		    { 0x03, VFIO_AP_RESET_DONE }, { 0x04, VFIO_AP_RESET_DONE },
		    { 0x02, VFIO_AP_RESET_TAPQ }, { 0x05, VFIO_AP_RESET_TAPQ },
		    { 0x35, VFIO_AP_RESET_ZAPQ }, { 0x36, VFIO_AP_RESET_ZAPQ });
}

TEST(A9_a_reset_that_met_another_is_repeated)
{
	static const u8 codes[] = { 0x02, 0x05, 0x0a };

	for (unsigned int i = 0; i < sizeof(codes); i++) {
		zapq_code = codes[i];
		CHECK_TABLE(tapq, VFIO_AP_RESET_FAILED,
			    { 0x00, VFIO_AP_RESET_ZAPQ },
			    { 0x03, VFIO_AP_RESET_ZAPQ },
			    { 0x04, VFIO_AP_RESET_ZAPQ },
			    { 0x35, VFIO_AP_RESET_ZAPQ },
			    { 0x36, VFIO_AP_RESET_ZAPQ },
			    { 0x01, VFIO_AP_RESET_DONE },
			    { 0x02, VFIO_AP_RESET_TAPQ },
			    { 0x05, VFIO_AP_RESET_TAPQ });
	}
}

static int is_usable(u8 code)
{
	return vfio_ap_code_usable(code);
}

TEST(usable_are_queues_that_are_there_or_come_back)
{
	CHECK_TABLE(is_usable, false, { 0x00, true }, { 0x03, true },
		    { 0x04, true });
	CHECK(!vfio_ap_code_usable(VFIO_AP_UNVERIFIED));
}

static int after_enable(u8 code)
{
	return vfio_ap_after_enable(code);
}

/* P1: every code but two leaves no notification byte in use. */
TEST(P1_enable)
{
	CHECK_TABLE(after_enable, VFIO_AP_ENABLE_NONE,
		    { 0x00, VFIO_AP_ENABLE_NEW }, { 0x07, VFIO_AP_ENABLE_OLD });
}

static int after_disable(u8 code)
{
	return vfio_ap_after_disable(code);
}

TEST(disable)
{
	CHECK_TABLE(after_disable, VFIO_AP_DISABLE_FAILED,
		    { 0x00, VFIO_AP_DISABLE_LOOK },
		    { 0x07, VFIO_AP_DISABLE_LOOK },
		    { 0x02, VFIO_AP_DISABLE_AGAIN },
		    { 0x05, VFIO_AP_DISABLE_AGAIN },
		    { 0x01, VFIO_AP_DISABLE_OFF }, { 0x03, VFIO_AP_DISABLE_OFF },
		    { 0x04, VFIO_AP_DISABLE_OFF });
}
