/* SPDX-License-Identifier: GPL-2.0 */
/* What happens, noted for those who must find out why. */
#ifndef VFIO_AP_NOTE_H
#define VFIO_AP_NOTE_H

#include <linux/types.h>

struct vfio_ap_mdev;
struct vfio_ap_queue;

int vfio_ap_note_setup(void);
void vfio_ap_note_cleanup(void);

void vfio_ap_note_bound(u16 apqn, bool bound);
void vfio_ap_note_reset(const struct vfio_ap_queue *queue, bool zapq, u8 code);
void vfio_ap_note_reset_end(const struct vfio_ap_queue *queue);
void vfio_ap_note_not_reset(const struct vfio_ap_queue *queue);
void vfio_ap_note_aqic(u16 apqn, bool enable, u8 gisc, u64 address, u8 code);
void vfio_ap_note_noisy(u16 apqn);
void vfio_ap_note_guest(const struct vfio_ap_mdev *mdev);
void vfio_ap_note_open(const struct vfio_ap_mdev *mdev, bool open);
void vfio_ap_note_assign(const struct vfio_ap_mdev *mdev, int result);
void vfio_ap_note_config(bool begins);

#endif
