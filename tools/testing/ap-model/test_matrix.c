// SPDX-License-Identifier: GPL-2.0
/*
 * Matrices, each rule against a model that goes through all 65536 queues, on
 * matrices that are known and on many that are random.
 */
#include <string.h>

#include "unit.h"
#include "vfio_ap_matrix.h"

#define ROUNDS	200
#define QUEUES	(VFIO_AP_IDS * VFIO_AP_IDS)

static u64 seed;

static u64 random_word(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return seed;
}

/* From nothing to nearly everything. */
static struct vfio_ap_mask random_mask(void)
{
	unsigned int density = random_word() % 5;
	struct vfio_ap_mask mask = {};

	for (unsigned int id = 0; id < VFIO_AP_IDS; id++) {
		if (random_word() % 4 < density)
			vfio_ap_mask_add(&mask, id);
	}
	return mask;
}

static struct vfio_ap_matrix random_matrix(void)
{
	return (struct vfio_ap_matrix){ random_mask(), random_mask(),
					random_mask() };
}

/* One bit other than before, as most changes are. */
static struct vfio_ap_matrix random_change(struct vfio_ap_matrix matrix)
{
	struct vfio_ap_mask *mask = random_word() % 2 ? &matrix.adapters :
							&matrix.domains;
	unsigned int id = random_word() % VFIO_AP_IDS;

	if (vfio_ap_mask_has(mask, id))
		vfio_ap_mask_drop(mask, id);
	else
		vfio_ap_mask_add(mask, id);
	return matrix;
}

static struct vfio_ap_matrix product(unsigned int adapter, unsigned int domain)
{
	struct vfio_ap_matrix matrix = {};

	vfio_ap_mask_add(&matrix.adapters, adapter);
	vfio_ap_mask_add(&matrix.domains, domain);
	return matrix;
}

void test_set_up(void)
{
	seed = 0x2545f4914f6cdd1dULL;
}

void test_tear_down(void)
{
}

TEST(matrix_numbers_queues_as_the_machine_does)
{
	CHECK_EQ(vfio_ap_apqn(0x12, 0x34), 0x1234);
	CHECK_EQ(vfio_ap_adapter_of(0x1234), 0x12);
	CHECK_EQ(vfio_ap_domain_of(0x1234), 0x34);
}

TEST(matrix_within_the_machines_limits)
{
	struct vfio_ap_matrix matrix = product(63, 15);

	vfio_ap_mask_add(&matrix.controls, 15);
	CHECK(vfio_ap_matrix_within(&matrix, 63, 15));
	CHECK(!vfio_ap_matrix_within(&matrix, 62, 15));
	CHECK(!vfio_ap_matrix_within(&matrix, 63, 14));
	CHECK(vfio_ap_matrix_within(&matrix, 255, 255));

	matrix = product(255, 255);
	CHECK(vfio_ap_matrix_within(&matrix, 255, 255));
	CHECK(!vfio_ap_matrix_within(&matrix, 254, 255));
	CHECK(!vfio_ap_matrix_within(&matrix, 255, 254));

	memset(&matrix, 0, sizeof(matrix));
	vfio_ap_mask_add(&matrix.controls, 16);
	CHECK(!vfio_ap_matrix_within(&matrix, 63, 15));
	CHECK(vfio_ap_matrix_within(&matrix, 0, 16));
}

TEST(matrix_added_is_what_comes_in)
{
	for (unsigned int round = 0; round < ROUNDS; round++) {
		struct vfio_ap_matrix before = random_matrix();
		struct vfio_ap_matrix after = round % 2 ? random_matrix() :
							  random_change(before);
		struct vfio_ap_matrix added[2];
		unsigned int wrong = 0;

		vfio_ap_matrix_added(&before, &after, added);
		for (unsigned int apqn = 0; apqn < QUEUES; apqn++) {
			bool is = vfio_ap_matrix_has(&added[0], apqn) ||
				  vfio_ap_matrix_has(&added[1], apqn);

			wrong += is != (vfio_ap_matrix_has(&after, apqn) &&
					!vfio_ap_matrix_has(&before, apqn));
		}
		CHECK_EQ(wrong, 0);
	}
}

TEST(matrix_shared_is_what_both_have)
{
	for (unsigned int round = 0; round < ROUNDS; round++) {
		struct vfio_ap_matrix a = random_matrix(), b = random_matrix();
		struct vfio_ap_matrix shared;
		unsigned int wrong = 0, count = 0;
		bool any = vfio_ap_matrix_shared(&a, &b, &shared);

		for (unsigned int apqn = 0; apqn < QUEUES; apqn++) {
			bool both = vfio_ap_matrix_has(&a, apqn) &&
				    vfio_ap_matrix_has(&b, apqn);

			count += both;
			wrong += vfio_ap_matrix_has(&shared, apqn) != both;
		}
		CHECK_EQ(wrong, 0);
		CHECK_EQ(any, count != 0);
	}
}

TEST(matrix_adapter_or_domain_alone_shares_no_queue)
{
	struct vfio_ap_matrix a = product(3, 6), b = product(3, 7), shared;

	CHECK(!vfio_ap_matrix_shared(&a, &b, &shared));
	b = product(4, 6);
	CHECK(!vfio_ap_matrix_shared(&a, &b, &shared));
	b = product(3, 6);
	CHECK(vfio_ap_matrix_shared(&a, &b, &shared));
	b.domains = (struct vfio_ap_mask){};
	CHECK(!vfio_ap_matrix_shared(&a, &b, &shared));
}

static bool bad[QUEUES];
static unsigned int asked;

static bool usable(u16 apqn)
{
	asked++;
	return !bad[apqn];
}

static struct vfio_ap_matrix model_filter(const struct vfio_ap_matrix *assigned,
					  const struct vfio_ap_matrix *host)
{
	struct vfio_ap_matrix guest = {};

	for (unsigned int id = 0; id < VFIO_AP_IDS; id++) {
		if (vfio_ap_mask_has(&assigned->domains, id) &&
		    vfio_ap_mask_has(&host->domains, id))
			vfio_ap_mask_add(&guest.domains, id);
		if (vfio_ap_mask_has(&assigned->controls, id) &&
		    vfio_ap_mask_has(&host->controls, id))
			vfio_ap_mask_add(&guest.controls, id);
	}
	for (unsigned int id = 0; id < VFIO_AP_IDS; id++) {
		bool whole = vfio_ap_mask_has(&assigned->adapters, id) &&
			     vfio_ap_mask_has(&host->adapters, id);

		for (unsigned int domain = 0; domain < VFIO_AP_IDS; domain++)
			whole = whole &&
				!(vfio_ap_mask_has(&guest.domains, domain) &&
				  bad[vfio_ap_apqn(id, domain)]);
		if (whole)
			vfio_ap_mask_add(&guest.adapters, id);
	}
	return guest;
}

static void some_bad(unsigned int one_in)
{
	for (unsigned int apqn = 0; apqn < QUEUES; apqn++)
		bad[apqn] = random_word() % one_in == 0;
}

TEST(filter_drops_adapters_that_are_not_whole)
{
	for (unsigned int round = 0; round < ROUNDS; round++) {
		struct vfio_ap_matrix assigned = random_matrix();
		struct vfio_ap_matrix host = random_matrix();
		struct vfio_ap_matrix guest = {};
		struct vfio_ap_matrix model;

		some_bad(round % 2 ? 100 : 1000);
		model = model_filter(&assigned, &host);
		vfio_ap_matrix_filter(&guest, &assigned, &host, usable);
		CHECK(vfio_ap_matrix_equal(&guest, &model));
	}
}

/* What is known need not be asked again: the result is that of asking all. */
TEST(filter_goes_on_from_what_is_known)
{
	for (unsigned int round = 0; round < ROUNDS; round++) {
		struct vfio_ap_matrix assigned = random_matrix();
		struct vfio_ap_matrix host = random_matrix();
		struct vfio_ap_matrix guest = {}, model;

		some_bad(1000);
		vfio_ap_matrix_filter(&guest, &assigned, &host, usable);
		for (unsigned int step = 0; step < 5; step++) {
			if (step % 2)
				assigned = random_change(assigned);
			else
				host = random_change(host);
			model = model_filter(&assigned, &host);
			vfio_ap_matrix_filter(&guest, &assigned, &host, usable);
			CHECK(vfio_ap_matrix_equal(&guest, &model));
		}
	}
}

TEST(filter_asks_for_what_is_new_only)
{
	struct vfio_ap_matrix all, assigned, guest = {};

	memset(&all, 0xff, sizeof(all));
	memset(bad, 0, sizeof(bad));
	assigned = all;
	vfio_ap_mask_drop(&assigned.adapters, 77);
	vfio_ap_mask_drop(&assigned.domains, 88);
	vfio_ap_matrix_filter(&guest, &assigned, &all, usable);

	asked = 0;
	vfio_ap_matrix_filter(&guest, &assigned, &all, usable);
	CHECK_EQ(asked, 0);

	vfio_ap_mask_add(&assigned.adapters, 77);
	vfio_ap_matrix_filter(&guest, &assigned, &all, usable);
	CHECK_EQ(asked, 255);

	asked = 0;
	vfio_ap_mask_add(&assigned.domains, 88);
	vfio_ap_matrix_filter(&guest, &assigned, &all, usable);
	CHECK_EQ(asked, 256);

	asked = 0;
	vfio_ap_mask_drop(&assigned.domains, 88);
	vfio_ap_matrix_filter(&guest, &assigned, &all, usable);
	CHECK_EQ(asked, 0);
	CHECK(vfio_ap_matrix_equal(&guest, &assigned));
}

static u8 left[QUEUES];

static void leave(u16 apqn, void *context)
{
	unsigned int *count = context;

	left[apqn]++;
	(*count)++;
}

/* B9: also when adapters and domains go at once; each queue once. */
TEST(B9_leaving_is_each_queue_that_goes)
{
	for (unsigned int round = 0; round < ROUNDS; round++) {
		struct vfio_ap_matrix before = random_matrix();
		struct vfio_ap_matrix after = round % 2 ? random_matrix() :
							  random_change(before);
		unsigned int count = 0, wrong = 0, expected = 0;

		memset(left, 0, sizeof(left));
		vfio_ap_matrix_leaving(&before, &after, leave, &count);
		for (unsigned int apqn = 0; apqn < QUEUES; apqn++) {
			bool goes = vfio_ap_matrix_has(&before, apqn) &&
				    !vfio_ap_matrix_has(&after, apqn);

			expected += goes;
			wrong += left[apqn] != goes;
		}
		CHECK_EQ(wrong, 0);
		CHECK_EQ(count, expected);
	}
}
