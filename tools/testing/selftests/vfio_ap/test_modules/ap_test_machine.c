// SPDX-License-Identifier: GPL-2.0-only
/*
 * The machine's adapters, domains and queues, see ap_test.h.
 *
 * A card's queues come into being with the card and stay when it goes: what
 * happened to them is still of interest to the tests.
 */
#include <linux/slab.h>
#include <linux/string.h>

#include "ap_test.h"

struct ap_test_card {
	u8 type;
	bool deconfigured;
	bool checkstopped;
	struct ap_test_queue *queues;	/* AP_TEST_DOMAINS of them, or NULL */
};

DEFINE_RAW_SPINLOCK(ap_test_lock);

static struct ap_test_card cards[AP_TEST_CARDS];
static struct ap_config_info config;
static unsigned int config_failures;

/* Bit 0 is the leftmost, in each byte as in the mask. */
static void set_mask(void *mask, unsigned int bit, bool value)
{
	u8 *byte = (u8 *)mask + bit / 8;

	if (value)
		*byte |= 0x80 >> bit % 8;
	else
		*byte &= ~(0x80 >> bit % 8);
}

static bool test_mask(const void *mask, unsigned int bit)
{
	return ((const u8 *)mask)[bit / 8] & (0x80 >> bit % 8);
}

void ap_test_queue_empty(struct ap_test_queue *queue)
{
	struct ap_test_reply *reply, *next;

	list_for_each_entry_safe(reply, next, &queue->replies, list) {
		list_del(&reply->list);
		ap_test_reply_put(reply);
	}
	queue->depth = 0;
}

static void clear_queue(struct ap_test_queue *queue)
{
	struct llist_node pending = queue->pending;
	u8 card = queue->card, domain = queue->domain;

	ap_test_queue_empty(queue);
	memset(queue, 0, sizeof(*queue));
	queue->card = card;
	queue->domain = domain;
	queue->pending = pending;
	INIT_LIST_HEAD(&queue->replies);
}

/* As at the beginning: nothing there, nothing scripted, nothing counted. */
void ap_test_machine_clear(void)
{
	struct ap_test_card *card;
	unsigned int i;

	for (card = cards; card < cards + AP_TEST_CARDS; card++) {
		card->type = 0;
		card->deconfigured = false;
		card->checkstopped = false;
		for (i = 0; card->queues && i < AP_TEST_DOMAINS; i++)
			clear_queue(&card->queues[i]);
	}
	config_failures = 0;
	memset(config.apm, 0, sizeof(config.apm));
	memset(config.aqm, 0, sizeof(config.aqm));
	memset(config.adm, 0, sizeof(config.adm));
}

/* Before the lock is taken to add a card. */
int ap_test_card_prepare(unsigned int id)
{
	struct ap_test_queue *queues;
	unsigned int i;

	if (READ_ONCE(cards[id].queues))
		return 0;
	queues = kcalloc(AP_TEST_DOMAINS, sizeof(*queues), GFP_KERNEL);
	if (!queues)
		return -ENOMEM;
	for (i = 0; i < AP_TEST_DOMAINS; i++) {
		queues[i].card = id;
		queues[i].domain = i;
		INIT_LIST_HEAD(&queues[i].replies);
		init_llist_node(&queues[i].pending);
	}
	if (cmpxchg(&cards[id].queues, NULL, queues))
		kfree(queues);
	return 0;
}

void ap_test_set_card(unsigned int id, u8 type)
{
	cards[id].type = type;
	set_mask(config.apm, id, type);
}

void ap_test_set_domain(unsigned int domain, bool present)
{
	set_mask(config.aqm, domain, present);
}

void ap_test_set_control(unsigned int domain, bool present)
{
	set_mask(config.adm, domain, present);
}

void ap_test_set_configured(unsigned int card, bool configured)
{
	cards[card].deconfigured = !configured;
}

void ap_test_set_checkstop(unsigned int card, bool stopped)
{
	cards[card].checkstopped = stopped;
}

const struct ap_config_info *ap_test_config(void)
{
	return &config;
}

void ap_test_set_config_failures(unsigned int count)
{
	config_failures = count;
}

bool ap_test_config_fails(void)
{
	if (!config_failures)
		return false;
	config_failures--;
	return true;
}

struct ap_test_queue *ap_test_find(u8 card, u8 domain)
{
	return cards[card].queues ? &cards[card].queues[domain] : NULL;
}

u8 ap_test_card_type(u8 card)
{
	return cards[card].type;
}

u8 ap_test_available(u8 card, u8 domain)
{
	if (!test_mask(config.apm, card) || !test_mask(config.aqm, domain))
		return AP_RC_NOT_AVAILABLE;
	if (cards[card].deconfigured)
		return AP_RC_DECONFIGURED;
	if (cards[card].checkstopped)
		return AP_RC_CHECKSTOPPED;
	return cards[card].queues[domain].response;
}

void ap_test_machine_init(void)
{
	/* APXA: 256 adapters and domains; interpretation for guests. */
	config.apsc = 1;
	config.apxa = 1;
	config.rc8a = 1;
	config.na = AP_TEST_CARDS - 1;
	config.nd = AP_TEST_DOMAINS - 1;
	ap_test_message_init();
}
