// SPDX-License-Identifier: GPL-2.0
/*
 * One channel program's life: memory for it, the guest pages it needs, and the
 * way back of the addresses that the channel stores.
 */
#include <linux/gfp.h>
#include <linux/io.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include <asm/cio.h>

#include "vfio_ccw_cp.h"
#include "vfio_ccw_pages.h"

/* The bits that say which ESW words hold an address (extended-report word). */
#define ERW_FAILING_STORAGE	0x02000000u
#define ERW_SECONDARY_CCW	0x00800000u
#define ERW_FAILING_STORAGE_64	0x00400000u

/* What the channel fetches by itself must lie below 2 GiB. */
#define GFP_CHANNEL	(GFP_KERNEL_ACCOUNT | GFP_DMA | __GFP_ZERO)

/*
 * Where the data of CCWs goes that transfer none.  One for all: nobody reads
 * it.
 */
static void *sink;

int __init vfio_ccw_cp_setup(void)
{
	sink = (void *)get_zeroed_page(GFP_KERNEL | GFP_DMA);
	return sink ? 0 : -ENOMEM;
}

void vfio_ccw_cp_cleanup(void)
{
	free_page((unsigned long)sink);
}

static int read_guest(void *ctx, u64 guest, void *to, u32 len)
{
	return vfio_ccw_pages_read(ctx, guest, to, len);
}

static void *grow_array(struct cprog *prog, enum cprog_array which, void *array,
			u32 *count)
{
	size_t size = cprog_element_size(which);

	*count = max3(*count, 2 * prog->room[which], (u32)(256 / size));
	return kvrealloc(array, *count * size, GFP_KERNEL_ACCOUNT);
}

static int grow_host(struct cprog *prog, u32 count)
{
	size_t size = cprog_element_size(CPROG_HOST);
	struct cprog_ccw1 *host;

	count = PAGE_ALIGN(count * size) / size;
	host = alloc_pages_exact(count * size, GFP_CHANNEL);
	if (!host)
		return -ENOMEM;

	if (prog->host)
		free_pages_exact(prog->host, prog->room[CPROG_HOST] * size);
	prog->host = host;
	prog->host_addr = virt_to_phys(host);
	prog->room[CPROG_HOST] = count;
	return 0;
}

static int grow_idaw(struct cprog *prog, u32 count)
{
	u32 room = count;
	struct cprog_idaw_page *idaw;

	idaw = grow_array(prog, CPROG_IDAW, prog->idaw, &room);
	if (!idaw)
		return -ENOMEM;
	prog->idaw = idaw;

	for (u32 i = prog->room[CPROG_IDAW]; i < count; i++) {
		idaw[i].word = (void *)get_zeroed_page(GFP_CHANNEL);
		if (!idaw[i].word)
			return -ENOMEM;
		idaw[i].addr = virt_to_phys(idaw[i].word);
		prog->room[CPROG_IDAW] = i + 1;
	}
	return 0;
}

static int grow(void *ctx, struct cprog *prog, enum cprog_array which,
		u32 count)
{
	void *array;

	switch (which) {
	case CPROG_HOST:
		return grow_host(prog, count);
	case CPROG_IDAW:
		return grow_idaw(prog, count);
	case CPROG_CCW:
		array = grow_array(prog, which, prog->ccw, &count);
		if (array)
			prog->ccw = array;
		break;
	case CPROG_RUN:
		array = grow_array(prog, which, prog->run, &count);
		if (array)
			prog->run = array;
		break;
	case CPROG_PAGE:
		array = grow_array(prog, which, prog->page, &count);
		if (array)
			prog->page = array;
		break;
	default:
		return -EINVAL;
	}

	if (!array)
		return -ENOMEM;
	prog->room[which] = count;
	return 0;
}

static const struct cprog_services services = {
	.read = read_guest,
	.grow = grow,
};

/**
 * vfio_ccw_cp_build() - Make a guest's channel program one that can run.
 * @cp: where to; nothing is loaded there
 * @vdev: the device, open
 * @orb: the guest's ORB, checked
 *
 * Context: Process context, may sleep; takes the container's lock.
 * Return: 0 and the program is loaded; -E2BIG if it has more than
 *	CPROG_MAX_CCWS CCWs; -ENOMEM; or the container's error.
 */
int vfio_ccw_cp_build(struct vfio_ccw_cp *cp, struct vfio_device *vdev,
		      const struct cprog_orb *orb)
{
	struct cprog *prog = &cp->prog;
	int ret;

	prog->sink = virt_to_phys(sink);
	ret = cprog_translate(prog, orb, &services, vdev);
	if (ret)
		return ret;
	ret = vfio_ccw_pages_pin(vdev, prog->page, prog->used[CPROG_PAGE]);
	if (ret)
		return ret;
	cprog_bind(prog);
	cp->loaded = true;
	return 0;
}

/**
 * vfio_ccw_cp_release() - Give the guest back what a program holds of it.
 * @cp: a program that the channel does not run, or none
 * @vdev: the device, open
 *
 * Context: Process context, may sleep; takes the container's lock.
 */
void vfio_ccw_cp_release(struct vfio_ccw_cp *cp, struct vfio_device *vdev)
{
	if (!cp->loaded)
		return;
	cp->loaded = false;
	vfio_ccw_pages_unpin(vdev, cp->prog.page, cp->prog.used[CPROG_PAGE]);
}

/**
 * vfio_ccw_cp_free() - Free the memory that is kept between programs.
 * @cp: nothing is loaded there
 */
void vfio_ccw_cp_free(struct vfio_ccw_cp *cp)
{
	struct cprog *prog = &cp->prog;

	for (u32 i = 0; i < prog->room[CPROG_IDAW]; i++)
		free_page((unsigned long)prog->idaw[i].word);
	if (prog->host)
		free_pages_exact(prog->host, prog->room[CPROG_HOST] *
				 cprog_element_size(CPROG_HOST));
	kvfree(prog->idaw);
	kvfree(prog->page);
	kvfree(prog->run);
	kvfree(prog->ccw);
	*prog = (struct cprog){};
}

/**
 * vfio_ccw_cp_overlaps() - Does the program hold guest memory in a range?
 * @cp: a program that nobody builds or releases just now, or none
 * @guest: start of the range
 * @length: its length in bytes
 */
bool vfio_ccw_cp_overlaps(const struct vfio_ccw_cp *cp, u64 guest, u64 length)
{
	return cp->loaded &&
	       vfio_ccw_pages_overlap(cp->prog.page, cp->prog.used[CPROG_PAGE],
				      guest, length);
}

/*
 * Format-0 ESW: failing-storage address in words 2 and 3 (the former alone, if
 * it has 31 bits), secondary-CCW address in word 4.  The other formats have
 * zeros there.
 */
static void restore_esw(const struct vfio_ccw_cp *cp, u32 *word)
{
	bool wide = word[1] & ERW_FAILING_STORAGE_64;
	u64 failing = wide ? (u64)word[2] << 32 | word[3] : word[2];
	u64 guest;

	word[2] = 0;
	word[3] = 0;
	if (cp && word[1] & ERW_FAILING_STORAGE &&
	    cprog_guest_data(&cp->prog, failing, &guest)) {
		word[1] |= ERW_FAILING_STORAGE_64;
		word[2] = upper_32_bits(guest);
		word[3] = lower_32_bits(guest);
	} else {
		word[1] &= ~(ERW_FAILING_STORAGE | ERW_FAILING_STORAGE_64);
	}

	if (cp && word[1] & ERW_SECONDARY_CCW) {
		word[4] = cprog_guest_ccw(&cp->prog, word[4]);
	} else {
		word[1] &= ~ERW_SECONDARY_CCW;
		word[4] = 0;
	}
}

/**
 * vfio_ccw_cp_restore_scsw() - Put the guest's CCW address into an SCSW.
 * @cp: the program whose status this is, or NULL if it is nobody's: then the
 *	field is cleared
 * @scsw: the subchannel-status word
 *
 * Context: Any.
 */
void vfio_ccw_cp_restore_scsw(const struct vfio_ccw_cp *cp, union scsw *scsw)
{
	u32 *word = (u32 *)scsw;

	word[1] = cp ? cprog_guest_ccw(&cp->prog, word[1]) : 0;
}

/**
 * vfio_ccw_cp_restore() - Put guest addresses where the channel stored its own.
 * @cp: the program whose status this is, or NULL if it is nobody's
 * @irb: the interruption-response block
 *
 * A field without a counterpart in the guest is cleared, as is its validity.
 *
 * Context: Any.
 */
void vfio_ccw_cp_restore(const struct vfio_ccw_cp *cp, struct irb *irb)
{
	vfio_ccw_cp_restore_scsw(cp, &irb->scsw);
	restore_esw(cp, (u32 *)&irb->esw);
}
