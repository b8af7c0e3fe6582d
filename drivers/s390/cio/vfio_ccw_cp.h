/* SPDX-License-Identifier: GPL-2.0 */
/* One channel program's life: built, run by the channel, released. */
#ifndef VFIO_CCW_CP_H
#define VFIO_CCW_CP_H

#include <linux/types.h>

#include "vfio_ccw_pages.h"
#include "vfio_ccw_translate.h"

struct irb;
union scsw;
struct vfio_ccw_keep;

/**
 * struct vfio_ccw_image - memory for a program, or the part of one still to run
 * @prog: the program; its arrays are kept from one to the next
 * @loaded: whether guest pages are held for it
 * @hold: what is or was held
 * @turn: its turn among those that ask for pages
 */
struct vfio_ccw_image {
	struct cprog prog;
	bool loaded;
	struct vfio_ccw_hold hold;
	u64 turn;
};

/**
 * struct vfio_ccw_cp - one channel program at a time
 * @orb: the guest's ORB
 * @image: a suspended program is fetched again from where it will go on; the
 *	channel leaves one image for the other then
 * @current_image: which of them the channel runs, or ran last
 * @linked: whether the channel came there from the other one, and may still be
 *	on its way
 *
 * Who may touch it is the state machine's to say.
 */
struct vfio_ccw_cp {
	struct cprog_orb orb;
	struct vfio_ccw_image image[2];
	unsigned int current_image;
	bool linked;
};

int vfio_ccw_cp_setup(void);
void vfio_ccw_cp_cleanup(void);

int vfio_ccw_cp_build(struct vfio_ccw_cp *cp, struct vfio_ccw_keep *keep,
		      const struct cprog_orb *orb);
int vfio_ccw_cp_rebuild(struct vfio_ccw_cp *cp, struct vfio_ccw_keep *keep,
			const struct cprog_stop *stop);
const struct vfio_ccw_image *vfio_ccw_cp_built(const struct vfio_ccw_cp *cp,
					       bool rest);
void vfio_ccw_cp_end(struct vfio_ccw_cp *cp, struct vfio_ccw_keep *keep);
void vfio_ccw_cp_release_other(struct vfio_ccw_cp *cp,
			       struct vfio_ccw_keep *keep);
void vfio_ccw_cp_release(struct vfio_ccw_cp *cp, struct vfio_ccw_keep *keep);
void vfio_ccw_cp_free(struct vfio_ccw_cp *cp);
bool vfio_ccw_cp_pinned(const struct vfio_ccw_cp *cp);
bool vfio_ccw_cp_overlaps(const struct vfio_ccw_cp *cp, u64 guest, u64 length);

const struct cprog *vfio_ccw_cp_current(const struct vfio_ccw_cp *cp);
bool vfio_ccw_cp_find_stop(const struct vfio_ccw_cp *cp,
			   const union scsw *scsw, struct cprog_stop *stop);
struct cprog_ccw1 vfio_ccw_cp_link(struct vfio_ccw_cp *cp,
				   const struct cprog_stop *stop);
void vfio_ccw_cp_unlink(struct vfio_ccw_cp *cp, const struct cprog_stop *stop,
			struct cprog_ccw1 ccw);
u32 vfio_ccw_cp_start_address(const struct vfio_ccw_cp *cp);
void vfio_ccw_cp_restore_scsw(const struct vfio_ccw_cp *cp, union scsw *scsw);
void vfio_ccw_cp_restore(const struct vfio_ccw_cp *cp, struct irb *irb);

#endif
