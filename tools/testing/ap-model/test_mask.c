// SPDX-License-Identifier: GPL-2.0
/* Masks: which bit is whose, and going through them. */
#include "unit.h"
#include "vfio_ap_mask.h"

const char *const test_subject = "vfio_ap";

TEST(mask_bit_0_is_the_leftmost)
{
	struct vfio_ap_mask mask = {};

	vfio_ap_mask_add(&mask, 0);
	vfio_ap_mask_add(&mask, 63);
	vfio_ap_mask_add(&mask, 64);
	vfio_ap_mask_add(&mask, 255);
	CHECK_EQ(mask.word[0], 0x8000000000000001);
	CHECK_EQ(mask.word[1], 0x8000000000000000);
	CHECK_EQ(mask.word[2], 0);
	CHECK_EQ(mask.word[3], 1);
}

TEST(mask_add_and_drop_one_bit)
{
	for (unsigned int id = 0; id < VFIO_AP_IDS; id++) {
		struct vfio_ap_mask mask = {};

		vfio_ap_mask_add(&mask, id);
		for (unsigned int other = 0; other < VFIO_AP_IDS; other++)
			CHECK_EQ(vfio_ap_mask_has(&mask, other), other == id);
		CHECK_EQ(vfio_ap_mask_next(&mask, 0), id);
		CHECK_EQ(vfio_ap_mask_next(&mask, id), id);
		CHECK_EQ(vfio_ap_mask_next(&mask, id + 1), VFIO_AP_IDS);
		CHECK(!vfio_ap_mask_empty(&mask));
		vfio_ap_mask_drop(&mask, id);
		CHECK(vfio_ap_mask_empty(&mask));
	}
}

TEST(mask_goes_through_all_of_it_in_order)
{
	static const unsigned int ids[] = { 0, 1, 62, 63, 64, 127, 128, 200, 255 };
	const unsigned int count = sizeof(ids) / sizeof(*ids);
	struct vfio_ap_mask mask = {};
	unsigned int id = VFIO_AP_NONE, seen = 0;

	for (unsigned int i = 0; i < count; i++)
		vfio_ap_mask_add(&mask, ids[i]);
	while (vfio_ap_mask_each(&mask, &id)) {
		CHECK(seen < count && id == ids[seen]);
		seen++;
	}
	CHECK_EQ(seen, count);
}

TEST(mask_both_and_less)
{
	struct vfio_ap_mask a = { { 0xf0, 0, 0xff, 1 } };
	struct vfio_ap_mask b = { { 0x30, 7, 0xf0, 2 } };
	struct vfio_ap_mask both = vfio_ap_mask_both(&a, &b);
	struct vfio_ap_mask less = vfio_ap_mask_less(&a, &b);

	CHECK_EQ(both.word[0], 0x30);
	CHECK_EQ(both.word[1], 0);
	CHECK_EQ(both.word[2], 0xf0);
	CHECK_EQ(both.word[3], 0);
	CHECK_EQ(less.word[0], 0xc0);
	CHECK_EQ(less.word[1], 0);
	CHECK_EQ(less.word[2], 0x0f);
	CHECK_EQ(less.word[3], 1);
}
