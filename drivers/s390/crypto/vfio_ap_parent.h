/* SPDX-License-Identifier: GPL-2.0 */
/* The device "matrix", of which mediated devices are made. */
#ifndef VFIO_AP_PARENT_H
#define VFIO_AP_PARENT_H

int vfio_ap_parent_add(void);
void vfio_ap_parent_remove(void);

#endif
