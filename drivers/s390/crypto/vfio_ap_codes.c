// SPDX-License-Identifier: GPL-2.0
/* Response codes of PQAP, and what follows from each. */
#include "vfio_ap_codes.h"

/**
 * vfio_ap_after_zapq() - How does a reset go on after PQAP(ZAPQ)?
 * @code: the response code
 *
 * Return: See &enum vfio_ap_reset_next.
 */
enum vfio_ap_reset_next vfio_ap_after_zapq(u8 code)
{
	switch (code) {
	case VFIO_AP_NORMAL:
	case VFIO_AP_RESETTING:
	case VFIO_AP_BUSY:
	case VFIO_AP_STATE_CHANGING:
		return VFIO_AP_RESET_TAPQ;
	case VFIO_AP_NOT_AVAILABLE:
	case VFIO_AP_DECONFIGURED:
	case VFIO_AP_CHECKSTOPPED:
		return VFIO_AP_RESET_DONE;
	default:
		return VFIO_AP_RESET_FAILED;
	}
}

/**
 * vfio_ap_after_tapq() - How does a reset go on after PQAP(TAPQ)?
 * @zapq_code: the response code of the last PQAP(ZAPQ)
 * @code: the response code of PQAP(TAPQ)
 *
 * When ZAPQ found the queue occupied by something else, it has done nothing:
 * it is repeated when that is over.
 *
 * Return: See &enum vfio_ap_reset_next.
 */
enum vfio_ap_reset_next vfio_ap_after_tapq(u8 zapq_code, u8 code)
{
	switch (code) {
	case VFIO_AP_NORMAL:
	case VFIO_AP_DECONFIGURED:
	case VFIO_AP_CHECKSTOPPED:
		return zapq_code == VFIO_AP_NORMAL ? VFIO_AP_RESET_DONE :
						     VFIO_AP_RESET_ZAPQ;
	case VFIO_AP_RESETTING:
	case VFIO_AP_BUSY:
		return VFIO_AP_RESET_TAPQ;
	case VFIO_AP_NOT_UNIQUE:
	case VFIO_AP_NOT_ASSOCIATED:
		return VFIO_AP_RESET_ZAPQ;
	case VFIO_AP_NOT_AVAILABLE:
		return VFIO_AP_RESET_DONE;
	default:
		return VFIO_AP_RESET_FAILED;
	}
}

/**
 * vfio_ap_code_usable() - Can a guest have a queue whose last reset ended so?
 * @code: the response code it ended with
 *
 * A guest sees for itself that a card is deconfigured or checkstopped, and sees
 * it come back.
 *
 * Return: Whether it can.
 */
bool vfio_ap_code_usable(u8 code)
{
	return code == VFIO_AP_NORMAL || code == VFIO_AP_DECONFIGURED ||
	       code == VFIO_AP_CHECKSTOPPED;
}

/**
 * vfio_ap_after_enable() - What follows from PQAP(AQIC) with IR set?
 * @code: the response code
 *
 * Return: See &enum vfio_ap_enable_next.
 */
enum vfio_ap_enable_next vfio_ap_after_enable(u8 code)
{
	switch (code) {
	case VFIO_AP_NORMAL:
		return VFIO_AP_ENABLE_NEW;
	case VFIO_AP_OTHERWISE_CHANGED:
		return VFIO_AP_ENABLE_OLD;
	default:
		return VFIO_AP_ENABLE_NONE;
	}
}

/**
 * vfio_ap_after_disable() - What follows from PQAP(AQIC) with IR clear?
 * @code: the response code
 *
 * Return: See &enum vfio_ap_disable_next.
 */
enum vfio_ap_disable_next vfio_ap_after_disable(u8 code)
{
	switch (code) {
	case VFIO_AP_NORMAL:
	case VFIO_AP_OTHERWISE_CHANGED:
		return VFIO_AP_DISABLE_LOOK;
	case VFIO_AP_RESETTING:
	case VFIO_AP_BUSY:
		return VFIO_AP_DISABLE_AGAIN;
	case VFIO_AP_NOT_AVAILABLE:
	case VFIO_AP_DECONFIGURED:
	case VFIO_AP_CHECKSTOPPED:
		return VFIO_AP_DISABLE_OFF;
	default:
		return VFIO_AP_DISABLE_FAILED;
	}
}
