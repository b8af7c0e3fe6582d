/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Where every test of vfio_ap starts: a machine with three cards and three
 * domains, whose cards 3, 4 and 5 have been given away by the host, and the
 * matrix devices and guests that a test makes of them
 */
#ifndef VFIO_AP_HOST_H
#define VFIO_AP_HOST_H

#include <stdbool.h>

#include "apmachine.h"
#include "matrix.h"
#include "sysfs.h"
#include "vm.h"

/* The first three are vfio_ap's, the fourth stays with the host. */
#define CARD_1		3
#define CARD_2		4
#define CARD_3		5
#define CARD_HOST	9
#define DOMAIN_1	6
#define DOMAIN_2	0x2f
#define DOMAIN_3	0xab

#define WAIT_MS		10000
/* Long enough for a signal that must not come. */
#define QUIET_MS	300

#define REQ_IRQ		0
#define CFG_CHG_IRQ	1

/*
 * As described: nothing left of a test before, no matrix device, every queue
 * bound. false: cannot be, which is told.
 */
bool host_start(void);
/* The host as it was at boot. */
void host_end(void);

/* A queue's status becomes @text within 10 s. */
bool host_status_becomes(unsigned int card, unsigned int domain, const char *text);

/* A matrix device with cards and domains, each list ended by -1. */
int host_make_matrix(const char *uuid, const int *cards, const int *domains);

/* A guest with the matrix device @uuid, ready to run. */
struct guest {
	struct vm vm;
	struct vm_device dev;
	int req;
	int changed;
};

/* 0 or a negative errno, after a line that tells what failed */
int guest_open(struct guest *guest, const char *uuid);
void guest_close(struct guest *guest);
/* The guest can use exactly these queues, "XX.YYYY XX.YYYY" in order, and tells if not. */
bool guest_uses(const char *queues);
/* The same, waiting for it. */
bool guest_comes_to_use(const char *queues);
/* The interruption subclasses, a bit each, for which KVM wants to be alerted. */
unsigned int guest_subclasses(void);
/* So many pages of this process are pinned for devices, and tells if not. */
bool guest_pinned(long pages);
/* How often the configuration was signalled as changed since last asked. */
unsigned int guest_changes(struct guest *guest);

#endif
