/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The adjunct processors of ap_test.ko: what the machine has, what its queues
 * answer, and what they and the guests' control blocks say
 *
 * Functions return 0 or a negative errno.
 */
#ifndef SELFTEST_APMACHINE_H
#define SELFTEST_APMACHINE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#define AP_BUS "/sys/bus/ap"
#define AP_IDS 256

/* Response codes */
#define AP_NORMAL		0x00
#define AP_NOT_AVAILABLE	0x01
#define AP_RESETTING		0x02
#define AP_DECONFIGURED		0x03
#define AP_CHECKSTOPPED		0x04
#define AP_BUSY			0x05
#define AP_INVALID_ADDRESS	0x06
#define AP_OTHERWISE_CHANGED	0x07
#define AP_INVALID_GISA		0x08
#define AP_STATE_CHANGE		0x0a
#define AP_NOT_UNIQUE		0x35
#define AP_ASSOC_FAILED		0x36

#define AP_TYPE_CEX3	9
#define AP_TYPE_CEX7	13

/* What an AP queue has met, see ap_test_control.c. */
struct apqueue {
	unsigned long rapq;
	unsigned long zapq;
	unsigned long tapq;
	unsigned long aqic;
	unsigned long foreign;
	int used;
	int ir;
	int isc;
	int gisc;
	unsigned long long nib;
	unsigned long long gisa;
	unsigned int depth;
};

/* 256 bits, the leftmost is bit 0. */
struct apmask {
	uint8_t byte[AP_IDS / 8];
};

/* What the machine finds in a guest's control blocks. */
struct apguest {
	struct apmask adapters;
	struct apmask domains;
	struct apmask controls;
	unsigned int ipm;	/* pending interruption subclasses */
	unsigned int alert;	/* subclasses that KVM is to be told of */
};

bool apmachine_present(void);
/* A command for ap_test_control.c. */
int apmachine(const char *format, ...);
/* Let the kernel see what has changed; all it has to do is done on return. */
int apmachine_rescan(void);
int apmachine_queue(unsigned int card, unsigned int domain, struct apqueue *queue);
/* The guest of the process @pid; -ENOENT if it has none. */
int apmachine_guest(pid_t pid, struct apguest *guest);

bool apmask_test(const struct apmask *mask, unsigned int bit);
unsigned int apmask_count(const struct apmask *mask);

/* Which adapters or domains are the host's: "apmask" or "aqmask", and e.g. "-3,+5". */
int ap_host_mask(const char *attribute, const char *change);
/* All are: as after boot. */
int ap_host_masks_full(void);
/* The driver of a queue, "" for none. */
int ap_queue_driver(unsigned int card, unsigned int domain, char *name, size_t size);
int ap_queue_unbind(unsigned int card, unsigned int domain);
int ap_queue_bind(unsigned int card, unsigned int domain, const char *driver);
/* The text of the queue's attribute. */
int ap_queue_read(unsigned int card, unsigned int domain, const char *attribute, char *text,
		  size_t size);

#endif
