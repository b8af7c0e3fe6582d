/* SPDX-License-Identifier: GPL-2.0 */
/* Channel paths of a subchannel: which are usable, and what befalls them. */
#ifndef VFIO_CCW_PATH_H
#define VFIO_CCW_PATH_H

struct chp_link;
struct subchannel;
struct vfio_ccw_device;

void vfio_ccw_path_event(struct vfio_ccw_device *device,
			 struct chp_link *link, int event);

#endif
