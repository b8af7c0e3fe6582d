// SPDX-License-Identifier: GPL-2.0
/*
 * Runs the guest's program on the guest's storage and the translated program on
 * the host's, with a device that does the same, and compares what happened.
 */
#include <stdio.h>
#include <string.h>

#include "compare.h"
#include "vfio_ccw_cprog.h"

static struct model_run guest_run, host_run;

static bool fetch_in_guest(void *ctx, u64 addr, void *to, u32 length)
{
	struct guest_page *page = guest_page(ctx, addr);

	if (!page)
		return false;
	memcpy(to, page->data + addr % PAGE, length);
	return true;
}

static bool access_in_guest(void *ctx, u64 addr, u32 length, bool store,
			    u64 *name)
{
	struct guest_page *page = guest_page(ctx, addr);

	(void)length;
	*name = addr;
	return page && (page->write || !store);
}

static u32 ccw_in_guest(void *ctx, u32 cpa)
{
	(void)ctx;
	return cpa & 0x7fffffff;
}

/* Run the program as the guest wrote it. */
void run_guest(struct guest *guest, u32 flags, u32 cpa,
	       struct model_script script, struct model_run *run)
{
	struct model_storage storage = {
		.fetch = fetch_in_guest,
		.access = access_in_guest,
		.ccw = ccw_in_guest,
		.ctx = guest,
	};

	model_start(&storage, flags, cpa, script, run);
}

/* What the host's program runs on, and whether it went astray. */
struct host {
	struct guest *guest;
	const char *astray;
};

static bool fetch_in_host(void *ctx, u64 addr, void *to, u32 length)
{
	struct host *host = ctx;
	const struct cprog *prog = &host->guest->prog;
	u64 offset = addr - prog->host_addr;
	u32 page = (addr - HOST_IDAWS) / HOST_IDAWS_STEP;

	if (addr >= prog->host_addr &&
	    offset + length <= prog->used[CPROG_HOST] * 8) {
		memcpy(to, (u8 *)prog->host + offset, length);
		return true;
	}
	offset = (addr - HOST_IDAWS) % HOST_IDAWS_STEP;
	if (addr >= HOST_IDAWS && page < prog->used[CPROG_IDAW] &&
	    offset + length <= CPROG_IDAW_PAGE_SIZE) {
		memcpy(to, (u8 *)prog->idaw[page].word + offset, length);
		return true;
	}
	host->astray = "fetches outside of its CCWs and IDALs";
	return false;
}

/* The pages that are pinned, and for what. */
static bool access_in_host(void *ctx, u64 addr, u32 length, bool store,
			   u64 *name)
{
	struct host *host = ctx;
	const struct cprog *prog = &host->guest->prog;
	const struct cprog_page *found = NULL;
	u64 mapped;

	/* Beyond any storage. */
	if (addr == CPROG_IDAW_REFUSED)
		return false;
	for (u32 i = 0; i < prog->used[CPROG_PAGE]; i++) {
		const struct cprog_page *page = &prog->page[i];

		if (page->host == CPROG_NO_PAGE || addr < page->host ||
		    addr - page->host + length > PAGE)
			continue;
		found = page;
		if (page->write)
			break;
	}
	if (!found || addr - found->host >= PAGE) {
		host->astray = "accesses a page that is not pinned";
		return false;
	}
	if (store && !found->write) {
		host->astray = "stores into a page pinned for fetching";
		return false;
	}
	*name = found->guest + addr - found->host;
	if (!cprog_guest_data(prog, addr, &mapped) || mapped != *name)
		host->astray = "has data addresses that do not map back";
	return true;
}

static u32 ccw_in_host(void *ctx, u32 cpa)
{
	struct host *host = ctx;

	return cprog_guest_ccw(&host->guest->prog, cpa);
}

/* Run the translated program, and see that it stays within its bounds. */
enum verdict run_host(struct guest *guest, struct model_script script,
		      bool lenient, struct model_run *run)
{
	const struct cprog *prog = &guest->prog;
	struct host host = { .guest = guest };
	struct model_storage storage = {
		.fetch = fetch_in_host,
		.access = access_in_host,
		.ccw = ccw_in_host,
		.ctx = &host,
		.lenient = lenient,
	};

	for (u32 i = 0; i < CPROG_ARRAYS; i++) {
		if (prog->used[i] > prog->room[i]) {
			fprintf(stderr, "array %u: more used than room\n", i);
			return UNSAFE;
		}
	}
	model_start(&storage, prog->host_flags, prog->host_cpa, script, run);
	if (host.astray) {
		fprintf(stderr, "the host's program %s\n", host.astray);
		return UNSAFE;
	}
	return SAME;
}

/*
 * What Documentation/ says of programs in which one CCW gets control in ways
 * that ask for different things: such a CCW may be refused.  Likewise what only
 * a device that skips a CCW for no good reason can get to.
 */
static bool may_deviate(struct guest *guest, const struct model_run *run)
{
	const struct cprog *prog = &guest->prog;
	const struct cprog_ccw *ccw = cprog_find(prog, (run->cpa - 8) & 0x7fffffff,
						 NULL);
	u32 guesses = 0;
	u8 ways;

	for (u32 i = 0; i < prog->used[CPROG_CCW]; i++)
		guesses += !!(prog->ccw[i].state & CPROG_GUESS);
	if (!ccw)
		return guesses == 256;
	if (ccw->state & CPROG_GUESS)
		return true;
	if (run->command && !(ccw->reach & CPROG_OWN))
		return true;
	ways = ccw->reach & ~CPROG_OWN;
	if (ccw->reach & CPROG_OWN)
		ways |= ccw->cmd == CPROG_CMD_NOP ? 0x10
						  : cprog_direction(ccw->cmd);
	return ways & (ways - 1);
}

/**
 * compare_runs() - Compare a program with its translation.
 * @guest: has the program, translated and complete
 * @flags: ORB word 1, the guest's
 * @cpa: the guest's
 * @script: what the device does
 * @lenient: let the host have a channel that overlooks things
 */
enum verdict compare_runs(struct guest *guest, u32 flags, u32 cpa,
			  struct model_script script, bool lenient)
{
	enum verdict verdict = run_host(guest, script, lenient, &host_run);
	bool same;

	run_guest(guest, flags, cpa, script, &guest_run);
	if (verdict != SAME)
		return verdict;

	same = host_run.events <= guest_run.events &&
	       !memcmp(host_run.event, guest_run.event,
		       host_run.events * sizeof(*host_run.event));
	if (same && host_run.events == guest_run.events &&
	    host_run.end == guest_run.end && host_run.cpa == guest_run.cpa &&
	    (host_run.end != MODEL_DONE ||
	     (host_run.device_status == guest_run.device_status &&
	      host_run.incorrect_length == guest_run.incorrect_length &&
	      host_run.residual == guest_run.residual)))
		return SAME;
	if (same && host_run.end == MODEL_PROGRAM_CHECK &&
	    may_deviate(guest, &host_run))
		return DEVIATES;
	return DIFFERS;
}

/* The guest's program, as compare_runs() ran it last. */
const struct model_run *last_guest_run(void)
{
	return &guest_run;
}

static void print_run(const char *whose, const struct model_run *run)
{
	static const char *const kind[] = {
		"command", "fetch", "store", "store backward", "skip", "PCI",
	};
	static const char *const end[] = {
		"done", "program check", "suspended", "endless",
	};

	fprintf(stderr, "%s program:\n", whose);
	for (u32 i = 0; i < run->events && i < 200; i++)
		fprintf(stderr, "  %s %llx, %u\n", kind[run->event[i].kind],
			(unsigned long long)run->event[i].value,
			run->event[i].length);
	fprintf(stderr, "  %s, CCW address %08x, device status %02x%s, residual %u\n",
		end[run->end], run->cpa, run->device_status,
		run->incorrect_length ? ", incorrect length" : "",
		run->residual);
}

/* Show what compare_runs() compared. */
void print_runs(void)
{
	print_run("guest's", &guest_run);
	print_run("host's", &host_run);
}
