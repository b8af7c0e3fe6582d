// SPDX-License-Identifier: GPL-2.0
/*
 * cio_test.ko: what a machine does to the channel subsystem, and no test can
 * make it do: channel paths that go and come back, subchannels that vanish,
 * instructions that fail. No use outside of tests; it spares no device that
 * shares the path, or happens to call the function.
 *
 * Module parameters, to be written:
 *
 *	path_lost	number (hex) of a channel path: the css layer is told that
 *			it has gone, as by a channel report after a machine check
 *	path_back	the same, that it is there again
 *	path_storm	"SUBCHANNEL PATH TIMES": so many of these in turn for the
 *			driver of one subchannel alone, which is a hundred times as
 *			fast
 *	evaluate	number (hex) of a subchannel of css 0.0: something has
 *			befallen it, see what
 *	shutdown	the same: its driver is told that the system goes down
 *	answer		"FUNCTION RESULT TIMES": so many calls to a function of the
 *			kernel are not made but answered; "-": no more of that
 *	answered	(to be read) how often that has happened
 */
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/string.h>

#include <kabi/chp.h>
#include <kabi/css.h>

#define NAME_SIZE 64

static void (*path_lost)(struct chp_id chpid);
static void (*path_back)(struct chp_id chpid);
static void (*evaluate)(struct subchannel_id schid);
static struct subchannel *(*get_subchannel)(struct subchannel_id schid);

/* The kernel exports none of them, but tells kprobes where they are. */
static void *find(const char *name)
{
	struct kprobe probe = { .symbol_name = name };
	void *address;

	if (register_kprobe(&probe))
		return NULL;
	address = probe.addr;
	unregister_kprobe(&probe);
	return address;
}

static int set_path(const char *val, const struct kernel_param *kp)
{
	void (**event)(struct chp_id chpid) = kp->arg;
	struct chp_id chpid;
	u8 id;
	int ret = kstrtou8(val, 16, &id);

	if (ret)
		return ret;
	chp_id_init(&chpid);
	chpid.id = id;
	(*event)(chpid);
	return 0;
}

static const struct kernel_param_ops path_ops = {
	.set = set_path,
};

module_param_cb(path_lost, &path_ops, &path_lost, 0200);
module_param_cb(path_back, &path_ops, &path_back, 0200);

static struct subchannel_id schid_of(u16 number)
{
	struct subchannel_id schid;

	init_subchannel_id(&schid);
	schid.sch_no = number;
	return schid;
}

static int set_path_storm(const char *val, const struct kernel_param *kp)
{
	struct subchannel *sch;
	struct chp_link link = {};
	unsigned int times;
	u16 number;
	u8 path;

	if (sscanf(val, "%hx %hhx %u", &number, &path, &times) != 3)
		return -EINVAL;
	sch = get_subchannel(schid_of(number));
	if (!sch)
		return -ENODEV;
	chp_id_init(&link.chpid);
	link.chpid.id = path;
	for (unsigned int i = 0; i < times; i++) {
		scoped_guard(spinlock_irq, &sch->lock) {
			if (sch->driver && sch->driver->chp_event)
				sch->driver->chp_event(sch, &link, i % 2 ?
						       CHP_ONLINE : CHP_OFFLINE);
		}
		cond_resched();
	}
	put_device(&sch->dev);
	return 0;
}

static const struct kernel_param_ops path_storm_ops = {
	.set = set_path_storm,
};

module_param_cb(path_storm, &path_storm_ops, NULL, 0200);

static int set_evaluate(const char *val, const struct kernel_param *kp)
{
	u16 number;
	int ret = kstrtou16(val, 16, &number);

	if (!ret)
		evaluate(schid_of(number));
	return ret;
}

static const struct kernel_param_ops evaluate_ops = {
	.set = set_evaluate,
};

module_param_cb(evaluate, &evaluate_ops, NULL, 0200);

static int set_shutdown(const char *val, const struct kernel_param *kp)
{
	struct subchannel *sch;
	u16 number;
	int ret = kstrtou16(val, 16, &number);

	if (ret)
		return ret;
	sch = get_subchannel(schid_of(number));
	if (!sch)
		return -ENODEV;
	scoped_guard(device, &sch->dev) {
		if (sch->driver && sch->driver->shutdown)
			sch->driver->shutdown(sch);
	}
	put_device(&sch->dev);
	return 0;
}

static const struct kernel_param_ops shutdown_ops = {
	.set = set_shutdown,
};

module_param_cb(shutdown, &shutdown_ops, NULL, 0200);

static char function[NAME_SIZE];
static int result;
static atomic_t left;
static atomic_t answered;

/* At the function's first instruction: back to where it is called from. */
static int answer(struct kprobe *probe, struct pt_regs *regs)
{
	if (atomic_dec_if_positive(&left) < 0)
		return 0;
	atomic_inc(&answered);
	regs_set_return_value(regs, result);
	regs->psw.addr = regs->gprs[14];
	return 1;
}

static struct kprobe probe = {
	.pre_handler = answer,
};

static void stop_answering(void)
{
	if (!probe.symbol_name)
		return;
	unregister_kprobe(&probe);
	probe.symbol_name = NULL;
	probe.addr = NULL;
	probe.flags = 0;
}

/* Parameters are set one at a time. */
static int set_answer(const char *val, const struct kernel_param *kp)
{
	int times, ret;

	stop_answering();
	atomic_set(&answered, 0);
	if (*val == '-')
		return 0;
	if (sscanf(val, "%63s %d %d", function, &result, &times) != 3)
		return -EINVAL;
	atomic_set(&left, times);
	probe.symbol_name = function;
	ret = register_kprobe(&probe);
	if (ret)
		probe.symbol_name = NULL;
	return ret;
}

static const struct kernel_param_ops answer_ops = {
	.set = set_answer,
};

module_param_cb(answer, &answer_ops, NULL, 0200);

static int get_answered(char *buf, const struct kernel_param *kp)
{
	return sysfs_emit(buf, "%d\n", atomic_read(&answered));
}

static const struct kernel_param_ops answered_ops = {
	.get = get_answered,
};

module_param_cb(answered, &answered_ops, NULL, 0444);

static int __init cio_test_init(void)
{
	path_lost = find("chsc_chp_offline");
	path_back = find("chsc_chp_online");
	evaluate = find("css_schedule_eval");
	get_subchannel = find("get_subchannel_by_schid");
	if (!path_lost || !path_back || !evaluate || !get_subchannel)
		return -ENOENT;
	return 0;
}

static void __exit cio_test_exit(void)
{
	stop_answering();
}

module_init(cio_test_init);
module_exit(cio_test_exit);

MODULE_DESCRIPTION("Events of the channel subsystem, for tests");
MODULE_LICENSE("GPL");
