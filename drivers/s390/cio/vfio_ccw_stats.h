/* SPDX-License-Identifier: GPL-2.0 */
/* Numbers of what a device did, for whoever looks after the host. */
#ifndef VFIO_CCW_STATS_H
#define VFIO_CCW_STATS_H

#include <linux/types.h>

struct dentry;

/**
 * enum vfio_ccw_stat - what is counted since the mediated device was made
 * @VFIO_CCW_PROGRAMS: programs started
 * @VFIO_CCW_RESUMES: programs resumed by the guest
 * @VFIO_CCW_PARTS: parts of programs that change themselves which the host has
 *	fetched again, without the guest's knowledge
 * @VFIO_CCW_HALTS: halt functions started
 * @VFIO_CCW_CLEARS: clear functions started
 * @VFIO_CCW_ABORTS: programs ended as guest memory went away, or as the rest of
 *	them could not be had
 * @VFIO_CCW_CCWS: CCWs translated
 * @VFIO_CCW_PAGES: guest pages held for these
 * @VFIO_CCW_PINS: those that had to be pinned, not being kept from before
 * @VFIO_CCW_OK: requests of userspace that were successful
 * @VFIO_CCW_BUSY: those that found the subchannel busy
 * @VFIO_CCW_NO_PATH: those that found no operational path
 * @VFIO_CCW_NO_MEMORY: those for which the host had no memory
 * @VFIO_CCW_REFUSED: those with an invalid request, or in a state that does not
 *	allow it
 * @VFIO_CCW_FAILED: those that failed for another reason
 * @VFIO_CCW_INTERRUPTIONS: interruption responses queued
 * @VFIO_CCW_INTERRUPTIONS_LOST: those that found no room
 * @VFIO_CCW_REPORTS: channel reports queued
 * @VFIO_CCW_REPORTS_LOST: those that found no room
 * @VFIO_CCW_STATS: how many numbers there are
 */
enum vfio_ccw_stat {
	VFIO_CCW_PROGRAMS,
	VFIO_CCW_RESUMES,
	VFIO_CCW_PARTS,
	VFIO_CCW_HALTS,
	VFIO_CCW_CLEARS,
	VFIO_CCW_ABORTS,
	VFIO_CCW_CCWS,
	VFIO_CCW_PAGES,
	VFIO_CCW_PINS,
	VFIO_CCW_OK,
	VFIO_CCW_BUSY,
	VFIO_CCW_NO_PATH,
	VFIO_CCW_NO_MEMORY,
	VFIO_CCW_REFUSED,
	VFIO_CCW_FAILED,
	VFIO_CCW_INTERRUPTIONS,
	VFIO_CCW_INTERRUPTIONS_LOST,
	VFIO_CCW_REPORTS,
	VFIO_CCW_REPORTS_LOST,
	VFIO_CCW_STATS
};

/**
 * struct vfio_ccw_stats - the numbers of one device
 * @count: the numbers; changed under the subchannel lock, read without
 * @dir: where they are shown
 */
struct vfio_ccw_stats {
	u64 count[VFIO_CCW_STATS];
	struct dentry *dir;
};

void vfio_ccw_stats_setup(void);
void vfio_ccw_stats_cleanup(void);
void vfio_ccw_stats_show(struct vfio_ccw_stats *stats, const char *name);
void vfio_ccw_stats_hide(struct vfio_ccw_stats *stats);
void vfio_ccw_stats_add(struct vfio_ccw_stats *stats, enum vfio_ccw_stat stat,
			u64 more);
void vfio_ccw_stats_result(struct vfio_ccw_stats *stats, int result);

#endif
