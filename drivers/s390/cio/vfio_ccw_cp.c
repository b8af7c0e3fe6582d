// SPDX-License-Identifier: GPL-2.0
/*
 * One channel program's life: memory for it, the guest pages it needs, and the
 * way back of the addresses that the channel stores.
 */
#include <linux/array_size.h>
#include <linux/gfp.h>
#include <linux/io.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include <asm/cio.h>

#include "vfio_ccw_cp.h"
#include "vfio_ccw_keep.h"

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
	.read = vfio_ccw_pages_read,
	.grow = grow,
};

/* Pages that an image uses stay, as long as the channel may run it. */
static void set_busy(struct vfio_ccw_cp *cp, struct vfio_ccw_keep *keep)
{
	u64 turn = VFIO_CCW_KEEP_IDLE;

	for (unsigned int i = 0; i < ARRAY_SIZE(cp->image); i++)
		if (cp->image[i].loaded)
			turn = min(turn, cp->image[i].turn);
	vfio_ccw_keep_busy(keep, turn);
}

/* In a turn of its own: what was read, or held in a try before, need not stay. */
static int hold(struct vfio_ccw_cp *cp, struct vfio_ccw_image *image,
		struct vfio_ccw_keep *keep, bool guesses)
{
	struct cprog *prog = &image->prog;

	image->turn = vfio_ccw_keep_turn(keep);
	image->loaded = true;
	set_busy(cp, keep);
	return vfio_ccw_pages_hold(keep, prog->page, prog->used[CPROG_PAGE],
				   guesses, &image->hold);
}

static int load(struct vfio_ccw_cp *cp, struct vfio_ccw_image *image,
		struct vfio_ccw_keep *keep, const struct cprog_orb *orb)
{
	struct vfio_ccw_reader reader = { .keep = keep };
	struct cprog *prog = &image->prog;
	int ret;

	prog->sink = virt_to_phys(sink);
	vfio_ccw_keep_turn(keep);
	ret = cprog_translate(prog, orb, &services, &reader);
	vfio_ccw_pages_read_end(&reader);
	if (!ret) {
		ret = hold(cp, image, keep, true);
		/* A guess may have what is needed. */
		if (ret == -ENOMEM)
			ret = hold(cp, image, keep, false);
	}
	if (!ret) {
		cprog_bind(prog);
		return 0;
	}
	image->loaded = false;
	set_busy(cp, keep);
	return ret;
}

static void unload(struct vfio_ccw_cp *cp, struct vfio_ccw_image *image,
		   struct vfio_ccw_keep *keep)
{
	struct cprog *prog = &image->prog;

	if (!image->loaded)
		return;
	image->loaded = false;
	set_busy(cp, keep);
	if (image->hold.once)
		vfio_ccw_pages_release(keep, prog->page,
				       prog->used[CPROG_PAGE]);
}

static struct vfio_ccw_image *other_image(struct vfio_ccw_cp *cp)
{
	return &cp->image[!cp->current_image];
}

/**
 * vfio_ccw_cp_build() - Make a guest's channel program one that can run.
 * @cp: where to; nothing is loaded there
 * @keep: pages of the device, which is open
 * @orb: the guest's ORB, checked
 *
 * Context: Process context, may sleep; takes the container's lock.
 * Return: 0 and the program is loaded; -E2BIG if it has more than
 *	CPROG_MAX_CCWS CCWs; -ENOMEM; or the container's error.
 */
int vfio_ccw_cp_build(struct vfio_ccw_cp *cp, struct vfio_ccw_keep *keep,
		      const struct cprog_orb *orb)
{
	struct vfio_ccw_image *image = &cp->image[cp->current_image];

	cp->orb = *orb;
	cp->linked = false;
	image->prog.resumed = false;
	return load(cp, image, keep, orb);
}

/**
 * vfio_ccw_cp_rebuild() - Fetch the rest of a suspended program again.
 * @cp: the program; its other image is not loaded
 * @keep: pages of the device, which is open
 * @stop: where it stands
 *
 * The guest may have changed what it has not run yet.  The result is in the
 * other image, and of no effect until vfio_ccw_cp_link().
 *
 * Context: Process context, may sleep; takes the container's lock.
 * Return: As vfio_ccw_cp_build().
 */
int vfio_ccw_cp_rebuild(struct vfio_ccw_cp *cp, struct vfio_ccw_keep *keep,
			const struct cprog_stop *stop)
{
	struct vfio_ccw_image *image = other_image(cp);
	struct cprog_orb orb = cp->orb;

	orb.cpa = cpu_to_be32(stop->guest);
	image->prog.resumed = true;
	return load(cp, image, keep, &orb);
}

/**
 * vfio_ccw_cp_built() - What was built.
 * @cp: the program
 * @rest: what vfio_ccw_cp_rebuild() made, not vfio_ccw_cp_build()
 */
const struct vfio_ccw_image *vfio_ccw_cp_built(const struct vfio_ccw_cp *cp,
					       bool rest)
{
	return &cp->image[cp->current_image ^ rest];
}

/**
 * vfio_ccw_cp_find_stop() - Where does a suspended program stand?
 * @cp: the program
 * @scsw: what the channel stored of it
 * @stop: set to the place
 *
 * Context: Any.
 * Return: Whether there is such a place.
 */
bool vfio_ccw_cp_find_stop(const struct vfio_ccw_cp *cp,
			   const union scsw *scsw, struct cprog_stop *stop)
{
	return cprog_find_stop(vfio_ccw_cp_current(cp),
			       dma32_to_u32(scsw->cmd.cpa), stop);
}

/**
 * vfio_ccw_cp_link() - Let a suspended program go on in the other image.
 * @cp: the program, rebuilt for the same @stop
 * @stop: where it stands
 *
 * The channel fetches the CCW there again when it goes on, and finds a transfer
 * to the other image, which is the current one from now on.
 *
 * Context: Any.
 * Return: What to give to vfio_ccw_cp_unlink() if the program does not go on.
 */
struct cprog_ccw1 vfio_ccw_cp_link(struct vfio_ccw_cp *cp,
				   const struct cprog_stop *stop)
{
	struct cprog_ccw1 old = *stop->ccw;

	*stop->ccw = cprog_transfer(&other_image(cp)->prog);
	cp->current_image ^= 1;
	cp->linked = true;
	return old;
}

/**
 * vfio_ccw_cp_unlink() - Undo vfio_ccw_cp_link().
 * @cp: the program
 * @stop: as given to vfio_ccw_cp_link()
 * @ccw: what that returned
 *
 * Context: Any.
 */
void vfio_ccw_cp_unlink(struct vfio_ccw_cp *cp, const struct cprog_stop *stop,
			struct cprog_ccw1 ccw)
{
	cp->current_image ^= 1;
	cp->linked = false;
	*stop->ccw = ccw;
}

/**
 * vfio_ccw_cp_end() - The channel does not run the program any more.
 * @cp: the program
 * @keep: pages of the device, which is open
 *
 * Pages that are kept are not in use from now on.
 *
 * Context: Any.
 */
void vfio_ccw_cp_end(struct vfio_ccw_cp *cp, struct vfio_ccw_keep *keep)
{
	if (vfio_ccw_cp_pinned(cp))
		vfio_ccw_keep_busy(keep, VFIO_CCW_KEEP_IDLE);
	else
		vfio_ccw_cp_release(cp, keep);
}

/**
 * vfio_ccw_cp_release_other() - Give back the pages of the image not in use.
 * @cp: the program
 * @keep: pages of the device, which is open
 *
 * Context: Process context, may sleep; takes the container's lock.
 */
void vfio_ccw_cp_release_other(struct vfio_ccw_cp *cp,
			       struct vfio_ccw_keep *keep)
{
	unload(cp, other_image(cp), keep);
}

/**
 * vfio_ccw_cp_release() - Give the guest back what a program holds of it.
 * @cp: a program that the channel does not run, or none
 * @keep: pages of the device, which is open
 *
 * Context: Process context, may sleep; takes the container's lock, unless
 *	nothing was pinned for this program alone.
 */
void vfio_ccw_cp_release(struct vfio_ccw_cp *cp, struct vfio_ccw_keep *keep)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(cp->image); i++)
		unload(cp, &cp->image[i], keep);
}

/**
 * vfio_ccw_cp_pinned() - Is guest memory pinned for a program alone?
 * @cp: a program, or none
 */
bool vfio_ccw_cp_pinned(const struct vfio_ccw_cp *cp)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(cp->image); i++)
		if (cp->image[i].loaded && cp->image[i].hold.once)
			return true;
	return false;
}

static void free_arrays(struct cprog *prog)
{
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
 * vfio_ccw_cp_free() - Free the memory that is kept between programs.
 * @cp: nothing is loaded there
 */
void vfio_ccw_cp_free(struct vfio_ccw_cp *cp)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(cp->image); i++)
		free_arrays(&cp->image[i].prog);
}

/**
 * vfio_ccw_cp_overlaps() - Does the program hold guest memory in a range?
 * @cp: a program that nobody builds or releases just now, or none
 * @guest: start of the range
 * @length: its length in bytes
 */
bool vfio_ccw_cp_overlaps(const struct vfio_ccw_cp *cp, u64 guest, u64 length)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(cp->image); i++) {
		const struct cprog *prog = &cp->image[i].prog;

		if (cp->image[i].loaded &&
		    vfio_ccw_pages_overlap(prog->page, prog->used[CPROG_PAGE],
					   guest, length))
			return true;
	}
	return false;
}

/**
 * vfio_ccw_cp_current() - The program that the channel runs, or ran last.
 * @cp: the program
 */
const struct cprog *vfio_ccw_cp_current(const struct vfio_ccw_cp *cp)
{
	return &cp->image[cp->current_image].prog;
}

/**
 * vfio_ccw_cp_start_address() - What an SCSW says of a program's first CCW.
 * @cp: the program
 *
 * Return: Eight more than its guest address.
 */
u32 vfio_ccw_cp_start_address(const struct vfio_ccw_cp *cp)
{
	return (be32_to_cpu(cp->orb.cpa) + sizeof(struct cprog_ccw1)) &
	       0x7fffffff;
}

static u32 guest_ccw(const struct vfio_ccw_cp *cp, u32 host_cpa)
{
	const struct cprog *other = &cp->image[!cp->current_image].prog;
	u32 guest;

	if (cprog_guest_ccw(vfio_ccw_cp_current(cp), host_cpa, &guest) ||
	    (cp->linked && cprog_guest_ccw(other, host_cpa, &guest)))
		return guest;
	return vfio_ccw_cp_start_address(cp);
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
	    cprog_guest_data(vfio_ccw_cp_current(cp), failing, &guest)) {
		word[1] |= ERW_FAILING_STORAGE_64;
		word[2] = upper_32_bits(guest);
		word[3] = lower_32_bits(guest);
	} else {
		word[1] &= ~(ERW_FAILING_STORAGE | ERW_FAILING_STORAGE_64);
	}

	if (cp && word[1] & ERW_SECONDARY_CCW) {
		word[4] = guest_ccw(cp, word[4]);
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

	word[1] = cp ? guest_ccw(cp, word[1]) : 0;
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
