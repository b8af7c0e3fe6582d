/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Channel-subsystem formats as bytes in storage
 *
 * ORB, CCW, IDAW, SCSW, IRB and SCHIB as the z/Architecture Principles of
 * Operation lay them out. Every member is big-endian whatever the machine this
 * is compiled on, so that building, parsing and decoding work natively anywhere.
 */
#ifndef CCW_CIO_H
#define CCW_CIO_H

#include <endian.h>
#include <linux/types.h>

#include "compiler.h"

static inline __be16 cio_be16(__u16 v)
{
	return (CIO_FORCE __be16)htobe16(v);
}

static inline __be32 cio_be32(__u32 v)
{
	return (CIO_FORCE __be32)htobe32(v);
}

static inline __be64 cio_be64(__u64 v)
{
	return (CIO_FORCE __be64)htobe64(v);
}

static inline __u16 cio_16(__be16 v)
{
	return be16toh((CIO_FORCE __u16)v);
}

static inline __u32 cio_32(__be32 v)
{
	return be32toh((CIO_FORCE __u32)v);
}

static inline __u64 cio_64(__be64 v)
{
	return be64toh((CIO_FORCE __u64)v);
}

/* For fields that are not aligned */
static inline __u16 cio_bytes16(const __u8 *p)
{
	return p[0] << 8 | p[1];
}

/* ORB, words 0-2; word 1 is flags and path mask */
struct cio_orb {
	__be32 param;
	__be32 ctrl;
	__be32 cpa;
};

#define ORB_KEY_SHIFT		28
#define ORB_SUSPEND		0x08000000u
#define ORB_STREAMING		0x04000000u
#define ORB_MODIFICATION	0x02000000u
#define ORB_SYNC		0x01000000u
#define ORB_FORMAT1		0x00800000u
#define ORB_PREFETCH		0x00400000u
#define ORB_INITIAL_STATUS	0x00200000u
#define ORB_ADDRESS_LIMIT	0x00100000u
#define ORB_NO_SUSPEND_INT	0x00080000u
#define ORB_TRANSPORT		0x00040000u
#define ORB_IDAW64		0x00020000u
#define ORB_IDAW_2K		0x00010000u
#define ORB_LPM_SHIFT		8
#define ORB_LENGTH_SUPPRESS	0x00000080u
#define ORB_MIDAW		0x00000040u
#define ORB_RESERVED		0x0000003eu
#define ORB_EXTENSION		0x00000001u

struct cio_ccw0 {
	__u8 cmd;
	__u8 addr[3];
	__u8 flags;
	__u8 ignored;
	__be16 count;
};

struct cio_ccw1 {
	__u8 cmd;
	__u8 flags;
	__be16 count;
	__be32 addr;
};

#define CCW_CD			0x80
#define CCW_CC			0x40
#define CCW_SLI			0x20
#define CCW_SKIP		0x10
#define CCW_PCI			0x08
#define CCW_IDA			0x04
#define CCW_SUSPEND		0x02
#define CCW_MIDA		0x01

#define CCW_CMD_NOP		0x03
#define CCW_CMD_SENSE		0x04
#define CCW_CMD_TIC		0x08
#define CCW_CMD_SENSE_ID	0xe4

struct cio_scsw {
	__be32 word0;
	__be32 cpa;
	__u8 dstat;
	__u8 cstat;
	__be16 count;
};

#define SCSW_KEY		0xf0000000u
#define SCSW_SUSPEND_CTL	0x08000000u
#define SCSW_ESW_FORMAT		0x04000000u
#define SCSW_CC			0x03000000u
#define SCSW_CC_SHIFT		24
#define SCSW_FORMAT1		0x00800000u
#define SCSW_PREFETCH		0x00400000u
#define SCSW_INITIAL		0x00200000u
#define SCSW_ADDRESS_LIMIT	0x00100000u
#define SCSW_NO_SUSPEND		0x00080000u
#define SCSW_ZERO_CC		0x00040000u
#define SCSW_ECW		0x00020000u
#define SCSW_PNO		0x00010000u
#define SCSW_FC_START		0x00004000u
#define SCSW_FC_HALT		0x00002000u
#define SCSW_FC_CLEAR		0x00001000u
#define SCSW_RESUME_PEND	0x00000800u
#define SCSW_START_PEND		0x00000400u
#define SCSW_HALT_PEND		0x00000200u
#define SCSW_CLEAR_PEND		0x00000100u
#define SCSW_SCH_ACTIVE		0x00000080u
#define SCSW_DEV_ACTIVE		0x00000040u
#define SCSW_SUSPENDED		0x00000020u
#define SCSW_ALERT		0x00000010u
#define SCSW_INTERMEDIATE	0x00000008u
#define SCSW_PRIMARY		0x00000004u
#define SCSW_SECONDARY		0x00000002u
#define SCSW_PENDING		0x00000001u

#define DEV_ATTENTION		0x80
#define DEV_STATUS_MOD		0x40
#define DEV_CU_END		0x20
#define DEV_BUSY		0x10
#define DEV_CHANNEL_END		0x08
#define DEV_DEVICE_END		0x04
#define DEV_UNIT_CHECK		0x02
#define DEV_UNIT_EXCEPTION	0x01

#define SCH_PCI			0x80
#define SCH_INCORRECT_LENGTH	0x40
#define SCH_PROGRAM_CHECK	0x20
#define SCH_PROTECTION_CHECK	0x10
#define SCH_DATA_CHECK		0x08
#define SCH_CONTROL_CHECK	0x04
#define SCH_INTERFACE_CHECK	0x02
#define SCH_CHAINING_CHECK	0x01

struct cio_irb {
	struct cio_scsw scsw;
	__be32 esw[5];
	__u8 ecw[32];
	__be32 emw[8];
};

/* ESW word 1: the extended-report word */
#define ERW_SENSE		0x01000000u
#define ERW_SENSE_COUNT		0x003f0000u
#define ERW_SENSE_SHIFT		16

struct cio_schib {
	__be32 param;
	__be32 pmcw_flags;
	__u8 lpm, pnom, lpum, pim;
	__be16 mbi;
	__u8 pom, pam;
	__u8 chpid[8];
	__be32 pmcw_tail;
	struct cio_scsw scsw;
	__be32 mba[2];
	__be32 model;
};

#define PMCW_ENABLED		0x00800000u
#define PMCW_DEVNO_VALID	0x00010000u
#define PMCW_DEVNO		0x0000ffffu

static_assert(sizeof(struct cio_orb) == 12, "ORB");
static_assert(sizeof(struct cio_ccw0) == 8, "format-0 CCW");
static_assert(sizeof(struct cio_ccw1) == 8, "format-1 CCW");
static_assert(sizeof(struct cio_scsw) == 12, "SCSW");
static_assert(sizeof(struct cio_irb) == 96, "IRB");
static_assert(sizeof(struct cio_schib) == 52, "SCHIB");

#endif
