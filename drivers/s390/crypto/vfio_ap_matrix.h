/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Adapters and domains, and the queues where they cross: what two owners would
 * share, what of it a guest can have, what leaves when it changes.
 *
 * Pure: no kernel service, no lock; tested on any machine by
 * tools/testing/ap-model.
 */
#ifndef VFIO_AP_MATRIX_H
#define VFIO_AP_MATRIX_H

#include <linux/types.h>

#include "vfio_ap_mask.h"

/**
 * struct vfio_ap_matrix - what somebody has of the machine's crypto resources
 * @adapters: adapters
 * @domains: usage domains; each of these on each adapter is a queue
 * @controls: control domains
 */
struct vfio_ap_matrix {
	struct vfio_ap_mask adapters;
	struct vfio_ap_mask domains;
	struct vfio_ap_mask controls;
};

/* The number of the queue of @domain on @adapter: an APQN. */
static inline u16 vfio_ap_apqn(unsigned int adapter, unsigned int domain)
{
	return adapter << 8 | domain;
}

static inline unsigned int vfio_ap_adapter_of(u16 apqn)
{
	return apqn >> 8;
}

static inline unsigned int vfio_ap_domain_of(u16 apqn)
{
	return apqn & 0xff;
}

static inline bool vfio_ap_matrix_has(const struct vfio_ap_matrix *matrix,
				      u16 apqn)
{
	return vfio_ap_mask_has(&matrix->adapters, vfio_ap_adapter_of(apqn)) &&
	       vfio_ap_mask_has(&matrix->domains, vfio_ap_domain_of(apqn));
}

bool vfio_ap_matrix_equal(const struct vfio_ap_matrix *a,
			  const struct vfio_ap_matrix *b);
bool vfio_ap_matrix_within(const struct vfio_ap_matrix *matrix,
			   unsigned int max_adapter, unsigned int max_domain);
void vfio_ap_matrix_added(const struct vfio_ap_matrix *before,
			  const struct vfio_ap_matrix *after,
			  struct vfio_ap_matrix added[2]);
bool vfio_ap_matrix_shared(const struct vfio_ap_matrix *a,
			   const struct vfio_ap_matrix *b,
			   struct vfio_ap_matrix *shared);
void vfio_ap_matrix_filter(struct vfio_ap_matrix *guest,
			   const struct vfio_ap_matrix *assigned,
			   const struct vfio_ap_matrix *host,
			   bool (*usable)(u16 apqn));
void vfio_ap_matrix_leaving(const struct vfio_ap_matrix *before,
			    const struct vfio_ap_matrix *after,
			    void (*leave)(u16 apqn, void *context),
			    void *context);

#endif
