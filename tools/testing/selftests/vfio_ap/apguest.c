// SPDX-License-Identifier: GPL-2.0
/*
 * apguest UUID - a virtual machine with a matrix device, which does what it is
 * told on standard input and says what its own AP instructions found
 *
 *	look			its configuration (PQAP(QCI)), each queue (PQAP(TAPQ)), and
 *				how often it was told that its configuration has changed
 *	request CARD DOMAIN	have a request answered (NQAP, DQAP); numbers as in C
 *	off			end
 *
 * What it says to one command ends with a line ".".
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host.h"
#include "mex.h"

/* What PQAP(QCI) stores. */
struct config {
	uint8_t flags[4];
	uint8_t most_cards;
	uint8_t most_domains;
	uint8_t reserved[10];
	struct apmask cards;
	struct apmask domains;
	struct apmask controls;
	uint8_t reserved2[16];
};

/* The adapter's type in what PQAP(TAPQ) leaves in general register 2; a CEX7 has 13. */
#define TAPQ_TYPE(gr2)	((unsigned int)((gr2) >> 24 & 0xff))
#define CEX(type)	((type) - AP_TYPE_CEX7 + 7)

static const char *meaning(unsigned int rc)
{
	switch (rc) {
	case AP_NORMAL:
		return "normal";
	case AP_NOT_AVAILABLE:
		return "not available";
	case AP_RESETTING:
		return "reset in progress";
	case AP_DECONFIGURED:
		return "deconfigured";
	case AP_CHECKSTOPPED:
		return "checkstopped";
	default:
		return "something else";
	}
}

static void say_mask(const char *what, const struct apmask *mask)
{
	unsigned int bit;

	printf("%s:", what);
	for (bit = 0; bit < AP_IDS; bit++)
		if (apmask_test(mask, bit))
			printf(" %02x", bit);
	printf("\n");
}

static int test_queue(struct guest *guest, unsigned int card, unsigned int domain)
{
	struct ap_result result;
	int ret = vm_pqap(&guest->vm, PQAP_TAPQ, card, domain, 0, 0, &result);

	if (ret)
		return ret;
	printf("%02x.%04x: TAPQ answers %02x, %s", card, domain, result.rc, meaning(result.rc));
	if (TAPQ_TYPE(result.gr2))
		printf(", a CEX%u", CEX(TAPQ_TYPE(result.gr2)));
	printf("\n");
	return 0;
}

static int look(struct guest *guest)
{
	unsigned int told = guest_changes(guest), card, domain;
	const struct config *config = vm_room(&guest->vm, VM_FREE, sizeof(*config));
	struct ap_result result;
	int ret;

	ret = vm_pqap(&guest->vm, PQAP_QCI, 0, 0, 0, VM_FREE, &result);
	if (ret)
		return ret;
	if (told)
		printf("told that the configuration has changed\n");
	say_mask("adapters", &config->cards);
	say_mask("domains", &config->domains);
	say_mask("control domains", &config->controls);
	for (card = 0; !ret && card < AP_IDS; card++)
		for (domain = 0; !ret && domain < AP_IDS; domain++)
			if (apmask_test(&config->cards, card) &&
			    apmask_test(&config->domains, domain))
				ret = test_queue(guest, card, domain);
	return ret;
}

static int send_one(struct guest *guest, unsigned int card, unsigned int domain)
{
	static uint8_t seed;
	int ret = mex_by_guest(&guest->vm, card, domain, ++seed);

	if (ret < 0)
		return ret;
	printf("%02x.%04x: ", card, domain);
	if (ret)
		printf("the request is refused with %02x, %s\n", ret, meaning(ret));
	else
		printf("the request is answered, and well\n");
	return 0;
}

static int obey(struct guest *guest, const char *command)
{
	int card, domain;

	if (!strcmp(command, "look\n"))
		return look(guest);
	if (sscanf(command, "request %i %i", &card, &domain) == 2)
		return send_one(guest, card, domain);
	printf("what is %s", command);
	return 0;
}

int main(int argc, char **argv)
{
	struct guest guest;
	char command[80];
	int ret;

	if (argc != 2) {
		fprintf(stderr, "usage: apguest UUID\n");
		return 2;
	}
	setlinebuf(stdout);
	ret = guest_open(&guest, argv[1]);
	while (!ret && fgets(command, sizeof(command), stdin) && strcmp(command, "off\n")) {
		ret = obey(&guest, command);
		if (ret)
			printf("%s\n", strerror(-ret));
		printf(".\n");
	}
	if (!ret)
		guest_close(&guest);
	printf("off\n.\n");
	return ret ? 1 : 0;
}
