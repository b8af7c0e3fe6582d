// SPDX-License-Identifier: GPL-2.0
/* The machine's adjunct processors, and the host's use of them */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "apmachine.h"
#include "sysfs.h"

#define CONTROL "/sys/kernel/debug/ap_test/control"
#define QUEUES "/sys/kernel/debug/ap_test/queues"
#define GUESTS "/sys/kernel/debug/ap_test/guests"
#define FULL "0xffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"

bool apmachine_present(void)
{
	return sysfs_exists(CONTROL);
}

int apmachine(const char *format, ...)
{
	char command[80];
	va_list ap;

	va_start(ap, format);
	vsnprintf(command, sizeof(command), format, ap);
	va_end(ap);
	return sysfs_write(CONTROL, command);
}

int apmachine_rescan(void)
{
	/* The first may have waited for a scan that had begun before. */
	int ret = sysfs_write(AP_BUS "/scans", "1");

	return ret ? ret : sysfs_write(AP_BUS "/scans", "1");
}

int apmachine_queue(unsigned int card, unsigned int domain, struct apqueue *queue)
{
	unsigned int c, d;
	char line[256];
	FILE *in;
	int ret = 0, rest;

	memset(queue, 0, sizeof(*queue));
	in = fopen(QUEUES, "re");
	if (!in)
		return -errno;
	/* One that no instruction has met has no line. */
	while (fgets(line, sizeof(line), in)) {
		if (sscanf(line, "%x.%x", &c, &d) != 2 || c != card || d != domain)
			continue;
		if (sscanf(line, "%*s rapq=%lu zapq=%lu tapq=%lu aqic=%lu foreign=%lu%n",
			   &queue->rapq, &queue->zapq, &queue->tapq, &queue->aqic,
			   &queue->foreign, &rest) != 5 ||
		    sscanf(line + rest,
			   " used=%d ir=%d isc=%d gisc=%d nib=%llx gisa=%llx depth=%u",
			   &queue->used, &queue->ir, &queue->isc, &queue->gisc, &queue->nib,
			   &queue->gisa, &queue->depth) != 7)
			ret = -EPROTO;
	}
	fclose(in);
	return ret;
}

static int parse_mask(const char *hex, struct apmask *mask)
{
	unsigned int i;

	for (i = 0; i < sizeof(mask->byte); i++)
		if (sscanf(hex + 2 + 2 * i, "%2hhx", &mask->byte[i]) != 1)
			return -EPROTO;
	return 0;
}

int apmachine_guest(pid_t pid, struct apguest *guest)
{
	char line[512], adapters[67], domains[67], controls[67];
	int ret = -ENOENT, owner, n;
	FILE *in;

	memset(guest, 0, sizeof(*guest));
	in = fopen(GUESTS, "re");
	if (!in)
		return -errno;
	while (fgets(line, sizeof(line), in)) {
		n = sscanf(line, "%d %66s %66s %66s ipm=%x iam=%*x alert=%x", &owner, adapters,
			   domains, controls, &guest->ipm, &guest->alert);
		if (n < 4 || owner != pid)
			continue;
		ret = parse_mask(adapters, &guest->adapters);
		if (!ret)
			ret = parse_mask(domains, &guest->domains);
		if (!ret)
			ret = parse_mask(controls, &guest->controls);
	}
	fclose(in);
	return ret;
}

bool apmask_test(const struct apmask *mask, unsigned int bit)
{
	return mask->byte[bit / 8] & (0x80 >> bit % 8);
}

unsigned int apmask_count(const struct apmask *mask)
{
	unsigned int bit, count = 0;

	for (bit = 0; bit < AP_IDS; bit++)
		count += apmask_test(mask, bit);
	return count;
}

int ap_host_mask(const char *attribute, const char *change)
{
	char path[64];

	snprintf(path, sizeof(path), AP_BUS "/%s", attribute);
	return sysfs_write(path, change);
}

int ap_host_masks_full(void)
{
	int ret = ap_host_mask("apmask", FULL);

	return ret ? ret : ap_host_mask("aqmask", FULL);
}

static void queue_path(char path[128], unsigned int card, unsigned int domain,
		       const char *attribute)
{
	snprintf(path, 128, AP_BUS "/devices/%02x.%04x/%s", card, domain, attribute);
}

int ap_queue_driver(unsigned int card, unsigned int domain, char *name, size_t size)
{
	char path[128];
	int ret;

	queue_path(path, card, domain, "");
	if (!sysfs_exists(path))
		return -ENODEV;
	queue_path(path, card, domain, "driver");
	ret = sysfs_link(path, name, size);
	if (ret != -ENOENT)
		return ret;
	*name = '\0';
	return 0;
}

int ap_queue_unbind(unsigned int card, unsigned int domain)
{
	char path[128], id[16];

	queue_path(path, card, domain, "driver/unbind");
	snprintf(id, sizeof(id), "%02x.%04x", card, domain);
	return sysfs_write(path, id);
}

int ap_queue_bind(unsigned int card, unsigned int domain, const char *driver)
{
	char path[128], id[16];

	snprintf(path, sizeof(path), AP_BUS "/drivers/%s/bind", driver);
	snprintf(id, sizeof(id), "%02x.%04x", card, domain);
	return sysfs_write(path, id);
}

int ap_queue_read(unsigned int card, unsigned int domain, const char *attribute, char *text,
		  size_t size)
{
	char path[128];

	queue_path(path, card, domain, attribute);
	return sysfs_read(path, text, size);
}
