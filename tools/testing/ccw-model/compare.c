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

/* What the guest's program runs on. */
struct native {
	struct guest *guest;
	u32 flags;
};

static bool fetch_in_guest(void *ctx, u64 addr, void *to, u32 length)
{
	struct native *native = ctx;
	struct guest_page *page = guest_page(native->guest, addr);

	if (!page)
		return false;
	memcpy(to, page->data + addr % PAGE, length);
	return true;
}

/* Otherwise nobody can tell which of the changes the channel sees. */
static bool may_change_itself(u32 flags)
{
	return !(flags & CPROG_ORB_PREFETCH);
}

static bool access_in_guest(void *ctx, u64 addr, u32 length, bool store,
			    u64 *name)
{
	struct native *native = ctx;
	struct guest_page *page = guest_page(native->guest, addr);

	*name = addr;
	if (!page || (store && !page->write))
		return false;
	if (store && may_change_itself(native->flags))
		guest_overwrite(native->guest, addr, length);
	return true;
}

static u32 ccw_in_guest(void *ctx, u32 cpa)
{
	(void)ctx;
	return cpa & 0x7fffffff;
}

static bool never(void *ctx, u32 cpa)
{
	(void)ctx;
	(void)cpa;
	return false;
}

static bool resume_in_guest(void *ctx, u32 cpa, u8 how)
{
	struct native *native = ctx;

	native->guest->change(native->guest, native->flags, cpa - 8, how);
	return true;
}

/* Run the program as the guest wrote it. */
void run_guest(struct guest *guest, u32 flags, u32 cpa,
	       struct model_script script, struct model_run *run)
{
	struct native native = { guest, flags };
	struct model_storage storage = {
		.fetch = fetch_in_guest,
		.access = access_in_guest,
		.ccw = ccw_in_guest,
		.is_break = never,
		.resume = resume_in_guest,
		.ctx = &native,
	};

	model_start(&storage, flags, cpa, script, run);
	guest_restore(guest);
}

/*
 * What the host's program runs on: the part of it that the channel is in, where
 * it came from there, which it still fetches that once; how often it went on,
 * and because of breaks; and whether it went astray.
 */
struct host {
	struct guest *guest;
	u32 flags;
	struct cprog *prog;
	struct cprog_stop stop;
	u32 stop_addr;
	u32 parts;
	u32 breaks;
	struct cprog_ccw1 first_stop;
	struct cprog_ccw1 *first_stop_ccw;
	const char *astray;
};

static bool fetch_in_host(void *ctx, u64 addr, void *to, u32 length)
{
	struct host *host = ctx;
	const struct cprog *prog = host->prog;
	u64 offset = addr - prog->host_addr;
	u32 idaws = host_idaws(host->guest, prog);
	u32 page = (addr - idaws) / HOST_IDAWS_STEP;

	if (host->stop_addr && addr == host->stop_addr) {
		host->stop_addr = 0;
		memcpy(to, host->stop.ccw, length);
		return true;
	}
	if (addr >= prog->host_addr &&
	    offset + length <= prog->used[CPROG_HOST] * 8) {
		memcpy(to, (u8 *)prog->host + offset, length);
		return true;
	}
	offset = (addr - idaws) % HOST_IDAWS_STEP;
	if (addr >= idaws && page < prog->used[CPROG_IDAW] &&
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
	const struct cprog *prog = host->prog;
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
		if (page->what & CPROG_PAGE_WRITE)
			break;
	}
	if (!found || addr - found->host >= PAGE) {
		host->astray = "accesses a page that is not pinned";
		return false;
	}
	if (store && !(found->what & CPROG_PAGE_WRITE)) {
		host->astray = "stores into a page pinned for fetching";
		return false;
	}
	*name = cprog_page_guest(found) + addr - found->host;
	if (!cprog_guest_data(prog, addr, &mapped) || mapped != *name)
		host->astray = "has data addresses that do not map back";
	if (store && may_change_itself(host->flags))
		guest_overwrite(host->guest, *name, length);
	return true;
}

static u32 ccw_in_host(void *ctx, u32 cpa)
{
	struct host *host = ctx;

	u32 guest = 0;

	if (!cprog_guest_ccw(host->prog, cpa, &guest))
		host->astray = "has CCW addresses that do not map back";
	return guest;
}

/* Go on in another part, as the module does. */
static bool go_on(struct host *host, u32 cpa)
{
	struct cprog *other = &host->guest->part[host->parts & 1];

	if (guest_translate_part(host->guest, other, host->flags,
				 host->stop.guest))
		return false;
	if (!host->parts++) {
		host->first_stop = *host->stop.ccw;
		host->first_stop_ccw = host->stop.ccw;
	}
	*host->stop.ccw = cprog_transfer(other);
	host->stop_addr = cpa - 8;
	host->prog = other;
	return true;
}

static bool is_break_in_host(void *ctx, u32 cpa)
{
	struct host *host = ctx;

	/* With one stop only, nobody need say where. */
	if (!cprog_find_stop(host->prog, host->prog->stops == 1 && !host->prog->entry ? 0 : cpa,
			     &host->stop)) {
		host->astray = "is suspended where it has no stop";
		return false;
	}
	if (host->stop.ccw != &host->prog->host[(cpa - 8 -
						 host->prog->host_addr) / 8])
		host->astray = "is suspended at another stop";
	if (!host->stop.is_break)
		return false;
	host->breaks++;
	return go_on(host, cpa);
}

static bool resume_in_host(void *ctx, u32 cpa, u8 how)
{
	struct host *host = ctx;

	host->guest->change(host->guest, host->flags, host->stop.guest, how);
	return go_on(host, cpa);
}

static const struct cprog *last_prog;
static u32 last_breaks;

/* Run the translated program, and see that it stays within its bounds. */
enum verdict run_host(struct guest *guest, u32 flags,
		      struct model_script script, bool lenient,
		      struct model_run *run)
{
	const struct cprog *prog = &guest->prog;
	struct host host = {
		.guest = guest,
		.flags = flags,
		.prog = &guest->prog,
	};
	struct model_storage storage = {
		.fetch = fetch_in_host,
		.access = access_in_host,
		.ccw = ccw_in_host,
		.is_break = is_break_in_host,
		.resume = resume_in_host,
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
	if (host.first_stop_ccw)
		*host.first_stop_ccw = host.first_stop;
	guest_restore(guest);
	last_prog = host.prog;
	last_breaks = host.breaks;
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
static bool may_deviate(u32 flags, const struct model_run *run)
{
	const struct cprog *prog = last_prog;
	const struct cprog_ccw *ccw = cprog_find(prog, (run->cpa - 8) & 0x7fffffff,
						 NULL);
	bool changes = false;
	u32 guesses = 0;
	u8 ways;

	for (u32 i = 0; i < prog->used[CPROG_CCW]; i++) {
		guesses += !!(prog->ccw[i].state & CPROG_GUESS);
		changes |= !!(prog->ccw[i].state & CPROG_CHANGES);
	}
	if (!ccw)
		return guesses == 256;
	if (ccw->state & CPROG_GUESS)
		return true;
	/* Data chaining cannot be interrupted to look for changes. */
	if (may_change_itself(flags) && changes &&
	    (!run->command || ccw->state & CPROG_CHANGES))
		return true;
	if (run->command && !(ccw->reach & CPROG_OWN))
		return true;
	ways = (ccw->reach | ccw->served) & CPROG_DATA;
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
	enum verdict verdict = run_host(guest, flags, script, lenient,
					&host_run);
	bool same;

	run_guest(guest, flags, cpa, script, &guest_run);
	if (verdict != SAME)
		return verdict;

	same = host_run.events <= guest_run.events &&
	       !memcmp(host_run.event, guest_run.event,
		       host_run.events * sizeof(*host_run.event));
	/* Breaks take steps, too. */
	if (same && host_run.end == MODEL_ENDLESS &&
	    (guest_run.end == MODEL_ENDLESS || last_breaks > 100))
		return SAME;
	if (same && host_run.events == guest_run.events &&
	    host_run.end == guest_run.end && host_run.cpa == guest_run.cpa &&
	    (host_run.end != MODEL_DONE ||
	     (host_run.device_status == guest_run.device_status &&
	      host_run.incorrect_length == guest_run.incorrect_length &&
	      host_run.residual == guest_run.residual)))
		return SAME;
	if (same && host_run.end == MODEL_PROGRAM_CHECK &&
	    may_deviate(flags, &host_run))
		return DEVIATES;
	return DIFFERS;
}

/* How often the host's program was suspended without the guest knowing. */
u32 last_host_breaks(void)
{
	return last_breaks;
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
		"suspension",
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
