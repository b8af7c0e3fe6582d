/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the machine's response codes to PQAP mean, and what follows from each:
 * tables, and nothing else.
 *
 * Pure: no kernel service; tested on any machine by tools/testing/ap-model.
 */
#ifndef VFIO_AP_CODES_H
#define VFIO_AP_CODES_H

#include <linux/types.h>

#define VFIO_AP_NORMAL			0x00
#define VFIO_AP_NOT_AVAILABLE		0x01
#define VFIO_AP_RESETTING		0x02
#define VFIO_AP_DECONFIGURED		0x03
#define VFIO_AP_CHECKSTOPPED		0x04
#define VFIO_AP_BUSY			0x05
#define VFIO_AP_INVALID_ADDRESS		0x06
#define VFIO_AP_OTHERWISE_CHANGED	0x07
#define VFIO_AP_STATE_CHANGING		0x0a
#define VFIO_AP_NOT_UNIQUE		0x35	/* association of a secret */
#define VFIO_AP_NOT_ASSOCIATED		0x36

/* No code of the machine's: the queue has to be reset first. */
#define VFIO_AP_UNVERIFIED		0xff

/**
 * enum vfio_ap_reset_next - how a reset goes on
 * @VFIO_AP_RESET_ZAPQ: issue PQAP(ZAPQ), again
 * @VFIO_AP_RESET_TAPQ: look with PQAP(TAPQ), a little later
 * @VFIO_AP_RESET_DONE: the queue is zeroized, or has nothing left to zeroize
 * @VFIO_AP_RESET_FAILED: the machine answered what it should not
 */
enum vfio_ap_reset_next {
	VFIO_AP_RESET_ZAPQ,
	VFIO_AP_RESET_TAPQ,
	VFIO_AP_RESET_DONE,
	VFIO_AP_RESET_FAILED,
};

/**
 * enum vfio_ap_enable_next - what follows from PQAP(AQIC) with IR set
 * @VFIO_AP_ENABLE_NEW: the queue uses the new notification byte
 * @VFIO_AP_ENABLE_OLD: it goes on using the one it had
 * @VFIO_AP_ENABLE_NONE: it must not use any: see to that
 */
enum vfio_ap_enable_next {
	VFIO_AP_ENABLE_NEW,
	VFIO_AP_ENABLE_OLD,
	VFIO_AP_ENABLE_NONE,
};

/**
 * enum vfio_ap_disable_next - what follows from PQAP(AQIC) with IR clear
 * @VFIO_AP_DISABLE_LOOK: look with PQAP(TAPQ) whether they are off
 * @VFIO_AP_DISABLE_AGAIN: not accepted: issue it again, a little later
 * @VFIO_AP_DISABLE_OFF: the queue is in no state to signal anything
 * @VFIO_AP_DISABLE_FAILED: the machine answered what it should not
 */
enum vfio_ap_disable_next {
	VFIO_AP_DISABLE_LOOK,
	VFIO_AP_DISABLE_AGAIN,
	VFIO_AP_DISABLE_OFF,
	VFIO_AP_DISABLE_FAILED,
};

enum vfio_ap_reset_next vfio_ap_after_zapq(u8 code);
enum vfio_ap_reset_next vfio_ap_after_tapq(u8 zapq_code, u8 code);
bool vfio_ap_code_usable(u8 code);
enum vfio_ap_enable_next vfio_ap_after_enable(u8 code);
enum vfio_ap_disable_next vfio_ap_after_disable(u8 code);

#endif
