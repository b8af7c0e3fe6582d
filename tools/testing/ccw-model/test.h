/* SPDX-License-Identifier: GPL-2.0 */
/* Unit tests of the translator, each with a guest of its own. */
#ifndef CCW_MODEL_TEST_H
#define CCW_MODEL_TEST_H

#include <errno.h>
#include <asm/byteorder.h>

#include "compare.h"
#include "unit.h"
#include "vfio_ccw_cprog.h"

/* ORB word 1 for tests: path mask, prefetching as usual, and formats. */
#define ORB		(CPROG_ORB_PREFETCH | 0x0000ff00u)
#define SUSPENDABLE	CPROG_ORB_SUSPEND
#define FORMAT0		ORB
#define FORMAT1		(ORB | CPROG_ORB_FORMAT1)
#define IDAW2		CPROG_ORB_IDAW2
#define IDAW_2K		CPROG_ORB_IDAW_2K

#define CD		CPROG_CCW_CD
#define CC		CPROG_CCW_CC
#define SLI		CPROG_CCW_SLI
#define SKIP		CPROG_CCW_SKIP
#define PCI		CPROG_CCW_PCI
#define IDA		CPROG_CCW_IDA
#define SUSPEND		CPROG_CCW_SUSPEND
#define MIDA		CPROG_CCW_MIDA

#define WRITE		0x01
#define READ		0x02
#define NOP		0x03
#define SENSE		0x04
#define CONTROL		0x07
#define TIC		0x08
#define READ_BACKWARD	0x0c
#define SEARCH		0x31

/* Every guest has these pages, and programs start at PROGRAM. */
#define PROGRAM		0x10000	/* 2 pages, none behind */
#define LIST		0x20000	/* 2 pages, none behind */
#define DATA		0x40000	/* 16 pages, none behind */
#define ROM		0x60000	/* 1 page that devices may not store into */
#define HIGH		0x123456000ULL	/* 2 pages above 2 GiB */
#define NOWHERE		0x70000	/* nothing */

/* What host_idaw() says of words that stand for no guest address. */
#define REFUSED_WORD	(~0ULL)
#define SINK_WORD	(~1ULL)

extern struct guest guest;

void ccw0(u32 addr, u8 cmd, u8 flags, u16 count, u32 cda);
void ccw1(u32 addr, u8 cmd, u8 flags, u16 count, u32 cda);
void idaw1(u32 addr, u32 word);
void idaw2(u32 addr, u64 word);

/* Translate, complete, run with many devices: the guest must see none of it. */
void start(u32 flags, u32 cpa);
/* The same, for programs that may deviate as documented. */
void start_odd(u32 flags, u32 cpa);
/* Run once more, with one device, as struct model_script says. */
const struct model_run *run(const u8 *byte, size_t bytes);
#define RUN(...) run((const u8 []){ __VA_ARGS__ }, sizeof((u8 []){ __VA_ARGS__ }))

/* What a device can do, in scripts: one for each CCW, END_ ones at its end. */
#define ALL		0x00
#define SHORT		0x85	/* half of it */
#define NONE		0x06
#define END_NORMAL	0x00
#define END_SKIP	0x01	/* with status modifier */
#define END_CHECK	0x05

/* A look at the host's program. */
struct cprog_ccw1 host_ccw(u32 addr);
bool host_refuses(u32 addr);
u64 host_idaw(u32 addr, u32 k);
u32 host_slot(u32 addr);
const struct cprog_page *host_page(u64 addr, bool write);

#endif
