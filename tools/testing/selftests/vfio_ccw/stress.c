// SPDX-License-Identifier: GPL-2.0
/*
 * All that a VMM may ask for, by several threads at once and at random, while
 * the operator varies the channel path: no answer but the known ones, none that
 * takes long, no address of the host in a response, nothing written where nothing
 * was to be, and after each round the device works and no page is held.
 *
 * A round is a seed and so many actions of each thread. The seed of the first is
 * printed, and that of a round that fails: it can be run again, though who meets
 * whom in the kernel is the scheduler's choice.
 *
 *	STRESS_SEED	the seed of the first round (random)
 *	STRESS_SECONDS	for how long rounds are begun (1)
 *	VFIO_CCW_SCH2	a second subchannel, for a second process
 *	STRESS_NO_PATH	if set, leave the channel path alone
 *
 * To see it fail: release a program's pages before the subchannel is quiet, or
 * leave out the wait for another thread's state in vfio_ccw_fsm.c.
 */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <linux/vfio_ccw.h>

#include "kselftest_harness.h"

#include "async.h"
#include "locked.h"
#include "machine.h"
#include "testguest.h"

#define THREADS		3
#define ACTIONS		150
/* Longer than the driver waits for anything */
#define LONG_MS		20000

#define PAGE		4096
#define ID_SIZE		7
/* Guest storage where a host of the lab has no memory */
#define PROGRAMS	0x70000000ull
#define PROGRAMS_SIZE	0x40000
/* What is unmapped under the programs */
#define FLEETING	0x71000000ull
#define FLEETING_SIZE	0x10000
#define NOWHERE		0x72000000u

enum program { PLAIN, CHAIN, FLEET, SUSPENDED, CHANGING, LOST, KINDS };

struct session {
	struct testguest guest;
	struct ccw_mem mem;
	struct cio_orb orb[KINDS];
	__u8 *canary;
	__u8 *fleeting;
	int path;		/* to be varied, or negative */
	pthread_rwlock_t mapped;
	pthread_mutex_t events;
	char failure[160];	/* the first one, guarded by @events */
};

FIXTURE(stress) {
	struct session session;
};

static __u64 next_random(__u64 *state)
{
	/* SplitMix64: any seed is as good as any other. */
	__u64 z = (*state += 0x9e3779b97f4a7c15ull);

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
	return z ^ (z >> 31);
}

static long long now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000LL + ts.tv_nsec / 1000000;
}

/* Programs that end well, that stand still, and that cannot end well */
static void build(struct session *session)
{
	struct ccw_mem *mem = &session->mem;
	struct ccw_prog prog;
	__u64 data = mem->iova;
	int i;

	memset(mem->base, PATTERN, mem->size);
	ccw_mem_alloc(mem, 0x10000, PAGE);
	session->canary = ccw_mem_alloc(mem, PAGE, PAGE);

	ccw_prog_init(&prog, mem, 1, 1, CCW_DIRECT);
	ccw_prog_add(&prog, CCW_CMD_SENSE_ID, CCW_SLI, data, ID_SIZE);
	ccw_prog_orb(&prog, &session->orb[PLAIN]);

	ccw_prog_init(&prog, mem, 40, 1, CCW_IDAL2_4K);
	for (i = 0; i < 40; i++)
		ccw_prog_add(&prog, CCW_CMD_SENSE_ID, CCW_SLI | (i < 39 ? CCW_CC : 0),
			     data + (i % 15) * PAGE, ID_SIZE);
	ccw_prog_orb(&prog, &session->orb[CHAIN]);

	ccw_prog_init(&prog, mem, 8, 1, CCW_IDAL1);
	for (i = 0; i < 8; i++)
		ccw_prog_add(&prog, CCW_CMD_SENSE_ID, CCW_SLI | (i < 7 ? CCW_CC : 0),
			     FLEETING + i * PAGE, ID_SIZE);
	ccw_prog_orb(&prog, &session->orb[FLEET]);

	ccw_prog_init(&prog, mem, 3, 1, CCW_DIRECT);
	prog.ctrl |= ORB_SUSPEND;
	ccw_prog_add(&prog, CCW_CMD_SENSE_ID, CCW_SLI | CCW_CC, FLEETING, ID_SIZE);
	ccw_prog_add(&prog, CCW_CMD_SENSE_ID, CCW_SLI | CCW_CC | CCW_SUSPEND, data, ID_SIZE);
	ccw_prog_add(&prog, CCW_CMD_SENSE_ID, CCW_SLI, FLEETING + PAGE, ID_SIZE);
	ccw_prog_orb(&prog, &session->orb[SUSPENDED]);

	/* Reads over its own third CCW, which then is no sensible one. */
	ccw_prog_init(&prog, mem, 3, 1, CCW_DIRECT);
	ccw_prog_add(&prog, CCW_CMD_SENSE_ID, CCW_SLI | CCW_CC, ccw_prog_addr(&prog, 2), ID_SIZE);
	ccw_prog_add(&prog, CCW_CMD_NOP, CCW_SLI | CCW_CC, data, 1);
	ccw_prog_add(&prog, CCW_CMD_NOP, CCW_SLI, data, 1);
	ccw_prog_orb(&prog, &session->orb[CHANGING]);
	session->orb[CHANGING].ctrl &= ~cio_be32(ORB_PREFETCH);

	ccw_prog_init(&prog, mem, 2, 1, CCW_DIRECT);
	ccw_prog_add(&prog, CCW_CMD_SENSE_ID, CCW_SLI | CCW_CC, data, ID_SIZE);
	ccw_prog_raw(&prog, CCW_CMD_TIC, 0, NOWHERE, 0);
	ccw_prog_orb(&prog, &session->orb[LOST]);
}

FIXTURE_SETUP(stress)
{
	struct session *session = &self->session;

	pthread_rwlock_init(&session->mapped, NULL);
	pthread_mutex_init(&session->events, NULL);
	session->path = getenv("STRESS_NO_PATH") ? -1 : machine_path();
	session->fleeting = mmap(NULL, FLEETING_SIZE, PROT_READ | PROT_WRITE,
				 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, session->fleeting);
}

FIXTURE_TEARDOWN(stress)
{
	struct session *session = &self->session;

	if (session->path >= 0)
		EXPECT_EQ(0, machine_vary(session->path, "on"));
}

static int begin(struct session *session)
{
	int ret = testguest_open(&session->guest);

	if (ret)
		return ret;
	ret = ccw_guest_map(&session->guest.dev, &session->mem, PROGRAMS, PROGRAMS_SIZE);
	if (ret)
		return ret;
	build(session);
	return ccw_dma_map(&session->guest.dev, session->fleeting, FLEETING, FLEETING_SIZE,
			   VFIO_DMA_MAP_FLAG_READ | VFIO_DMA_MAP_FLAG_WRITE);
}

static __printf(2, 3) void fail(struct session *session, const char *format, ...)
{
	va_list args;

	pthread_mutex_lock(&session->events);
	if (!*session->failure) {
		va_start(args, format);
		vsnprintf(session->failure, sizeof(session->failure), format, args);
		va_end(args);
	}
	pthread_mutex_unlock(&session->events);
}

/* A guest's CCW address: where a program is, or is said to be, or none. */
static bool may_know(__u32 cpa)
{
	return !cpa || (cpa >= PROGRAMS && cpa <= PROGRAMS + PROGRAMS_SIZE) || cpa == NOWHERE ||
	       cpa == NOWHERE + 8;
}

static void respond(struct session *session)
{
	struct cio_irb irb;
	int ret = ccw_response(&session->guest.dev, &irb);

	if (ret)
		fail(session, "reading a response: %s", strerror(-ret));
	else if (!may_know(cio_32(irb.scsw.cpa)))
		fail(session, "CCW address %08x in a response", cio_32(irb.scsw.cpa));
}

static void read_report(struct session *session)
{
	struct ccw_dev *dev = &session->guest.dev;
	struct ccw_crw_region crw;

	if (dev->crw.size && pread(dev->fd, &crw, sizeof(crw), dev->crw.offset) != sizeof(crw))
		fail(session, "reading a channel report: %s", strerror(errno));
}

static void store(struct session *session)
{
	struct cio_schib schib;
	int ret = ccw_schib(&session->guest.dev, &schib);

	if (ret)
		fail(session, "STORE SUBCHANNEL: %s", strerror(-ret));
	else if (!may_know(cio_32(schib.scsw.cpa)))
		fail(session, "CCW address %08x in the SCHIB", cio_32(schib.scsw.cpa));
}

/* Storage goes and comes back elsewhere; a VMM does not do that twice at once. */
static void remap(struct session *session)
{
	struct ccw_dev *dev = &session->guest.dev;
	int ret;

	pthread_rwlock_wrlock(&session->mapped);
	ret = ccw_dma_unmap(dev, FLEETING, FLEETING_SIZE);
	if (ret)
		fail(session, "unmapping: %s", strerror(-ret));
	madvise(session->fleeting, FLEETING_SIZE, MADV_DONTNEED);
	ret = ccw_dma_map(dev, session->fleeting, FLEETING, FLEETING_SIZE,
			  VFIO_DMA_MAP_FLAG_READ | VFIO_DMA_MAP_FLAG_WRITE);
	if (ret)
		fail(session, "mapping: %s", strerror(-ret));
	pthread_rwlock_unlock(&session->mapped);
}

/* Another eventfd, or none for a while */
static void hook(struct session *session, unsigned int irq, bool gap)
{
	struct ccw_dev *dev = &session->guest.dev;
	int old, event = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	int ret = event < 0 ? -errno : 0;

	pthread_mutex_lock(&session->events);
	if (!ret && gap)
		ret = ccw_dev_set_event(dev, irq, -1);
	if (!ret)
		ret = ccw_dev_set_event(dev, irq, event);
	old = dev->event[irq];
	dev->event[irq] = event;
	pthread_mutex_unlock(&session->events);
	close(old);
	if (ret)
		fail(session, "setting an eventfd: %s", strerror(-ret));
}

static void trigger(struct session *session, unsigned int irq)
{
	struct vfio_irq_set set = {
		.argsz = sizeof(set),
		.flags = VFIO_IRQ_SET_DATA_NONE | VFIO_IRQ_SET_ACTION_TRIGGER,
		.index = irq,
		.count = 1,
	};

	if (ioctl(session->guest.dev.fd, VFIO_DEVICE_SET_IRQS, &set))
		fail(session, "triggering: %s", strerror(errno));
}

/* Which answers mean that it did not suit, but all is well. */
static void judge(struct session *session, const char *what, int ret)
{
	switch (ret) {
	case 0:
	case -EBUSY:	/* something runs, or nothing does */
	case -EIO:	/* the device is being stopped */
	case -ENODEV:	/* no path */
	case -EACCES:
		return;
	default:
		fail(session, "%s: %s", what, strerror(-ret));
	}
}

static void act(struct session *session, __u64 random)
{
	struct ccw_dev *dev = &session->guest.dev;
	unsigned int detail = random >> 32;
	int ret;

	switch (random % 32) {
	case 0 ... 7:
		judge(session, "START", ccw_start(dev, &session->orb[detail % KINDS]));
		break;
	case 8 ... 9:
		judge(session, "HALT", ccw_halt(dev));
		break;
	case 10 ... 11:
		judge(session, "CLEAR", ccw_clear(dev));
		break;
	case 12 ... 14:
		judge(session, "RESUME", ccw_resume(dev, &session->orb[SUSPENDED]));
		break;
	case 15 ... 20:
		respond(session);
		break;
	case 21:
		read_report(session);
		break;
	case 22:
		store(session);
		break;
	case 23 ... 25:
		remap(session);
		break;
	case 26 ... 27:
		hook(session, detail % VFIO_CCW_NUM_IRQS, detail & 0x100);
		break;
	case 28:
		trigger(session, detail % VFIO_CCW_NUM_IRQS);
		break;
	case 29:
		ret = ccw_dev_reset(dev);
		if (ret)
			fail(session, "RESET: %s", strerror(-ret));
		break;
	case 30:
		if (session->path >= 0)
			machine_vary(session->path, detail & 1 ? "on" : "off");
		break;
	default:
		usleep(detail % 1000);
	}
}

struct actor {
	struct session *session;
	pthread_t thread;
	__u64 random;
};

static void *run(void *arg)
{
	struct actor *actor = arg;
	struct session *session = actor->session;
	__u64 random;
	long long took;
	int i;

	for (i = 0; i < ACTIONS && !*session->failure; i++) {
		random = next_random(&actor->random);
		took = now_ms();
		act(session, random);
		took = now_ms() - took;
		if (took > LONG_MS)
			fail(session, "action %llu took %lld ms", random % 32, took);
	}
	return NULL;
}

/* What must be right when nobody asks for anything any more */
static void settle(struct session *session)
{
	struct testguest *guest = &session->guest;
	long long end = now_ms() + LONG_MS;
	struct cio_irb irb;
	int ret;

	if (session->path >= 0)
		machine_vary(session->path, "on");
	ret = ccw_dev_reset(&guest->dev);
	if (ret)
		fail(session, "RESET in the end: %s", strerror(-ret));
	/* Signals of responses that the reset has dropped */
	ccw_dev_wait(&guest->dev, VFIO_CCW_IO_IRQ_INDEX, 0);
	/* The path may be the other process's to give back. */
	do {
		ret = ccw_run(&guest->dev, &session->orb[PLAIN], &irb, WAIT_MS);
	} while ((ret == -ENODEV || ret == -EACCES) && now_ms() < end && !usleep(10000));
	if (!ret && !ccw_irb_good(&irb))
		ret = -EPROTO;
	if (ret)
		fail(session, "sense ID in the end: %s", strerror(-ret));
	if (!storage_unlocked())
		fail(session, "%ld KiB are pinned in the end", locked_kib());
	if (!untouched(session->canary, PAGE))
		fail(session, "the canary is dead");
}

static void round_of(struct session *session, __u64 seed)
{
	struct actor actor[THREADS];
	unsigned int i;
	int ret;

	ret = begin(session);
	if (ret) {
		fail(session, "opening: %s", strerror(-ret));
		return;
	}
	for (i = 0; i < THREADS; i++) {
		actor[i].session = session;
		actor[i].random = seed + i;
		pthread_create(&actor[i].thread, NULL, run, &actor[i]);
	}
	for (i = 0; i < THREADS; i++)
		pthread_join(actor[i].thread, NULL);
	settle(session);
	testguest_close(&session->guest);
	munmap(session->mem.base, session->mem.size);
	munmap(session->guest.mem.base, session->guest.mem.size);
}

TEST_F_TIMEOUT(stress, at_random, 3600)
{
	struct session *session = &self->session;
	const char *text = getenv("STRESS_SECONDS");
	long long end = now_ms() + (text ? atoi(text) : 1) * 1000LL;
	unsigned int rounds = 0;
	__u64 seed;

	text = getenv("STRESS_SEED");
	seed = text ? strtoull(text, NULL, 0) : (__u64)time(NULL) << 20 ^ getpid();
	TH_LOG("STRESS_SEED=%llu", seed);
	do {
		round_of(session, seed);
		ASSERT_STREQ("", session->failure)
			TH_LOG("round %u, STRESS_SEED=%llu: %s", rounds, seed, session->failure);
		next_random(&seed);
		rounds++;
	} while (now_ms() < end);
	TH_LOG("%u rounds of %u actions", rounds, THREADS * ACTIONS);
}

/*
 * A process of its own for the other subchannel, and nothing in common with it:
 * the harness keeps its books in memory that a fork shares. What it says comes in
 * the end.
 */
static pid_t start_other(FILE *said, char **argv)
{
	const char *id = getenv("VFIO_CCW_SCH2");
	pid_t pid;

	if (!id)
		return 0;
	pid = fork();
	if (pid)
		return pid;
	dup2(fileno(said), STDOUT_FILENO);
	dup2(fileno(said), STDERR_FILENO);
	setenv("VFIO_CCW_SCH", id, 1);
	unsetenv("VFIO_CCW_SCH2");
	setenv("STRESS_NO_PATH", "", 1);
	execv("/proc/self/exe", argv);
	_exit(EXIT_FAILURE);
}

int main(int argc, char **argv)
{
	FILE *said = tmpfile();
	int status = 0, ret;
	char line[256];
	pid_t other;

	if (!said) {
		perror("# tmpfile");
		return EXIT_FAILURE;
	}
	other = start_other(said, argv);
	ret = subchannel_main(argc, argv, test_harness_run);
	if (!other)
		return ret;
	if (other < 0 || waitpid(other, &status, 0) != other || status) {
		printf("# the other process: status %x\n", status);
		ret = ret ? ret : EXIT_FAILURE;
	}
	rewind(said);
	while (fgets(line, sizeof(line), said))
		printf("# other: %s", line);
	return ret;
}
