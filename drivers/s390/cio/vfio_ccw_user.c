// SPDX-License-Identifier: GPL-2.0
/*
 * The user of devices, and how what they keep for it is given back.
 *
 * As long as one device of a container has a page pinned, the container gives
 * that page to the others, too, whatever is at its address by now.  So what is
 * stale is given back by all devices of a user before one of them pins anything;
 * which of these have the same container nobody tells.
 *
 * A process can make its container wait, and so whoever gives pages back to it:
 * no lock that is held then is another process's.
 */
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>

#include "vfio_ccw_keep.h"
#include "vfio_ccw_pages.h"
#include "vfio_ccw_user.h"

/* Guards the list, and how many devices each user has open. */
static DEFINE_MUTEX(users_lock);
static LIST_HEAD(users);

static struct vfio_ccw_user *get_user_of(struct mm_struct *mm)
{
	struct vfio_ccw_user *user;

	guard(mutex)(&users_lock);
	list_for_each_entry(user, &users, all)
		if (user->mm == mm) {
			user->opens++;
			return user;
		}

	user = kzalloc(sizeof(*user), GFP_KERNEL_ACCOUNT);
	if (!user)
		return NULL;
	mmgrab(mm);
	user->mm = mm;
	user->opens = 1;
	mutex_init(&user->lock);
	INIT_LIST_HEAD(&user->devices);
	list_add(&user->all, &users);
	return user;
}

static void put_user_of(struct vfio_ccw_user *user)
{
	scoped_guard(mutex, &users_lock) {
		if (--user->opens)
			return;
		list_del(&user->all);
	}
	mmdrop(user->mm);
	kfree(user);
}

/**
 * vfio_ccw_user_open() - This process opens a device.
 * @keep: what the device keeps: nothing yet
 *
 * Context: Process context, may sleep.
 * Return: 0 or -ENOMEM.
 */
int vfio_ccw_user_open(struct vfio_ccw_keep *keep)
{
	struct vfio_ccw_user *user = get_user_of(current->mm);

	if (!user)
		return -ENOMEM;
	keep->user = user;
	guard(mutex)(&user->lock);
	list_add(&keep->of_user, &user->devices);
	return 0;
}

/**
 * vfio_ccw_user_close() - A device is closed.
 * @keep: what the device keeps: nothing any more
 *
 * Context: Process context, may sleep.
 */
void vfio_ccw_user_close(struct vfio_ccw_keep *keep)
{
	struct vfio_ccw_user *user = keep->user;

	scoped_guard(mutex, &user->lock)
		list_del(&keep->of_user);
	vfio_ccw_keep_trim(keep);
	keep->user = NULL;
	put_user_of(user);
}

/* The lock is held: so whoever comes next finds them gone. */
static void drop(struct vfio_ccw_keep *keep, u64 before)
{
	u64 guest[VFIO_CCW_KEEP_BATCH];
	u32 from = 0;
	u32 taken, stale, n;

	do {
		taken = vfio_ccw_keep_take(keep, before, &from, guest, &stale);
		for (u32 i = 0; i < taken; i += n) {
			n = 1;
			while (i + n < taken &&
			       guest[i + n] == guest[i] + n * PAGE_SIZE)
				n++;
			vfio_ccw_pages_unpin(keep->vdev, guest[i], n);
		}
		vfio_ccw_keep_taken(keep, taken);
		atomic_sub(stale, &keep->user->stale);
	} while (taken == VFIO_CCW_KEEP_BATCH);
}

/**
 * vfio_ccw_user_drop() - Have a device give back all pages that no program uses.
 * @keep: what it keeps
 *
 * Context: Process context, may sleep; takes the container's lock.
 */
void vfio_ccw_user_drop(struct vfio_ccw_keep *keep)
{
	guard(mutex)(&keep->user->lock);
	drop(keep, VFIO_CCW_KEEP_IDLE);
}

/**
 * vfio_ccw_user_drop_stale() - The same for those that are stale.
 * @keep: what it keeps
 *
 * Context: Process context, may sleep; takes the container's lock.
 */
void vfio_ccw_user_drop_stale(struct vfio_ccw_keep *keep)
{
	if (!READ_ONCE(keep->stale))
		return;
	guard(mutex)(&keep->user->lock);
	drop(keep, 0);
}

/**
 * vfio_ccw_user_age() - The same for those not used since the last call.
 * @keep: what it keeps
 *
 * Context: Process context, may sleep; takes the container's lock.
 * Return: Whether anything is still kept, or was asked for since.
 */
bool vfio_ccw_user_age(struct vfio_ccw_keep *keep)
{
	guard(mutex)(&keep->user->lock);
	drop(keep, keep->aged);
	return vfio_ccw_keep_aged(keep);
}

/**
 * vfio_ccw_user_drop_all() - Have all devices give back what no program uses.
 * @user: whose devices
 *
 * Context: Process context, may sleep; takes the containers' locks.
 */
void vfio_ccw_user_drop_all(struct vfio_ccw_user *user)
{
	struct vfio_ccw_keep *keep;

	guard(mutex)(&user->lock);
	list_for_each_entry(keep, &user->devices, of_user)
		drop(keep, VFIO_CCW_KEEP_IDLE);
}

/**
 * vfio_ccw_user_drop_all_stale() - The same for what is stale.
 * @user: whose devices
 *
 * Context: Process context, may sleep; takes the containers' locks.
 * Return: Whether nothing stale is left.  What a program uses is.
 */
bool vfio_ccw_user_drop_all_stale(struct vfio_ccw_user *user)
{
	struct vfio_ccw_keep *keep;

	if (likely(!atomic_read(&user->stale)))
		return true;
	guard(mutex)(&user->lock);
	list_for_each_entry(keep, &user->devices, of_user)
		drop(keep, 0);
	return !atomic_read(&user->stale);
}
