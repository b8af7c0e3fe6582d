// SPDX-License-Identifier: GPL-2.0
/* The machine and the guests of vfio_ap's tests */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "host.h"
#include "locked.h"

#define STEP_US 1000

static const int all_cards[] = { CARD_1, CARD_2, CARD_3, CARD_HOST };
static const int all_domains[] = { DOMAIN_1, DOMAIN_2, DOMAIN_3 };

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* For what a matrix device that a killed test had open takes to go. */
static bool remove_matrices(void)
{
	int ms;

	for (ms = 0; ms < WAIT_MS; ms++) {
		if (matrix_remove_all())
			return true;
		usleep(STEP_US);
	}
	printf("# a matrix device does not go\n");
	return false;
}

static bool set_up_machine(void)
{
	size_t i;

	for (i = 0; i < COUNT(all_cards); i++)
		if (apmachine("card %d %d", all_cards[i], AP_TYPE_CEX7))
			return false;
	for (i = 0; i < COUNT(all_domains); i++)
		if (apmachine("domain %d 1", all_domains[i]) ||
		    apmachine("control %d 1", all_domains[i]))
			return false;
	return true;
}

static bool bound_to(unsigned int card, unsigned int domain, const char *driver)
{
	char name[32] = "nothing";
	int ms;

	for (ms = 0; ms < WAIT_MS; ms++) {
		if (!ap_queue_driver(card, domain, name, sizeof(name)) && !strcmp(name, driver))
			return true;
		usleep(STEP_US);
	}
	printf("# %02x.%04x has driver '%s', want %s\n", card, domain, name, driver);
	return false;
}

/*
 * The AP bus resets a queue that is new to it and enables its interrupts for
 * the host, in the background and whoever's queue it is.
 */
static bool settled(unsigned int card, unsigned int domain)
{
	struct apqueue queue;
	int ms;

	for (ms = 0; ms < WAIT_MS; ms++) {
		if (!apmachine_queue(card, domain, &queue) && queue.ir)
			return true;
		usleep(STEP_US);
	}
	printf("# the AP bus has not initialised %02x.%04x\n", card, domain);
	return false;
}

bool host_start(void)
{
	size_t i, k;

	if (!apmachine_present() || !sysfs_exists(MATRIX)) {
		printf("# ap_test.ko and vfio_ap.ko must be loaded\n");
		return false;
	}
	if (!remove_matrices() || apmachine("clear") || apmachine_rescan() ||
	    ap_host_masks_full() || ap_host_mask("apmask", "-3,-4,-5")) {
		printf("# the host cannot be brought to the start\n");
		return false;
	}
	if (!set_up_machine() || apmachine_rescan()) {
		printf("# the machine cannot be set up\n");
		return false;
	}
	for (i = 0; i < COUNT(all_cards); i++)
		for (k = 0; k < COUNT(all_domains); k++)
			if (!bound_to(all_cards[i], all_domains[k],
				      all_cards[i] == CARD_HOST ? "cex4queue" : "vfio_ap") ||
			    !settled(all_cards[i], all_domains[k]))
				return false;
	return true;
}

void host_end(void)
{
	remove_matrices();
	apmachine("clear");
	apmachine_rescan();
	ap_host_masks_full();
}

bool host_status_becomes(unsigned int card, unsigned int domain, const char *text)
{
	char now[64] = "";
	int ms, ret = 0;

	for (ms = 0; ms < WAIT_MS; ms++) {
		ret = ap_queue_read(card, domain, "status", now, sizeof(now));
		if (!ret && !strcmp(now, text))
			return true;
		usleep(STEP_US);
	}
	printf("# %02x.%04x: status '%s', want '%s'\n", card, domain, ret ? strerror(-ret) : now,
	       text);
	return false;
}

int host_make_matrix(const char *uuid, const int *cards, const int *domains)
{
	int ret = matrix_create(uuid);

	for (; !ret && *cards >= 0; cards++)
		ret = matrix_set(uuid, "assign_adapter", *cards);
	for (; !ret && *domains >= 0; domains++)
		ret = matrix_set(uuid, "assign_domain", *domains);
	if (ret)
		printf("# matrix device %s: %s\n", uuid, strerror(-ret));
	return ret;
}

int guest_open(struct guest *guest, const char *uuid)
{
	int ret;

	guest->req = -1;
	guest->changed = -1;
	ret = vm_open(&guest->vm);
	if (ret) {
		printf("# no virtual machine: %s\n", strerror(-ret));
		return ret;
	}
	ret = vm_device_open(&guest->vm, &guest->dev, uuid);
	if (ret) {
		printf("# opening the matrix device: %s\n", strerror(-ret));
		vm_close(&guest->vm);
		return ret;
	}
	guest->req = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	guest->changed = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	ret = vm_device_irq(&guest->dev, REQ_IRQ, guest->req);
	if (ret)
		printf("# no REQ interrupt: %s\n", strerror(-ret));
	/* Whoever wants to know of changes finds out that it is missing. */
	vm_device_irq(&guest->dev, CFG_CHG_IRQ, guest->changed);
	return 0;
}

void guest_close(struct guest *guest)
{
	vm_device_close(&guest->vm, &guest->dev);
	vm_close(&guest->vm);
	if (guest->req >= 0)
		close(guest->req);
	if (guest->changed >= 0)
		close(guest->changed);
	guest->req = -1;
	guest->changed = -1;
}

static int list_queues(char *text, size_t size)
{
	struct apguest masks;
	unsigned int card, domain;
	size_t n = 0;
	int ret = apmachine_guest(getpid(), &masks);

	*text = '\0';
	for (card = 0; !ret && card < AP_IDS; card++)
		for (domain = 0; domain < AP_IDS; domain++)
			if (n < size && apmask_test(&masks.adapters, card) &&
			    apmask_test(&masks.domains, domain))
				n += snprintf(text + n, size - n, "%s%02x.%04x", n ? " " : "",
					      card, domain);
	return ret;
}

static bool compare(const char *queues, bool tell)
{
	char now[4096];
	int ret = list_queues(now, sizeof(now));

	if (!ret && !strcmp(now, queues))
		return true;
	if (tell)
		printf("# the guest has '%s', want '%s'\n", ret ? strerror(-ret) : now, queues);
	return false;
}

bool guest_uses(const char *queues)
{
	return compare(queues, true);
}

bool guest_comes_to_use(const char *queues)
{
	int ms;

	for (ms = 0; ms < WAIT_MS; ms++) {
		if (compare(queues, false))
			return true;
		usleep(STEP_US);
	}
	return compare(queues, true);
}

unsigned int guest_subclasses(void)
{
	struct apguest guest;

	return apmachine_guest(getpid(), &guest) ? ~0u : guest.alert;
}

bool guest_pinned(long pages)
{
	long locked = locked_kib();

	if (locked == 4 * pages)
		return true;
	printf("# %ld KiB are locked, want %ld pages\n", locked, pages);
	return false;
}

unsigned int guest_changes(struct guest *guest)
{
	uint64_t count = 0;

	if (read(guest->changed, &count, sizeof(count)) != sizeof(count))
		return 0;
	return count;
}
