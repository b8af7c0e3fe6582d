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
	guest->part[0] = guest->prog;
	guest->part[1] = guest->prog;
	guest->change = guest_change;
	guest->pages = 0;
	guest->count_reads = false;
	guest->noise = 0;
	guest->fail_grow = 0;
	guest->grows = 0;
	guest->fail_read = 0;
	guest->reads = 0;
}

static void free_prog(struct cprog *prog)
{
	for (u32 i = 0; i < prog->room[CPROG_IDAW]; i++)
		free(prog->idaw[i].word);
	free(prog->idaw);
	free(prog->host);
	free(prog->page);
	free(prog->run);
	free(prog->ccw);
	*prog = (struct cprog){ .sink = HOST_SINK };
}

/* Give back what the translator asked for. */
void guest_free(struct guest *guest)
{
	free_prog(&guest->prog);
	free_prog(&guest->part[0]);
	free_prog(&guest->part[1]);
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
	page->dirty = false;
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

static void change_byte(struct guest *guest, u64 addr, u8 bits)
{
	struct guest_page *page = guest_page(guest, addr);

	if (!page)
		return;
	if (!page->dirty)
		memcpy(page->saved, page->data, PAGE);
	page->dirty = true;
	page->data[addr % PAGE] ^= bits;
}

/*
 * A device stores: a bit is another one than before now and then, so that a CCW
 * remains one.
 */
void guest_overwrite(struct guest *guest, u64 addr, u32 length)
{
	for (u32 i = 0; i < length; i++) {
		u32 random = (guest->stored++ + 1) * 0x9e3779b1u;

		if (random >> 28 == 0)
			change_byte(guest, addr + i, 1 << (random >> 8 & 7));
	}
}

/* The guest goes on with another program while one is suspended. */
void guest_change(struct guest *guest, u32 flags, u32 cpa, u8 how)
{
	u32 flag_byte = flags & CPROG_ORB_FORMAT1 ? 1 : 4;
	struct guest_page *page = guest_page(guest, cpa);
	u32 random = how * 0x9e3779b1u;

	if (how & 0x0f && page && page->data[cpa % PAGE + flag_byte] & 2)
		change_byte(guest, cpa + flag_byte, 2);
	/* Some CCWs get the place of others. */
	for (u32 i = 0; i < (how >> 4 & 3); i++) {
		u32 from = cpa + (random & 7) * 8;
		u32 to = cpa + (random >> 3 & 3) * 8;

		random *= 0x9e3779b1u;
		if (!guest_page(guest, from) || !guest_page(guest, to))
			continue;
		for (u32 k = 0; k < 8; k++)
			change_byte(guest, to + k,
				    guest_page(guest, from)->data[(from + k) % PAGE] ^
				    guest_page(guest, to)->data[(to + k) % PAGE]);
	}
	if (how & 0x40)
		change_byte(guest, cpa + random % 32, 1 << (random >> 8 & 7));
	if (how & 0x80)
		change_byte(guest, 0x30000 + random % 64, 1 << (random >> 8 & 7));
}

/* Undo all this. */
void guest_restore(struct guest *guest)
{
	for (u32 i = 0; i < guest->pages; i++) {
		struct guest_page *page = &guest->page[i];

		if (page->dirty)
			memcpy(page->data, page->saved, PAGE);
		page->dirty = false;
	}
	guest->stored = 0;
}

static u64 next_noise(struct guest *guest)
{
	guest->noise ^= guest->noise << 13;
	guest->noise ^= guest->noise >> 7;
	guest->noise ^= guest->noise << 17;
	return guest->noise;
}

static int guest_read(void *ctx, u64 addr, __be64 *to)
{
	const u32 len = CPROG_LINE_SIZE;
	struct guest *guest = ctx;
	u8 *byte = (u8 *)to;

	if (addr % len)
		abort();
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

static u32 part_number(const struct guest *guest, const struct cprog *prog)
{
	return prog == &guest->prog ? 0 : 1 + (prog - guest->part);
}

/* Where the host's CCWs of a program, or a part of one, are. */
u32 host_ccws(const struct guest *guest, const struct cprog *prog)
{
	return HOST_CCWS + part_number(guest, prog) * HOST_CCWS_PART;
}

/* And where their IDALs are. */
u32 host_idaws(const struct guest *guest, const struct cprog *prog)
{
	return HOST_IDAWS + part_number(guest, prog) * HOST_IDAWS_PART;
}

static int grow_idaws(struct guest *guest, struct cprog *prog, u32 count)
{
	prog->idaw = realloc(prog->idaw, count * sizeof(*prog->idaw));
	for (u32 i = prog->room[CPROG_IDAW]; i < count; i++) {
		prog->idaw[i].word = malloc(CPROG_IDAW_PAGE_SIZE);
		prog->idaw[i].addr = host_idaws(guest, prog) +
				     i * HOST_IDAWS_STEP;
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
		prog->host_addr = host_ccws(guest, prog);
		break;
	case CPROG_IDAW:
		return grow_idaws(guest, prog, count);
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

static int translate(struct guest *guest, struct cprog *prog, u32 flags,
		     u32 cpa)
{
	struct cprog_orb orb = {
		.flags = cpu_to_be32(flags),
		.cpa = cpu_to_be32(cpa),
	};

	return cprog_translate(prog, &orb, &guest_services, guest);
}

/* Translate the program at @cpa, given ORB word 1. */
int guest_translate(struct guest *guest, u32 flags, u32 cpa)
{
	return translate(guest, &guest->prog, flags, cpa);
}

/* Translate what is still to run of it, and complete that. */
int guest_translate_part(struct guest *guest, struct cprog *prog, u32 flags,
			 u32 cpa)
{
	int ret;

	prog->resumed = true;
	ret = translate(guest, prog, flags, cpa);
	if (!ret)
		guest_bind(guest, prog);
	return ret;
}

/* Do what the module does with the list of pages, then complete the program. */
void guest_bind(struct guest *guest, struct cprog *prog)
{
	for (u32 i = 0; i < prog->used[CPROG_PAGE]; i++) {
		struct cprog_page *page = &prog->page[i];
		const struct guest_page *real = guest_page(guest, cprog_page_guest(page));

		page->host = CPROG_NO_PAGE;
		if (real && (real->write || !(page->what & CPROG_PAGE_WRITE)))
			page->host = real->host;
	}
	cprog_bind(prog);
}
