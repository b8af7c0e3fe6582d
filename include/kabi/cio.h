/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the kernel's common I/O layer keeps private and a subchannel driver
 * needs: the subchannel and its information block, and the calls that act on
 * it.
 *
 * The kernel exports the functions, but not their header. Each layout here is
 * compared with the target kernel's BTF before anything is compiled against
 * it, each prototype too; a member named kabi_* only fills room and is not
 * compared.
 */
#ifndef KABI_CIO_H
#define KABI_CIO_H

#include <linux/device.h>
#include <linux/mutex.h>
#include <linux/percpu.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/workqueue.h>

#include <asm/chpid.h>
#include <asm/cio.h>
#include <asm/schid.h>
#include <asm/scsw.h>

struct css_driver;

/*
 * Path-management-control word (Principles of Operation, "I/O Instructions",
 * STORE SUBCHANNEL).
 */
struct pmcw {
	u32 intparm;		/* interruption parameter */
	u32 qf	 : 1;		/* QDIO facility */
	u32 w	 : 1;
	u32 isc	 : 3;		/* I/O-interruption subclass */
	u32 res5 : 3;
	u32 ena	 : 1;		/* enabled */
	u32 lm	 : 2;		/* limit mode */
	u32 mme	 : 2;		/* measurement mode enable */
	u32 mp	 : 1;		/* multipath mode */
	u32 tf	 : 1;		/* timing facility */
	u32 dnv	 : 1;		/* device number valid */
	u32 dev	 : 16;		/* device number */
	u8  lpm;		/* logical-path mask */
	u8  pnom;		/* path-not-operational mask */
	u8  lpum;		/* last-path-used mask */
	u8  pim;		/* path-installed mask */
	u16 mbi;		/* measurement-block index */
	u8  pom;		/* path-operational mask */
	u8  pam;		/* path-available mask */
	u8  chpid[8];		/* channel-path identifiers */
	u32 unused1 : 8;
	u32 st	    : 3;	/* subchannel type */
	u32 unused2 : 18;
	u32 mbfc    : 1;	/* measurement-block format control */
	u32 xmwme   : 1;	/* extended measurement word mode enable */
	u32 csense  : 1;	/* concurrent sense */
};

/* Subchannel-information block. */
struct schib {
	struct pmcw pmcw;
	union scsw scsw;
	u64 mba;		/* measurement-block address */
	u8  mda[4];		/* model-dependent area */
} __packed __aligned(4);

/* What the css layer writes with MODIFY SUBCHANNEL. */
struct schib_config {
	u64 mba;
	u32 intparm;
	u16 mbi;
	u32 isc	   : 3;
	u32 ena	   : 1;
	u32 mme	   : 2;
	u32 mp	   : 1;
	u32 csense : 1;
	u32 mbfc   : 1;
};

/* The machine's description of a subchannel: its paths and link addresses. */
struct chsc_ssd_info {
	u8  path_mask;
	u8  fla_valid_mask;
	struct chp_id chpid[8];
	u16 fla[8];
};

/* Deferred work for a subchannel; the higher value wins. */
enum sch_todo {
	SCH_TODO_NOTHING = 0,
	SCH_TODO_EVAL	 = 1,
	SCH_TODO_UNREG	 = 2,
};

/**
 * struct subchannel - a subchannel as the common I/O layer knows it
 * @schid: its identification
 * @lock: guards what follows; held in the driver's interrupt and path event
 *	callbacks
 * @st: subchannel type
 * @lpm: logical-path mask: paths this system is willing to use
 * @opm: operational-path mask: paths not varied off or taken away
 * @schib: as last stored, see cio_update_schib()
 * @isc: interruption subclass that cio_enable_subchannel() sets
 * @ssd_info: its channel paths
 * @dev: the device, on the css bus
 * @driver: the driver it is bound to
 * @todo: deferred work that has been scheduled
 * @config: what the css layer makes effective when it enables or disables it
 */
struct subchannel {
	struct subchannel_id schid;
	spinlock_t lock;		/* what follows */
	struct mutex kabi_reg_mutex;	/* registration; the css layer's own */
	enum {
		SUBCHANNEL_TYPE_IO   = 0,
		SUBCHANNEL_TYPE_CHSC = 1,
		SUBCHANNEL_TYPE_MSG  = 2,
		SUBCHANNEL_TYPE_ADM  = 3,
	} st;
	u8 kabi_vpm;
	u8 lpm;
	u8 opm;
	struct schib schib;
	int isc;
	struct chsc_ssd_info ssd_info;
	struct device dev;
	struct css_driver *driver;
	enum sch_todo todo;
	struct work_struct kabi_todo_work;
	struct schib_config config;
	u64 kabi_dma_mask;
};

#define to_subchannel(n) container_of(n, struct subchannel, dev)

/* The response of the interruption that a driver's irq callback is told of. */
DECLARE_PER_CPU_ALIGNED(struct irb, cio_irb);

/* All of these want the subchannel's lock held. */
int cio_update_schib(struct subchannel *sch);
int cio_enable_subchannel(struct subchannel *sch, u32 intparm);
int cio_disable_subchannel(struct subchannel *sch);
int cio_halt(struct subchannel *sch);
int cio_clear(struct subchannel *sch);
int cio_resume(struct subchannel *sch);

#endif /* KABI_CIO_H */
