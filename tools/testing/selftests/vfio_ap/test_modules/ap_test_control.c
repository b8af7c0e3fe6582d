// SPDX-License-Identifier: GPL-2.0-only
/*
 * The tests' side of it, see ap_test.h: /sys/kernel/debug/ap_test/
 *
 * control takes one command a write; CARD, DOMAIN and all others are numbers:
 *
 *	clear				no cards, no domains, nothing scripted
 *	card CARD TYPE			a card of that hardware type (0: none)
 *	domain DOMAIN 0|1		usage domain
 *	control DOMAIN 0|1		control domain
 *	configured CARD 0|1
 *	checkstop CARD 0|1
 *	config-fails N			the next N times that QCI is asked
 *	respond CARD DOMAIN RC		to every instruction (0: as it is)
 *	reset-responds CARD DOMAIN RC	to the next reset
 *	reset-takes CARD DOMAIN N	TAPQs, each time (-1: never over)
 *	test-responds CARD DOMAIN RC N	to the next N TAPQs
 *	aqic-responds CARD DOMAIN RC	to the next AQIC
 *	aqic-sticks CARD DOMAIN 0|1	enabled, it does not get disabled but by a reset
 *	interrupt CARD DOMAIN		as if a reply had come
 *
 * and for vfio_ap alone:
 *
 *	protected 0|1|2			guests are protected (2: and share no page)
 *	insert-fails N			the next N times that it keeps something
 *	instructions 0|1		there are AP instructions
 *
 * queues tells of each queue that an instruction has met, guests of each guest;
 * the kernel learns what has changed when its bus is scanned.
 */
#include <linux/debugfs.h>
#include <linux/seq_file.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "ap_test.h"

#define FOR_CARD	0x100	/* the first number is a card */
#define FOR_DOMAIN	0x200	/* the first number is a domain */
#define FOR_QUEUE	0x400	/* card and domain come first */
#define FOR_DRIVER	0x800

static void do_clear(struct ap_test_queue *queue, const int *arg)
{
	ap_test_machine_clear();
	ap_test_driver_clear();
}

static void do_card(struct ap_test_queue *queue, const int *arg)
{
	ap_test_set_card(arg[0], arg[1]);
}

static void do_domain(struct ap_test_queue *queue, const int *arg)
{
	ap_test_set_domain(arg[0], arg[1]);
}

static void do_control(struct ap_test_queue *queue, const int *arg)
{
	ap_test_set_control(arg[0], arg[1]);
}

static void do_configured(struct ap_test_queue *queue, const int *arg)
{
	ap_test_set_configured(arg[0], arg[1]);
}

static void do_checkstop(struct ap_test_queue *queue, const int *arg)
{
	ap_test_set_checkstop(arg[0], arg[1]);
}

static void do_config_fails(struct ap_test_queue *queue, const int *arg)
{
	ap_test_set_config_failures(arg[0]);
}

static void do_respond(struct ap_test_queue *queue, const int *arg)
{
	queue->response = arg[2];
}

static void do_reset_responds(struct ap_test_queue *queue, const int *arg)
{
	queue->reset_response = arg[2];
}

static void do_reset_takes(struct ap_test_queue *queue, const int *arg)
{
	queue->reset_tests = arg[2];
	/* A reset that would never have been over can be let end. */
	if (queue->resetting < 0)
		queue->resetting = arg[2];
}

static void do_test_responds(struct ap_test_queue *queue, const int *arg)
{
	queue->test_response = arg[2];
	queue->test_count = arg[3];
}

static void do_aqic_responds(struct ap_test_queue *queue, const int *arg)
{
	queue->aqic_response = arg[2];
}

static void do_aqic_sticks(struct ap_test_queue *queue, const int *arg)
{
	queue->aqic_sticks = arg[2];
}

static void do_interrupt(struct ap_test_queue *queue, const int *arg)
{
	ap_test_interrupt(queue);
}

static void do_protected(struct ap_test_queue *queue, const int *arg)
{
	ap_test_driver_protected(arg[0]);
}

static void do_insert_fails(struct ap_test_queue *queue, const int *arg)
{
	ap_test_driver_insert_fails(arg[0]);
}

static void do_instructions(struct ap_test_queue *queue, const int *arg)
{
	ap_test_driver_instructions(arg[0]);
}

static const struct command {
	const char *name;
	unsigned int arguments;
	unsigned int what_for;
	void (*run)(struct ap_test_queue *queue, const int *arg);
} commands[] = {
	{ "clear", 0, 0, do_clear },
	{ "card", 2, FOR_CARD, do_card },
	{ "domain", 2, FOR_DOMAIN, do_domain },
	{ "control", 2, FOR_DOMAIN, do_control },
	{ "configured", 2, FOR_CARD, do_configured },
	{ "checkstop", 2, FOR_CARD, do_checkstop },
	{ "config-fails", 1, 0, do_config_fails },
	{ "respond", 3, FOR_QUEUE, do_respond },
	{ "reset-responds", 3, FOR_QUEUE, do_reset_responds },
	{ "reset-takes", 3, FOR_QUEUE, do_reset_takes },
	{ "test-responds", 4, FOR_QUEUE, do_test_responds },
	{ "aqic-responds", 3, FOR_QUEUE, do_aqic_responds },
	{ "aqic-sticks", 3, FOR_QUEUE, do_aqic_sticks },
	{ "interrupt", 2, FOR_QUEUE, do_interrupt },
	{ "protected", 1, FOR_DRIVER, do_protected },
	{ "insert-fails", 1, FOR_DRIVER, do_insert_fails },
	{ "instructions", 1, FOR_DRIVER, do_instructions },
};

static int run_command(const struct command *command, const int *arg)
{
	struct ap_test_queue *queue = NULL;
	unsigned long flags;
	int ret = 0;

	if (command->what_for & (FOR_CARD | FOR_DOMAIN | FOR_QUEUE) &&
	    (arg[0] < 0 || arg[0] >= AP_TEST_CARDS))
		return -ERANGE;
	if (command->what_for == FOR_QUEUE &&
	    (arg[1] < 0 || arg[1] >= AP_TEST_DOMAINS))
		return -ERANGE;
	if (command->what_for & (FOR_CARD | FOR_QUEUE))
		ret = ap_test_card_prepare(arg[0]);
	if (command->what_for == FOR_DRIVER)
		ret = ap_test_driver_prepare();
	if (ret)
		return ret;
	raw_spin_lock_irqsave(&ap_test_lock, flags);
	if (command->what_for == FOR_QUEUE)
		queue = ap_test_find(arg[0], arg[1]);
	command->run(queue, arg);
	raw_spin_unlock_irqrestore(&ap_test_lock, flags);
	return 0;
}

static ssize_t control_write(struct file *file, const char __user *from,
			     size_t size, loff_t *offset)
{
	char text[80], name[16];
	int arg[4], count;
	size_t i;
	int ret;

	if (size >= sizeof(text))
		return -EINVAL;
	if (copy_from_user(text, from, size))
		return -EFAULT;
	text[size] = '\0';
	count = sscanf(text, "%15s %i %i %i %i", name, &arg[0], &arg[1], &arg[2],
		       &arg[3]);
	for (i = 0; i < ARRAY_SIZE(commands); i++) {
		if (count < 1 || strcmp(commands[i].name, name) ||
		    commands[i].arguments != count - 1)
			continue;
		ret = run_command(&commands[i], arg);
		return ret ?: size;
	}
	return -EINVAL;
}

static const struct file_operations control_fops = {
	.owner = THIS_MODULE,
	.open = simple_open,
	.write = control_write,
};

static void show_queue(struct seq_file *s, const struct ap_test_queue *queue)
{
	if (!(queue->rapq | queue->zapq | queue->tapq | queue->aqic))
		return;
	seq_printf(s, "%02x.%04x rapq=%lu zapq=%lu tapq=%lu aqic=%lu foreign=%lu",
		   queue->card, queue->domain, queue->rapq, queue->zapq,
		   queue->tapq, queue->aqic, queue->foreign);
	seq_printf(s, " used=%d ir=%d isc=%d gisc=%d nib=%llx gisa=%llx depth=%u\n",
		   queue->used, queue->ir, queue->isc, queue->gisc, queue->nib,
		   queue->gisa, queue->depth);
}

static int queues_show(struct seq_file *s, void *unused)
{
	struct ap_test_queue *queue, now;
	unsigned int card, domain;
	unsigned long flags;

	for (card = 0; card < AP_TEST_CARDS; card++) {
		if (!ap_test_find(card, 0))
			continue;
		for (domain = 0; domain < AP_TEST_DOMAINS; domain++) {
			raw_spin_lock_irqsave(&ap_test_lock, flags);
			queue = ap_test_find(card, domain);
			now = *queue;
			raw_spin_unlock_irqrestore(&ap_test_lock, flags);
			show_queue(s, &now);
		}
	}
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(queues);

static int guests_show(struct seq_file *s, void *unused)
{
	return ap_test_guests_show(s, unused);
}
DEFINE_SHOW_ATTRIBUTE(guests);

static struct dentry *folder;

int ap_test_control_init(void)
{
	folder = debugfs_create_dir("ap_test", NULL);
	debugfs_create_file("control", 0200, folder, NULL, &control_fops);
	debugfs_create_file("queues", 0400, folder, NULL, &queues_fops);
	debugfs_create_file("guests", 0400, folder, NULL, &guests_fops);
	return PTR_ERR_OR_ZERO(folder);
}

void ap_test_control_exit(void)
{
	debugfs_remove(folder);
}
