/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ap_test.ko: adjunct processors for a machine that has none, for the tests
 * of vfio_ap. No use outside of tests.
 *
 * It stands below the kernel, in the machine's place: a kernel that runs under
 * an emulator without AP instructions meets cards and queues that the tests
 * script, and kvm.ko meets a SIE of a few instructions. The kernel's AP bus,
 * zcrypt and KVM are the stock ones and know nothing of it.
 */
#ifndef AP_TEST_H
#define AP_TEST_H

#include <linux/irq_work.h>
#include <linux/kvm_host.h>
#include <linux/list.h>
#include <linux/llist.h>
#include <linux/spinlock.h>
#include <linux/types.h>

#include <asm/ap.h>

struct seq_file;

#define AP_TEST_CARDS	256
#define AP_TEST_DOMAINS	256
#define AP_TEST_DEPTH	8	/* requests that a queue takes */

/* Response codes of PQAP, NQAP and DQAP. */
#define AP_RC_NORMAL			0x00
#define AP_RC_NOT_AVAILABLE		0x01
#define AP_RC_RESET_IN_PROGRESS		0x02
#define AP_RC_DECONFIGURED		0x03
#define AP_RC_CHECKSTOPPED		0x04
#define AP_RC_INVALID_ADDRESS		0x06
#define AP_RC_OTHERWISE_CHANGED		0x07
#define AP_RC_FULL			0x10
#define AP_RC_NO_REPLY			0x10
#define AP_RC_TOO_BIG			0x15

/* A type 80 reply to a request with the longest modulus. */
#define AP_TEST_REPLY_SIZE	(16 + 512)

/**
 * struct ap_test_reply - an answer that waits in a queue
 * @list: in its queue, or among the free ones
 * @psmid: program-supplied message identifier of the request
 * @size: bytes in @data
 * @data: the message
 */
struct ap_test_reply {
	struct list_head list;
	u64 psmid;
	size_t size;
	u8 data[AP_TEST_REPLY_SIZE];
};

/**
 * struct ap_test_queue - an AP queue, guarded by ap_test_lock
 * @card: its adapter
 * @domain: its usage domain
 * @response: scripted: what every function answers, unless normal
 * @reset_response: scripted: what the next reset answers, once
 * @reset_tests: scripted: how many TAPQs find a reset still in progress;
 *	negative: all
 * @test_response: scripted: what the next @test_count TAPQs answer
 * @test_count: see @test_response
 * @aqic_response: scripted: what the next AQIC answers, once
 * @aqic_sticks: scripted: AQIC that disables is accepted and does nothing
 * @resetting: TAPQs for which a reset is still in progress
 * @ir: interrupts are enabled
 * @isc: interruption subclass of the host
 * @gisc: interruption subclass of the guest
 * @nib: absolute address of the notification-indicator byte
 * @gisa: absolute address of the guest's interruption-state area; 0: the host's
 *	own queue
 * @replies: messages to be received
 * @depth: how many
 * @used: it has seen a request since it was zeroized
 * @user: whose request: the guest, NULL for the host
 * @foreign: requests or receptions while another's data may have been in it
 * @rapq: resets
 * @zapq: resets that zeroized
 * @tapq: tests
 * @aqic: changes of interruption control
 * @pending: the interruption is to be presented
 */
struct ap_test_queue {
	u8 card;
	u8 domain;
	u8 response;
	u8 reset_response;
	int reset_tests;
	u8 test_response;
	unsigned int test_count;
	u8 aqic_response;
	bool aqic_sticks;
	int resetting;
	bool ir;
	u8 isc;
	u8 gisc;
	u64 nib;
	u64 gisa;
	struct list_head replies;
	unsigned int depth;
	bool used;
	const void *user;
	unsigned long foreign;
	unsigned long rapq;
	unsigned long zapq;
	unsigned long tapq;
	unsigned long aqic;
	struct llist_node pending;
};

/* A CPU must be able to take it wherever the kernel uses an AP instruction. */
extern raw_spinlock_t ap_test_lock;

/*
 * The machine: its configuration as QCI tells it, and its queues. All but the
 * first two want ap_test_lock held.
 */
void ap_test_machine_init(void);
int ap_test_card_prepare(unsigned int card);
void ap_test_machine_clear(void);
/* Type 0 takes the card away. */
void ap_test_set_card(unsigned int card, u8 type);
void ap_test_set_domain(unsigned int domain, bool present);
void ap_test_set_control(unsigned int domain, bool present);
void ap_test_set_configured(unsigned int card, bool configured);
void ap_test_set_checkstop(unsigned int card, bool stopped);
const struct ap_config_info *ap_test_config(void);
/* The next @count times QCI fails. */
void ap_test_set_config_failures(unsigned int count);
bool ap_test_config_fails(void);
/* NULL: no such card has ever been there. */
struct ap_test_queue *ap_test_find(u8 card, u8 domain);
u8 ap_test_card_type(u8 card);
/* What keeps a queue from doing anything at all, or AP_RC_NORMAL. */
u8 ap_test_available(u8 card, u8 domain);
void ap_test_queue_empty(struct ap_test_queue *queue);

/*
 * What a card does with a request: the reply is in the queue at once.
 * ap_test_lock held; a response code.
 */
void ap_test_message_init(void);
struct ap_test_reply *ap_test_reply_get(void);
void ap_test_reply_put(struct ap_test_reply *reply);
void ap_test_answer(const u8 *request, size_t size, struct ap_test_reply *reply);
/* The longest request that is understood: type 50 with a 4096-bit modulus. */
#define AP_TEST_REQUEST_SIZE	(16 + 3 * 512)

#define INSN_PQAP	0xb2af
#define INSN_NQAP	0xb2ad
#define INSN_DQAP	0xb2ae

/**
 * struct ap_test_cpu - who executes an instruction
 * @gprs: its general registers
 * @cc: the condition code that results
 * @user: the guest, or NULL for the host
 * @mask: the guest's masks, or NULL for all that the machine has
 * @read: fetches from its storage; 0 or a negative errno
 * @write: stores there
 */
struct ap_test_cpu {
	u64 *gprs;
	int cc;
	const void *user;
	const struct kvm_s390_apcb1 *mask;
	int (*read)(struct ap_test_cpu *cpu, u64 addr, void *data, size_t size);
	int (*write)(struct ap_test_cpu *cpu, u64 addr, const void *data,
		     size_t size);
};

/* false: there is no such instruction or function. @fields: the second halfword. */
bool ap_test_execute(struct ap_test_cpu *cpu, u16 opcode, u16 fields);
int ap_test_instruction_init(void);
void ap_test_instruction_exit(void);

/* Make the interruption of a queue pending, if it is enabled; ap_test_lock held. */
void ap_test_interrupt(struct ap_test_queue *queue);
/* The address of the guest-information block, as CHSC is told; 0: none. */
void ap_test_set_gib(u32 gib);

/* Start the kernel's AP bus, which gave up at boot. */
int ap_test_bus_start(void);

/* Let kvm.ko find the machine good enough. */
int ap_test_kvm_init(void);
void ap_test_kvm_exit(void);

/* The masks of a guest as they are for the machine. */
void ap_test_guest_masks(const struct kvm *kvm, struct kvm_s390_apcb1 *masks);
/* What each guest's control blocks say, for the tests. */
int ap_test_guests_show(struct seq_file *s, void *unused);

int ap_test_sie_init(void);
void ap_test_sie_exit(void);

/*
 * What the driver under test, and nobody else, meets. Prepared before the first of
 * them is asked for.
 */
int ap_test_driver_init(void);
int ap_test_driver_prepare(void);
/* Guests are: 0: not protected, 1: protected, with pages shared, 2: without. */
void ap_test_driver_protected(int how);
/* The next @times that it puts something into an XArray. */
void ap_test_driver_insert_fails(int times);
/* Are there AP instructions? */
void ap_test_driver_instructions(bool there);
/* There are none for the code at @address. */
bool ap_test_driver_lacks(unsigned long address);
/* As before all of this. */
void ap_test_driver_clear(void);

int ap_test_control_init(void);
void ap_test_control_exit(void);

/* Any symbol of the kernel and its modules; NULL and a message if missing. */
int ap_test_symbols_init(void);
void *ap_test_symbol(const char *name);
void *ap_test_symbol_maybe(const char *name);

#endif /* AP_TEST_H */
