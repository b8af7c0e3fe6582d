// SPDX-License-Identifier: GPL-2.0
/*
 * The arithmetic of matrices. Each function looks at what differs only, so that
 * a change of one adapter or domain costs as many steps as it has queues.
 */
#include <linux/string.h>

#include "vfio_ap_matrix.h"

/**
 * vfio_ap_matrix_equal() - Are two matrices the same?
 * @a: one
 * @b: the other
 *
 * Return: Whether they are.
 */
bool vfio_ap_matrix_equal(const struct vfio_ap_matrix *a,
			  const struct vfio_ap_matrix *b)
{
	return !memcmp(a, b, sizeof(*a));
}

static bool mask_within(const struct vfio_ap_mask *mask, unsigned int max)
{
	return vfio_ap_mask_next(mask, max + 1) == VFIO_AP_IDS;
}

/**
 * vfio_ap_matrix_within() - Can a machine have all of this?
 * @matrix: what is wanted
 * @max_adapter: the machine's highest possible adapter
 * @max_domain: its highest possible domain, usage or control
 *
 * Return: Whether nothing lies above.
 */
bool vfio_ap_matrix_within(const struct vfio_ap_matrix *matrix,
			   unsigned int max_adapter, unsigned int max_domain)
{
	return mask_within(&matrix->adapters, max_adapter) &&
	       mask_within(&matrix->domains, max_domain) &&
	       mask_within(&matrix->controls, max_domain);
}

/**
 * vfio_ap_matrix_added() - Which queues come in when a matrix changes?
 * @before: the matrix before
 * @after: the matrix after
 * @added: these queues: all of the first and all of the second
 */
void vfio_ap_matrix_added(const struct vfio_ap_matrix *before,
			  const struct vfio_ap_matrix *after,
			  struct vfio_ap_matrix added[2])
{
	memset(added, 0, 2 * sizeof(*added));
	added[0].adapters = vfio_ap_mask_less(&after->adapters,
					      &before->adapters);
	added[0].domains = after->domains;
	added[1].domains = vfio_ap_mask_less(&after->domains, &before->domains);
	/* Whoever goes through adapters is spared those for nothing. */
	if (!vfio_ap_mask_empty(&added[1].domains))
		added[1].adapters = vfio_ap_mask_both(&after->adapters,
						      &before->adapters);
}

/**
 * vfio_ap_matrix_shared() - Which queues do two matrices have in common?
 * @a: one
 * @b: the other
 * @shared: these queues
 *
 * Return: Whether there are any.
 */
bool vfio_ap_matrix_shared(const struct vfio_ap_matrix *a,
			   const struct vfio_ap_matrix *b,
			   struct vfio_ap_matrix *shared)
{
	memset(shared, 0, sizeof(*shared));
	shared->adapters = vfio_ap_mask_both(&a->adapters, &b->adapters);
	shared->domains = vfio_ap_mask_both(&a->domains, &b->domains);
	return !vfio_ap_mask_empty(&shared->adapters) &&
	       !vfio_ap_mask_empty(&shared->domains);
}

/* Of @all, those for which anything is to be done, where @known have it behind them. */
static struct vfio_ap_mask concerned(const struct vfio_ap_mask *all,
				     const struct vfio_ap_mask *known,
				     const struct vfio_ap_mask *domains)
{
	return vfio_ap_mask_empty(domains) ? vfio_ap_mask_less(all, known) :
					     *all;
}

static bool all_usable(unsigned int adapter, const struct vfio_ap_mask *domains,
		       bool (*usable)(u16 apqn))
{
	unsigned int domain = VFIO_AP_NONE;

	while (vfio_ap_mask_each(domains, &domain)) {
		if (!usable(vfio_ap_apqn(adapter, domain)))
			return false;
	}
	return true;
}

/**
 * vfio_ap_matrix_filter() - What of its matrix can a guest have?
 * @guest: what it is found to have; before the call, queues known to be usable,
 *	which are not asked for again
 * @assigned: what was assigned to it
 * @host: what the host has
 * @usable: tells of a queue whether a guest can use it
 *
 * A guest's matrix is the product of its adapters and its domains. An adapter
 * with a queue that cannot be used is left out as a whole.
 */
void vfio_ap_matrix_filter(struct vfio_ap_matrix *guest,
			   const struct vfio_ap_matrix *assigned,
			   const struct vfio_ap_matrix *host,
			   bool (*usable)(u16 apqn))
{
	const struct vfio_ap_matrix known = *guest;
	unsigned int adapter = VFIO_AP_NONE;
	struct vfio_ap_mask fresh, look;

	guest->adapters = vfio_ap_mask_both(&assigned->adapters,
					    &host->adapters);
	guest->domains = vfio_ap_mask_both(&assigned->domains, &host->domains);
	guest->controls = vfio_ap_mask_both(&assigned->controls,
					    &host->controls);
	fresh = vfio_ap_mask_less(&guest->domains, &known.domains);
	look = concerned(&guest->adapters, &known.adapters, &fresh);

	while (vfio_ap_mask_each(&look, &adapter)) {
		bool is_known = vfio_ap_mask_has(&known.adapters, adapter);

		if (!all_usable(adapter, is_known ? &fresh : &guest->domains,
				usable))
			vfio_ap_mask_drop(&guest->adapters, adapter);
	}
}

/**
 * vfio_ap_matrix_leaving() - Go through the queues that a change takes away.
 * @before: the matrix before
 * @after: the matrix after
 * @leave: called for each queue that is in @before and not in @after
 * @context: passed to @leave
 */
void vfio_ap_matrix_leaving(const struct vfio_ap_matrix *before,
			    const struct vfio_ap_matrix *after,
			    void (*leave)(u16 apqn, void *context),
			    void *context)
{
	const struct vfio_ap_mask gone = vfio_ap_mask_less(&before->domains,
							   &after->domains);
	const struct vfio_ap_mask look = concerned(&before->adapters,
						   &after->adapters, &gone);
	unsigned int adapter = VFIO_AP_NONE;

	while (vfio_ap_mask_each(&look, &adapter)) {
		bool stays = vfio_ap_mask_has(&after->adapters, adapter);
		unsigned int domain = VFIO_AP_NONE;

		while (vfio_ap_mask_each(stays ? &gone : &before->domains,
					 &domain))
			leave(vfio_ap_apqn(adapter, domain), context);
	}
}
