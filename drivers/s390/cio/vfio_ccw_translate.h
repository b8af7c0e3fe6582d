/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The translator: from a guest's channel program to one that the host's
 * channel subsystem can run.
 *
 * Pure: it sees guest memory, and gets memory of its own, through
 * struct cprog_services alone.  It takes no lock, calls no kernel service and
 * keeps no state outside struct cprog, so the same source runs in the module
 * and in the native tests.
 *
 * A program's life:
 *
 *	cprog_check_orb()    what would be an operand exception, or is not ours
 *	cprog_translate()    reads the guest's CCWs and IDAWs, once; makes a list
 *	                     of the guest pages they need
 *	(the caller finds a host address for each page on the list)
 *	cprog_bind()         writes the host's CCWs and IDAWs
 *	(the program runs)
 *	cprog_find_stop()    the channel has suspended it: where?  What is still
 *	                     to run is translated anew, into another
 *	                     struct cprog, completed,
 *	cprog_transfer()     and linked to that place
 *	cprog_guest_ccw(), cprog_guest_data()
 *	                     from addresses that the channel stored back
 */
#ifndef VFIO_CCW_TRANSLATE_H
#define VFIO_CCW_TRANSLATE_H

#include <linux/types.h>

/*
 * The bound on the work that one START may ask for.  Each CCW moves at most
 * 65,535 bytes, so this bounds IDAWs, pages and memory too.
 */
#define CPROG_MAX_CCWS		8192

/* The same for MIDAWs, which can be for a byte each. */
#define CPROG_MAX_MIDAWS	65536

/* A list for 65,535 bytes in 2 KiB blocks that starts inside a block. */
#define CPROG_MAX_IDAWS		33

/* Guest memory is read in pieces of this size, on boundaries of it. */
#define CPROG_LINE_SIZE		64

/* Host IDALs lie in pages of this size, no list crosses from one to another. */
#define CPROG_IDAW_PAGE_SIZE	4096
#define CPROG_IDAWS_PER_PAGE	(CPROG_IDAW_PAGE_SIZE / 8)

/**
 * struct cprog_orb - a guest's operation-request block, as in its memory
 * @param: interruption parameter; the guest's own, of no use to the host
 * @flags: key, controls and logical path mask (ORB word 1)
 * @cpa: guest address of the first CCW
 */
struct cprog_orb {
	__be32 param;
	__be32 flags;
	__be32 cpa;
};

#define CPROG_ORB_KEY		0xf0000000u
#define CPROG_ORB_SUSPEND	0x08000000u
#define CPROG_ORB_FORMAT1	0x00800000u	/* F: format-1 CCWs */
#define CPROG_ORB_PREFETCH	0x00400000u
#define CPROG_ORB_HIDE_SUSPEND	0x00080000u	/* U: no interruption for that */
#define CPROG_ORB_TRANSPORT	0x00040000u	/* B: transport mode */
#define CPROG_ORB_IDAW2		0x00020000u	/* H: format-2 IDAWs */
#define CPROG_ORB_IDAW_2K	0x00010000u	/* T: these address 2 KiB blocks */
#define CPROG_ORB_LPM		0x0000ff00u
#define CPROG_ORB_SUPPRESS	0x00000080u	/* L: no incorrect length, */
						/* if immediate (format 1) */
#define CPROG_ORB_MIDAW		0x00000040u	/* D: modified IDAWs */
#define CPROG_ORB_RESERVED	0x0000003eu
#define CPROG_ORB_EXTENSION	0x00000001u	/* X: words 3-7 are there */

/**
 * struct cprog_ccw1 - a format-1 CCW, as the channel reads it
 * @cmd: command code
 * @flags: CPROG_CCW_* flags
 * @count: bytes to transfer
 * @cda: data address, or that of an IDAL
 */
struct cprog_ccw1 {
	u8 cmd;
	u8 flags;
	__be16 count;
	__be32 cda;
};

#define CPROG_CCW_CD		0x80
#define CPROG_CCW_CC		0x40
#define CPROG_CCW_SLI		0x20
#define CPROG_CCW_SKIP		0x10
#define CPROG_CCW_PCI		0x08
#define CPROG_CCW_IDA		0x04
#define CPROG_CCW_SUSPEND	0x02
#define CPROG_CCW_MIDA		0x01

/**
 * struct cprog_page - a guest page that the host program transfers to or from
 * @what: its address in the guest, a multiple of 4096, and CPROG_PAGE_* bits
 * @host: its address in the host; what the caller finds, or CPROG_NO_PAGE
 */
struct cprog_page {
	u64 what;
	u64 host;
};

/* The channel may store into it. */
#define CPROG_PAGE_WRITE	0x1ULL
/*
 * If not, only a path that the program hardly means leads here: the caller need
 * not fail the START when it cannot get such a page.
 */
#define CPROG_PAGE_NEEDED	0x2ULL
/* The caller's. */
#define CPROG_PAGE_ONCE		0x4ULL
#define CPROG_PAGE_BITS		0xfffULL

static inline u64 cprog_page_guest(const struct cprog_page *page)
{
	return page->what & ~CPROG_PAGE_BITS;
}

/*
 * Not in guest memory.  The channel refuses what refers to such a page when it
 * gets there, as it refuses storage that is not there in the guest's machine.
 */
#define CPROG_NO_PAGE		(~0ULL)

/**
 * struct cprog_run - guest CCWs that follow each other in storage
 * @guest: address of the first one
 * @count: how many they are
 * @first: index of the first one in cprog.ccw
 * @host: index of its counterpart in cprog.host; runs touch there only if they
 *	do in the guest
 */
struct cprog_run {
	u32 guest;
	u32 count;
	u32 first;
	u32 host;
};

struct cprog_ccw;

/**
 * enum cprog_array - the arrays of struct cprog that grow on demand
 * @CPROG_CCW: cprog.ccw; growing keeps the content
 * @CPROG_RUN: cprog.run; growing keeps the content
 * @CPROG_PAGE: cprog.page; growing keeps the content
 * @CPROG_HOST: cprog.host, one contiguous piece below 2 GiB, doubleword
 *	aligned, with its address in cprog.host_addr; content need not be kept
 * @CPROG_IDAW: cprog.idaw, a table of IDAW pages below 2 GiB; growing adds
 *	pages and keeps those that are there, with their content
 * @CPROG_ARRAYS: how many arrays there are
 */
enum cprog_array {
	CPROG_CCW,
	CPROG_RUN,
	CPROG_PAGE,
	CPROG_HOST,
	CPROG_IDAW,
	CPROG_ARRAYS
};

/**
 * struct cprog_idaw_page - a page of host IDAWs
 * @word: the words, big-endian
 * @addr: where the channel finds them
 */
struct cprog_idaw_page {
	__be64 *word;
	u32 addr;
};

/**
 * struct cprog - one channel program, the guest's and the host's
 * @ccw: the guest's CCWs, decoded, each exactly once
 * @run: runs of these, ordered by guest address
 * @page: guest pages that the host program needs, in the order of need
 * @host: the host's CCWs
 * @idaw: the host's IDAWs
 * @room: how many elements each array has room for; the caller's to keep
 * @used: how many elements each array holds; the translator's
 * @host_addr: where the channel finds @host
 * @sink: host address below 2 GiB of a page that nobody reads, for CCWs which
 *	transfer nothing; the caller's to set before cprog_translate()
 * @resumed: whether the program goes on at @cpa rather than starts there; the
 *	caller's to set before cprog_translate()
 * @stops: how many places there are where the channel suspends the program
 * @breaks: how many of these are not the guest's, but for the caller to have the
 *	rest translated anew: the program has changed itself
 * @first_stop: index in cprog.ccw of the first of them that was found
 * @entry: index in @host of a copy of the first CCW, if the place of that is a
 *	stop when the program comes there again; zero if there is none
 * @cpa: guest address of the first CCW
 * @host_cpa: host address of the first CCW, for the host's ORB
 * @host_flags: ORB word 1 for the host: as the guest had it, but for what
 *	depends on the formats of the host's program
 *
 * The arrays live as long as the caller wants and serve one program after the
 * other; a program that needs no more room than an earlier one allocates
 * nothing.
 */
struct cprog {
	struct cprog_ccw *ccw;
	struct cprog_run *run;
	struct cprog_page *page;
	struct cprog_ccw1 *host;
	struct cprog_idaw_page *idaw;
	u32 room[CPROG_ARRAYS];
	u32 used[CPROG_ARRAYS];
	u32 host_addr;
	u32 sink;
	bool resumed;
	u32 stops;
	u32 breaks;
	u32 first_stop;
	u32 entry;
	u32 cpa;
	u32 host_cpa;
	u32 host_flags;
};

/**
 * struct cprog_services - what the translator asks of its surroundings
 * @read: copy CPROG_LINE_SIZE bytes of guest memory, which lie on such a
 *	boundary; 0, -EFAULT if they are not in guest memory, or another error,
 *	which ends the translation
 * @grow: make room for @count elements at least in one of the arrays of @prog,
 *	and set its pointer, room and address; 0 or -ENOMEM
 */
struct cprog_services {
	int (*read)(void *ctx, u64 guest, __be64 *to);
	int (*grow)(void *ctx, struct cprog *prog, enum cprog_array which,
		    u32 count);
};

/**
 * struct cprog_stop - a place where the channel has suspended the program
 * @ccw: the host's CCW; what the channel finds there when it resumes
 * @guest: guest address of its counterpart
 * @is_break: whether the guest knows nothing of it
 */
struct cprog_stop {
	struct cprog_ccw1 *ccw;
	u32 guest;
	bool is_break;
};

size_t cprog_element_size(enum cprog_array which);
int cprog_check_orb(const struct cprog_orb *orb);
int cprog_translate(struct cprog *prog, const struct cprog_orb *orb,
		    const struct cprog_services *services, void *ctx);
void cprog_bind(struct cprog *prog);
struct cprog_ccw1 cprog_transfer(const struct cprog *prog);
bool cprog_find_stop(const struct cprog *prog, u32 host_cpa,
		     struct cprog_stop *stop);
bool cprog_guest_ccw(const struct cprog *prog, u32 host_cpa, u32 *guest_cpa);
bool cprog_guest_data(const struct cprog *prog, u64 host, u64 *guest);

#endif
