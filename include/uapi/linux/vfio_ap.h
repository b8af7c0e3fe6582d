/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * The interrupts of passed-through crypto adapters and domains, for kernels
 * whose <linux/vfio.h> knows the first of them only.
 */
#ifndef _UAPI_VFIO_AP_H_
#define _UAPI_VFIO_AP_H_

#include <linux/vfio.h>

/*
 * VFIO_AP_REQ_IRQ_INDEX (0): the host wants the device back.
 *
 * VFIO_AP_CFG_CHG_IRQ_INDEX: the guest's adapters, domains or control domains
 * have changed.
 */
#define VFIO_AP_CFG_CHG_IRQ_INDEX	1

#endif /* _UAPI_VFIO_AP_H_ */
