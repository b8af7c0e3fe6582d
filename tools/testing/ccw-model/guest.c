// SPDX-License-Identifier: GPL-2.0
/* A guest's storage, and the translator's services on top of it. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <asm/byteorder.h>

#include "guest.h"

/* A guest without storage, and without a program. */
void guest_init(struct guest *guest)
{
	guest->prog = (struct cprog){ .sink = HOST_SINK };
	guest->pages = 0;
	guest->count_reads = false;
	guest->noise = 0;
	guest->fail_grow = 0;
	guest->grows = 0;
	guest->fail_read = 0;
	guest->reads = 0;
}

/* Give back what the translator asked for. */
void guest_free(struct guest *guest)
{
	struct cprog *prog = &guest->prog;

	for (u32 i = 0; i < prog->room[CPROG_IDAW]; i++)
		free(prog->idaw[i].word);
	free(prog->idaw);
	free(prog->host);
	free(prog->page);
	free(prog->run);
	free(prog->ccw);
	*prog = (struct cprog){ .sink = HOST_SINK };
}

/* Add the page at @addr, which devices may store into, or not. */
void guest_add(struct guest *guest, u64 addr, bool write)
{
	struct guest_page *page = &guest->page[guest->pages];

	if (guest->pages == GUEST_PAGES)
		abort();
	page->addr = addr;
	/* Neighbours in the guest are none in the host. */
	page->host = HOST_DATA + guest->pages * 29 % 64 * HOST_DATA_STEP /
		     PAGE * PAGE;
	page->write = write;
	memset(page->data, 0, sizeof(page->data));
	memset(page->reads, 0, sizeof(page->reads));
	guest->pages++;
}

/* The page that @addr is in, or NULL. */
struct guest_page *guest_page(struct guest *guest, u64 addr)
{
	for (u32 i = 0; i < guest->pages; i++)
		if (guest->page[i].addr == addr / PAGE * PAGE)
			return &guest->page[i];
	return NULL;
}

/* Put something into storage; what is not there stays away. */
void guest_store(struct guest *guest, u64 addr, const void *from, u32 len)
{
	const u8 *byte = from;

	for (u32 i = 0; i < len; i++) {
		struct guest_page *page = guest_page(guest, addr + i);

		if (page)
			page->data[(addr + i) % PAGE] = byte[i];
	}
}

static u64 next_noise(struct guest *guest)
{
	guest->noise ^= guest->noise << 13;
	guest->noise ^= guest->noise >> 7;
	guest->noise ^= guest->noise << 17;
	return guest->noise;
}

static int guest_read(void *ctx, u64 addr, void *to, u32 len)
{
	struct guest *guest = ctx;
	u8 *byte = to;

	if (++guest->reads == guest->fail_read)
		return -EIO;
	for (u32 i = 0; i < len; i++)
		if (!guest_page(guest, addr + i))
			return -EFAULT;
	for (u32 i = 0; i < len; i++) {
		struct guest_page *page = guest_page(guest, addr + i);
		u32 offset = (addr + i) % PAGE;

		byte[i] = page->data[offset];
		if (guest->count_reads)
			page->reads[offset]++;
	}
	/* Another CPU of the guest changes a bit, for good, now and then. */
	if (guest->noise && next_noise(guest) % 4 == 0)
		guest_store(guest, addr + guest->noise % len,
			    &(u8){ guest->noise >> 32 }, 1);
	return 0;
}

static int grow_idaws(struct cprog *prog, u32 count)
{
	prog->idaw = realloc(prog->idaw, count * sizeof(*prog->idaw));
	for (u32 i = prog->room[CPROG_IDAW]; i < count; i++) {
		prog->idaw[i].word = malloc(CPROG_IDAW_PAGE_SIZE);
		prog->idaw[i].addr = HOST_IDAWS + i * HOST_IDAWS_STEP;
	}
	prog->room[CPROG_IDAW] = count;
	return 0;
}

/* Not a byte more than asked for, so that the sanitizer sees any overrun. */
static int guest_grow(void *ctx, struct cprog *prog, enum cprog_array which,
		      u32 count)
{
	struct guest *guest = ctx;
	size_t size = cprog_element_size(which) * count;

	if (count <= prog->room[which])
		abort();
	if (++guest->grows == guest->fail_grow)
		return -ENOMEM;

	switch (which) {
	case CPROG_CCW:
		prog->ccw = realloc(prog->ccw, size);
		break;
	case CPROG_RUN:
		prog->run = realloc(prog->run, size);
		break;
	case CPROG_PAGE:
		prog->page = realloc(prog->page, size);
		break;
	case CPROG_HOST:
		free(prog->host);
		prog->host = malloc(size);
		prog->host_addr = HOST_CCWS;
		break;
	case CPROG_IDAW:
		return grow_idaws(prog, count);
	default:
		abort();
	}
	prog->room[which] = count;
	return 0;
}

const struct cprog_services guest_services = {
	.read = guest_read,
	.grow = guest_grow,
};

/* Translate the program at @cpa, given ORB word 1. */
int guest_translate(struct guest *guest, u32 flags, u32 cpa)
{
	struct cprog_orb orb = {
		.flags = cpu_to_be32(flags),
		.cpa = cpu_to_be32(cpa),
	};

	return cprog_translate(&guest->prog, &orb, &guest_services, guest);
}

/* Do what the module does with the list of pages, then complete the program. */
void guest_bind(struct guest *guest)
{
	struct cprog *prog = &guest->prog;

	for (u32 i = 0; i < prog->used[CPROG_PAGE]; i++) {
		struct cprog_page *page = &prog->page[i];
		const struct guest_page *real = guest_page(guest, page->guest);

		page->host = CPROG_NO_PAGE;
		if (real && (real->write || !page->write))
			page->host = real->host;
	}
	cprog_bind(prog);
}
