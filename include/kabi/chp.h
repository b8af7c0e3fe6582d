/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Channel paths: what may befall one, and which paths of a subchannel it
 * means. See cio.h on how this is kept true.
 */
#ifndef KABI_CHP_H
#define KABI_CHP_H

#include <linux/types.h>

#include <asm/chpid.h>

#include "cio.h"

/* Events of css_driver.chp_event: the machine's, and the operator's. */
#define CHP_ONLINE	0
#define CHP_OFFLINE	1
#define CHP_VARY_ON	2
#define CHP_VARY_OFF	3
#define CHP_FCES_EVENT	4

/**
 * struct chp_link - a channel path, perhaps one link of it only
 * @chpid: the channel path
 * @fla_mask: which bits of @fla count; 0: the whole channel path is meant
 * @fla: full link address
 */
struct chp_link {
	struct chp_id chpid;
	u32 fla_mask;
	u16 fla;
};

int chp_ssd_get_mask(struct chsc_ssd_info *ssd, struct chp_link *link);
u8 chp_get_sch_opm(struct subchannel *sch);

#endif /* KABI_CHP_H */
