// SPDX-License-Identifier: GPL-2.0
/*
 * The instructions that drive a subchannel: START, RESUME, HALT, CLEAR,
 * STORE and MODIFY SUBCHANNEL, and what their condition codes mean to userspace.
 *
 * The subchannel lock is held in all of these.
 */
#include <linux/errno.h>
#include <linux/io.h>

#include <asm/isc.h>

#include <kabi/chp.h>
#include <kabi/cio.h>
#include <kabi/css.h>
#include <kabi/orb.h>
#include "vfio_ccw_io.h"
#include "vfio_ccw_translate.h"

/*
 * The css layer finds the subchannel of an interruption by its parameter, and
 * keeps these structures where 32 bits reach.
 */
static u32 interruption_parameter(struct subchannel *sch)
{
	return (u32)virt_to_phys(sch);
}

/**
 * vfio_ccw_io_enable() - Make the subchannel ready for I/O.
 * @sch: the subchannel
 *
 * The path masks are taken afresh: no other driver may have had the subchannel
 * before, and paths come and go while nobody has it.
 *
 * Return: 0, -ENODEV or -EACCES if there is no device, -EBUSY or -EIO if the
 *	subchannel cannot be enabled.
 */
int vfio_ccw_io_enable(struct subchannel *sch)
{
	int ret = cio_update_schib(sch);

	if (ret)
		return ret;
	sch->opm = chp_get_sch_opm(sch);
	sch->lpm = sch->schib.pmcw.pam & sch->opm;
	sch->isc = VFIO_CCW_ISC;
	return cio_enable_subchannel(sch, interruption_parameter(sch));
}

/*
 * The paths to try: those that the guest names and that are usable.  None named
 * means that the guest leaves the choice to us.
 */
static u32 usable_paths(const struct subchannel *sch, u32 flags)
{
	u32 named = (flags & CPROG_ORB_LPM) >> 8;

	return named ? named & sch->lpm : sch->lpm;
}

/**
 * vfio_ccw_io_start() - START SUBCHANNEL.
 * @sch: the subchannel
 * @flags: ORB word 1
 * @cpa: host address of the first CCW
 *
 * An ORB extension, if the guest names one, is there and all zero.
 *
 * Return: 0 (condition code 0); -EBUSY (1: status pending, 2: busy);
 *	-EACCES (3: the named paths are not operational, others are);
 *	-ENODEV (3: no path is); -EIO (the machine rejects the ORB).
 */
int vfio_ccw_io_start(struct subchannel *sch, u32 flags, u32 cpa)
{
	u32 paths = usable_paths(sch, flags);
	union {
		union orb orb;
		u32 word[8];
	} request = {
		.word[0] = interruption_parameter(sch),
		.word[1] = (flags & ~CPROG_ORB_LPM) | paths << 8,
		.word[2] = cpa,
	};
	int cc = paths ? ssch(sch->schid, &request.orb) : 3;

	switch (cc) {
	case 0:
		/* As STORE SUBCHANNEL would now show it. */
		sch->schib.scsw.cmd.actl |= SCSW_ACTL_START_PEND;
		return 0;
	case 1:
	case 2:
		return -EBUSY;
	case 3:
		return sch->lpm & ~paths ? -EACCES : -ENODEV;
	default:
		return -EIO;
	}
}

/**
 * vfio_ccw_io_resume() - RESUME SUBCHANNEL.
 * @sch: the subchannel
 *
 * Return: 0 (condition code 0); -EBUSY (1: status pending, 2: nothing that can
 *	be resumed); -ENODEV (3).
 */
int vfio_ccw_io_resume(struct subchannel *sch)
{
	int ret = cio_resume(sch);

	return ret == -EINVAL ? -EBUSY : ret;
}

/**
 * vfio_ccw_io_halt() - HALT SUBCHANNEL.
 * @sch: the subchannel
 *
 * Return: 0 (condition code 0), -EBUSY (1, 2) or -ENODEV (3).
 */
int vfio_ccw_io_halt(struct subchannel *sch)
{
	return cio_halt(sch);
}

/**
 * vfio_ccw_io_clear() - CLEAR SUBCHANNEL.
 * @sch: the subchannel
 *
 * Return: 0 (condition code 0) or -ENODEV (3).
 */
int vfio_ccw_io_clear(struct subchannel *sch)
{
	return cio_clear(sch);
}

/**
 * vfio_ccw_io_store() - STORE SUBCHANNEL, into sch->schib.
 * @sch: the subchannel
 *
 * Return: 0, or -ENODEV if there is no device any more.
 */
int vfio_ccw_io_store(struct subchannel *sch)
{
	return cio_update_schib(sch) ? -ENODEV : 0;
}
