/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Masks of 256 adapters or domains, as the machine numbers them: bit 0 is the
 * leftmost.
 *
 * Pure: no kernel service; compiled for tests on any 64-bit machine as well.
 */
#ifndef VFIO_AP_MASK_H
#define VFIO_AP_MASK_H

#include <linux/types.h>

#define VFIO_AP_IDS	256
#define VFIO_AP_NONE	(~0U)
#define VFIO_AP_WORDS	(VFIO_AP_IDS / 64)

/**
 * struct vfio_ap_mask - a set of adapters, domains or control domains
 * @word: 64 of them each; as the machine has it, on a big-endian one
 */
struct vfio_ap_mask {
	unsigned long word[VFIO_AP_WORDS];
};

static inline unsigned long vfio_ap_mask_bit(unsigned int id)
{
	return 1UL << (63 - id % 64);
}

static inline bool vfio_ap_mask_has(const struct vfio_ap_mask *mask,
				    unsigned int id)
{
	return mask->word[id / 64] & vfio_ap_mask_bit(id);
}

static inline void vfio_ap_mask_add(struct vfio_ap_mask *mask, unsigned int id)
{
	mask->word[id / 64] |= vfio_ap_mask_bit(id);
}

static inline void vfio_ap_mask_drop(struct vfio_ap_mask *mask, unsigned int id)
{
	mask->word[id / 64] &= ~vfio_ap_mask_bit(id);
}

/* What both have. */
static inline struct vfio_ap_mask vfio_ap_mask_both(const struct vfio_ap_mask *a,
						    const struct vfio_ap_mask *b)
{
	struct vfio_ap_mask both;

	for (unsigned int i = 0; i < VFIO_AP_WORDS; i++)
		both.word[i] = a->word[i] & b->word[i];
	return both;
}

/* What @a has and @b has not. */
static inline struct vfio_ap_mask vfio_ap_mask_less(const struct vfio_ap_mask *a,
						    const struct vfio_ap_mask *b)
{
	struct vfio_ap_mask less;

	for (unsigned int i = 0; i < VFIO_AP_WORDS; i++)
		less.word[i] = a->word[i] & ~b->word[i];
	return less;
}

/* The first in @mask from @id on, or VFIO_AP_IDS. */
static inline unsigned int vfio_ap_mask_next(const struct vfio_ap_mask *mask,
					     unsigned int id)
{
	unsigned long word;

	if (id >= VFIO_AP_IDS)
		return VFIO_AP_IDS;
	word = mask->word[id / 64] & (~0UL >> id % 64);
	for (unsigned int i = id / 64;; word = mask->word[i]) {
		if (word)
			return i * 64 + __builtin_clzl(word);
		if (++i == VFIO_AP_WORDS)
			return VFIO_AP_IDS;
	}
}

/*
 * Go through @mask: with @id VFIO_AP_NONE to begin with, true as long as there is
 * one more, which is then in @id.
 */
static inline bool vfio_ap_mask_each(const struct vfio_ap_mask *mask,
				     unsigned int *id)
{
	*id = vfio_ap_mask_next(mask, *id + 1);
	return *id < VFIO_AP_IDS;
}

static inline bool vfio_ap_mask_empty(const struct vfio_ap_mask *mask)
{
	return vfio_ap_mask_next(mask, 0) == VFIO_AP_IDS;
}

#endif
