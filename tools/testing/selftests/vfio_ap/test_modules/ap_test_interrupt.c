// SPDX-License-Identifier: GPL-2.0-only
/*
 * Adapter interruptions of queues, see ap_test.h: the notification byte is set
 * and either the host is interrupted, or the guest's interruption-state area
 * (GISA) gets the subclass pending and, where the host asked for it, is put on
 * the list of alerts.
 *
 * An instruction makes an interruption pending anywhere; it is presented from
 * irq_work, where a real one would come.
 */
#include <linux/irqflags.h>
#include <linux/mm.h>

#include <asm/airq.h>
#include <asm/tpi.h>

#include "ap_test.h"

/* Bit numbers in the first doubleword of a GISA, and parts of it. */
#define GISA_IPM		32
#define GISA_WORD_IPM(word)	((u8)((word) >> 24))
#define GISA_WORD_IAM(word)	((u8)(word))

static LLIST_HEAD(pending);
static u32 gib_address;

void ap_test_set_gib(u32 gib)
{
	WRITE_ONCE(gib_address, gib);
}

static void call_handler(const char *name)
{
	struct airq_struct *airq = ap_test_symbol(name);
	struct tpi_adapter_info info = {};

	if (!airq)
		return;
	if (airq->lsi_ptr)
		*airq->lsi_ptr = 0xff;
	airq->handler(airq, (struct tpi_info *)&info);
}

/* Put the GISA in front of the alert list; true if the host has to be told. */
static bool enlist(struct kvm_s390_gisa *gisa, struct kvm_s390_gib *gib)
{
	u32 first;

	do {
		first = READ_ONCE(gib->alert_list_origin);
		WRITE_ONCE(gisa->next_alert, first);
	} while (cmpxchg(&gib->alert_list_origin, first,
			 (u32)virt_to_phys(gisa)) != first);
	return !first;
}

static void interrupt_guest(u64 address, u8 isc)
{
	struct kvm_s390_gisa *gisa = phys_to_virt(address);
	u64 word, silent;

	set_bit_inv(GISA_IPM + isc, (unsigned long *)gisa);
	if (!gib_address)
		return;
	do {
		word = READ_ONCE(gisa->u64.word[0]);
		if (!(GISA_WORD_IPM(word) & GISA_WORD_IAM(word)))
			return;
		silent = word & ~0xffULL;
	} while (cmpxchg(&gisa->u64.word[0], word, silent) != word);
	if (enlist(gisa, phys_to_virt(gib_address)))
		call_handler("gib_alert_irq");
}

static void notify(u64 nib)
{
	struct page *page = phys_to_page(nib);

	/* The machine would not care; whoever uses the page next would. */
	if (!page_ref_count(page)) {
		pr_err("BUG: ap_test: notification byte %llx is in a free page\n",
		       nib);
		return;
	}
	WRITE_ONCE(*(u8 *)phys_to_virt(nib), 0xff);
}

static void present(struct irq_work *work)
{
	struct llist_node *list = llist_del_all(&pending);
	struct ap_test_queue *queue, *next, now;
	unsigned long flags;

	llist_for_each_entry_safe(queue, next, list, pending) {
		raw_spin_lock_irqsave(&ap_test_lock, flags);
		now = *queue;
		init_llist_node(&queue->pending);
		/* Held, so that nobody disables the queue before it is done. */
		if (now.ir)
			notify(now.nib);
		if (now.ir && now.gisa)
			interrupt_guest(now.gisa, now.gisc);
		raw_spin_unlock_irqrestore(&ap_test_lock, flags);
		if (now.ir && !now.gisa)
			call_handler("ap_airq");
	}
}

static struct irq_work present_work = IRQ_WORK_INIT_HARD(present);

void ap_test_interrupt(struct ap_test_queue *queue)
{
	if (!queue->ir || llist_on_list(&queue->pending))
		return;
	llist_add(&queue->pending, &pending);
	irq_work_queue(&present_work);
}
