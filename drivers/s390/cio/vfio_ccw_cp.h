/* SPDX-License-Identifier: GPL-2.0 */
/* One channel program's life: built, run by the channel, released. */
#ifndef VFIO_CCW_CP_H
#define VFIO_CCW_CP_H

#include <linux/types.h>

#include "vfio_ccw_translate.h"

struct irb;
union scsw;
struct vfio_device;

/**
 * struct vfio_ccw_cp - the memory for one channel program at a time
 * @prog: the program; its arrays are kept from one to the next
 * @loaded: whether guest pages are held for it
 *
 * Who may touch it is the state machine's to say.
 */
struct vfio_ccw_cp {
	struct cprog prog;
	bool loaded;
};

int vfio_ccw_cp_setup(void);
void vfio_ccw_cp_cleanup(void);

int vfio_ccw_cp_build(struct vfio_ccw_cp *cp, struct vfio_device *vdev,
		      const struct cprog_orb *orb);
void vfio_ccw_cp_release(struct vfio_ccw_cp *cp, struct vfio_device *vdev);
void vfio_ccw_cp_free(struct vfio_ccw_cp *cp);
bool vfio_ccw_cp_overlaps(const struct vfio_ccw_cp *cp, u64 guest, u64 length);
void vfio_ccw_cp_restore_scsw(const struct vfio_ccw_cp *cp, union scsw *scsw);
void vfio_ccw_cp_restore(const struct vfio_ccw_cp *cp, struct irb *irb);

#endif
