/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Operation-request block (Principles of Operation, "I/O Instructions", START
 * SUBCHANNEL), and that instruction. It returns the condition code, or -EIO
 * where the machine takes offence at the operand. See cio.h on how this is kept
 * true.
 */
#ifndef KABI_ORB_H
#define KABI_ORB_H

#include <linux/types.h>

#include <asm/dma-types.h>
#include <asm/schid.h>

/* Command mode. */
struct cmd_orb {
	u32 intparm;		/* interruption parameter */
	u32 key	 : 4;		/* storage key */
	u32 spnd : 1;		/* suspend control */
	u32 res1 : 1;		/* streaming-mode control */
	u32 mod	 : 1;		/* modification control */
	u32 sync : 1;		/* synchronization control */
	u32 fmt	 : 1;		/* CCW format */
	u32 pfch : 1;		/* prefetch control */
	u32 isic : 1;		/* initial-status interruption control */
	u32 alcc : 1;		/* address-limit checking control */
	u32 ssic : 1;		/* suppress suspended interruption */
	u32 res2 : 1;		/* channel-program type: transport mode */
	u32 c64	 : 1;		/* format-2 IDAWs */
	u32 i2k	 : 1;		/* 2K IDAWs */
	u32 lpm	 : 8;		/* logical-path mask */
	u32 ils	 : 1;		/* incorrect-length suppression mode */
	u32 zero : 6;
	u32 orbx : 1;		/* ORB extension */
	dma32_t cpa;		/* channel-program address */
};

/* Transport mode, never started here: it makes the union as long as it is. */
struct tm_orb {
	u32 intparm;
	u32 key	      : 4;
	u32 kabi_res1 : 9;
	u32 b	      : 1;
	u32 kabi_res2 : 2;
	u32 lpm	      : 8;
	u32 kabi_res3 : 7;
	u32 x	      : 1;
	dma32_t tcw;
	u32 prio      : 8;
	u32 kabi_res4 : 8;
	u32 rsvpgm    : 8;
	u32 kabi_res5 : 8;
	u32 kabi_res6[4];
} __aligned(32);

union orb {
	struct cmd_orb cmd;
	struct tm_orb tm;
};

int ssch(struct subchannel_id schid, union orb *addr);

#endif /* KABI_ORB_H */
