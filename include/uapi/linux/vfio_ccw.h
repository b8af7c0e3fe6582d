/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * The regions of a passed-through I/O subchannel, as read and written through
 * its VFIO device file. The regions after the first are found by their
 * capability: type VFIO_REGION_TYPE_CCW, the subtype named with each.
 *
 * Everything in them is as the machine has it, big-endian and packed.
 */
#ifndef _UAPI_VFIO_CCW_H_
#define _UAPI_VFIO_CCW_H_

#include <linux/types.h>

/*
 * The I/O region, always at VFIO_CCW_CONFIG_REGION_INDEX. A write starts the
 * function that the SCSW's function-control bits name, for the program that
 * the ORB names; ret_code then holds 0 or a negative error number, as write()
 * does. A read takes the oldest interruption response: signalled by
 * VFIO_CCW_IO_IRQ_INDEX.
 */
struct ccw_io_region {
#define ORB_AREA_SIZE 12
	__u8	orb_area[ORB_AREA_SIZE];
#define SCSW_AREA_SIZE 12
	__u8	scsw_area[SCSW_AREA_SIZE];
#define IRB_AREA_SIZE 96
	__u8	irb_area[IRB_AREA_SIZE];
	__u32	ret_code;
} __attribute__((packed));

/*
 * The command region, VFIO_REGION_SUBTYPE_CCW_ASYNC_CMD. A write halts or
 * clears the subchannel; ret_code as above.
 */
#define VFIO_CCW_ASYNC_CMD_HSCH (1 << 0)
#define VFIO_CCW_ASYNC_CMD_CSCH (1 << 1)
struct ccw_cmd_region {
	__u32 command;
	__u32 ret_code;
} __attribute__((packed));

/*
 * The subchannel-information block, VFIO_REGION_SUBTYPE_CCW_SCHIB. Each read
 * issues STORE SUBCHANNEL.
 */
struct ccw_schib_region {
#define SCHIB_AREA_SIZE 52
	__u8	schib_area[SCHIB_AREA_SIZE];
} __attribute__((packed));

/*
 * Channel reports, VFIO_REGION_SUBTYPE_CCW_CRW: a read takes the oldest
 * channel-report word, 0 if there is none; signalled by
 * VFIO_CCW_CRW_IRQ_INDEX.
 */
struct ccw_crw_region {
	__u32 crw;
	__u32 pad;
} __attribute__((packed));

#endif /* _UAPI_VFIO_CCW_H_ */
