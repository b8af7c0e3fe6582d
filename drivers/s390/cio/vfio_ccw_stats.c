// SPDX-License-Identifier: GPL-2.0
/*
 * Numbers of what a device did: a directory for each device in debugfs, below
 * vfio_ccw, with a file for each number.
 *
 * Debugfs may be off, or be locked down: then they are counted and not shown,
 * and nobody needs to know.
 */
#include <linux/compiler.h>
#include <linux/debugfs.h>
#include <linux/errno.h>

#include "vfio_ccw_stats.h"

static const char *const names[VFIO_CCW_STATS] = {
	[VFIO_CCW_PROGRAMS] = "programs",
	[VFIO_CCW_RESUMES] = "resumes",
	[VFIO_CCW_PARTS] = "parts",
	[VFIO_CCW_HALTS] = "halts",
	[VFIO_CCW_CLEARS] = "clears",
	[VFIO_CCW_ABORTS] = "aborts",
	[VFIO_CCW_CCWS] = "ccws",
	[VFIO_CCW_PAGES] = "pages",
	[VFIO_CCW_PINS] = "pins",
	[VFIO_CCW_OK] = "requests_ok",
	[VFIO_CCW_BUSY] = "requests_busy",
	[VFIO_CCW_NO_PATH] = "requests_no_path",
	[VFIO_CCW_NO_MEMORY] = "requests_no_memory",
	[VFIO_CCW_REFUSED] = "requests_refused",
	[VFIO_CCW_FAILED] = "requests_failed",
	[VFIO_CCW_INTERRUPTIONS] = "interruptions",
	[VFIO_CCW_INTERRUPTIONS_LOST] = "interruptions_lost",
	[VFIO_CCW_REPORTS] = "reports",
	[VFIO_CCW_REPORTS_LOST] = "reports_lost",
};

static struct dentry *root;

void __init vfio_ccw_stats_setup(void)
{
	root = debugfs_create_dir("vfio_ccw", NULL);
}

void vfio_ccw_stats_cleanup(void)
{
	debugfs_remove(root);
}

static int show(void *data, u64 *value)
{
	u64 *count = data;

	*value = READ_ONCE(*count);
	return 0;
}
DEFINE_DEBUGFS_ATTRIBUTE(stat_fops, show, NULL, "%llu\n");

/**
 * vfio_ccw_stats_show() - Let the numbers be seen.
 * @stats: the numbers
 * @name: bus id of the subchannel
 */
void vfio_ccw_stats_show(struct vfio_ccw_stats *stats, const char *name)
{
	stats->dir = debugfs_create_dir(name, root);
	for (unsigned int i = 0; i < VFIO_CCW_STATS; i++)
		debugfs_create_file_unsafe(names[i], 0444, stats->dir,
					   &stats->count[i], &stat_fops);
}

/**
 * vfio_ccw_stats_hide() - Let them be seen no more.
 * @stats: the numbers; nobody reads them when this returns
 */
void vfio_ccw_stats_hide(struct vfio_ccw_stats *stats)
{
	debugfs_remove(stats->dir);
}

/**
 * vfio_ccw_stats_add() - Count.
 * @stats: the numbers
 * @stat: which of them
 * @more: how many more
 *
 * Context: The subchannel lock is held.
 */
void vfio_ccw_stats_add(struct vfio_ccw_stats *stats, enum vfio_ccw_stat stat,
			u64 more)
{
	WRITE_ONCE(stats->count[stat], stats->count[stat] + more);
}

static enum vfio_ccw_stat kind_of(int result)
{
	switch (result) {
	case 0:
		return VFIO_CCW_OK;
	case -EBUSY:
		return VFIO_CCW_BUSY;
	case -EACCES:
	case -ENODEV:
		return VFIO_CCW_NO_PATH;
	case -ENOMEM:
		return VFIO_CCW_NO_MEMORY;
	case -E2BIG:
	case -EINVAL:
	case -EIO:
	case -EOPNOTSUPP:
		return VFIO_CCW_REFUSED;
	default:
		return VFIO_CCW_FAILED;
	}
}

/**
 * vfio_ccw_stats_result() - Count a request of userspace.
 * @stats: the numbers
 * @result: 0 or its error
 *
 * Context: The subchannel lock is held.
 */
void vfio_ccw_stats_result(struct vfio_ccw_stats *stats, int result)
{
	vfio_ccw_stats_add(stats, kind_of(result), 1);
}
