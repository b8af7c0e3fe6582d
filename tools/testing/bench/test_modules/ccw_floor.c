// SPDX-License-Identifier: GPL-2.0
/*
 * ccw_floor.ko: the least that a driver can do for a SENSE ID which userspace
 * asks for
 *
 * One subchannel, one channel program made beforehand, one file, /dev/ccw_floor,
 * with the I/O region of vfio-ccw: a write of the region starts the program, the
 * interruption signals the eventfd, a read gets the response. There is no VFIO,
 * no guest memory and no state; a write of four bytes names the eventfd.
 *
 * It is to be measured, not to be used: whoever opens it must be alone.
 */
#include <linux/eventfd.h>
#include <linux/fs.h>
#include <linux/io.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vfio_ccw.h>

#include <asm/ccwdev.h>
#include <asm/isc.h>

#include <kabi/css.h>
#include <kabi/orb.h>

#define ORB_FLAGS	0x00c00000u	/* format 1, prefetch; paths follow */
#define CMD_SENSE_ID	0xe4
#define ID_SIZE		7

/* What the channel fetches and stores, below 2 GiB. */
struct program {
	struct ccw1 ccw;
	u8 id[ID_SIZE];
};

static struct subchannel *subchannel;
static struct program *program;
static struct eventfd_ctx *eventfd;
static struct ccw_io_region response;

static ssize_t start(struct file *file, const char __user *buf, size_t count,
		     loff_t *offset)
{
	struct ccw_io_region region;
	union {
		union orb orb;
		u32 word[8];
	} request = {};
	s32 fd;

	if (count == sizeof(fd)) {
		if (get_user(fd, (s32 __user *)buf))
			return -EFAULT;
		if (eventfd)
			eventfd_ctx_put(eventfd);
		eventfd = eventfd_ctx_fdget(fd);
		if (IS_ERR(eventfd)) {
			long error = PTR_ERR(eventfd);

			eventfd = NULL;
			return error;
		}
		return count;
	}

	if (count != sizeof(region))
		return -EINVAL;
	if (copy_from_user(&region, buf, count))
		return -EFAULT;
	guard(spinlock_irq)(&subchannel->lock);
	/* The css layer finds the subchannel of an interruption by it. */
	request.word[0] = (u32)virt_to_phys(subchannel);
	request.word[1] = ORB_FLAGS | subchannel->lpm << 8;
	request.word[2] = virt_to_phys(&program->ccw);
	return ssch(subchannel->schid, &request.orb) ? -EIO : count;
}

static ssize_t get_response(struct file *file, char __user *buf, size_t count,
			    loff_t *offset)
{
	struct ccw_io_region region;

	if (count != sizeof(region))
		return -EINVAL;
	scoped_guard(spinlock_irq, &subchannel->lock)
		region = response;
	return copy_to_user(buf, &region, count) ? -EFAULT : count;
}

static const struct file_operations floor_ops = {
	.owner = THIS_MODULE,
	.write = start,
	.read = get_response,
};

static struct miscdevice floor_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "ccw_floor",
	.fops = &floor_ops,
};

static void sch_irq(struct subchannel *sch)
{
	memcpy(response.irb_area, this_cpu_ptr(&cio_irb), sizeof(struct irb));
	if (eventfd)
		eventfd_signal(eventfd);
}

static int sch_probe(struct subchannel *sch)
{
	int ret;

	if (subchannel)
		return -EBUSY;
	scoped_guard(spinlock_irq, &sch->lock) {
		sch->lpm = sch->schib.pmcw.pam;
		sch->isc = VFIO_CCW_ISC;
		ret = cio_enable_subchannel(sch, (u32)virt_to_phys(sch));
	}
	if (ret)
		return ret;
	subchannel = sch;
	ret = misc_register(&floor_device);
	if (!ret)
		return 0;
	subchannel = NULL;
	guard(spinlock_irq)(&sch->lock);
	cio_disable_subchannel(sch);
	return ret;
}

static void sch_remove(struct subchannel *sch)
{
	misc_deregister(&floor_device);
	scoped_guard(spinlock_irq, &sch->lock)
		cio_disable_subchannel(sch);
	subchannel = NULL;
	if (eventfd)
		eventfd_ctx_put(eventfd);
	eventfd = NULL;
}

static struct css_device_id sch_ids[] = {
	{ .match_flags = 0x1, .type = SUBCHANNEL_TYPE_IO },
	{ },
};

static struct css_driver sch_driver = {
	.drv = {
		.name = "ccw_floor",
		.owner = THIS_MODULE,
	},
	.subchannel_type = sch_ids,
	.probe = sch_probe,
	.remove = sch_remove,
	.irq = sch_irq,
};

static int __init floor_init(void)
{
	int ret;

	program = kzalloc(sizeof(*program), GFP_KERNEL | GFP_DMA);
	if (!program)
		return -ENOMEM;
	program->ccw.cmd_code = CMD_SENSE_ID;
	program->ccw.flags = CCW_FLAG_SLI;
	program->ccw.count = ID_SIZE;
	program->ccw.cda = u32_to_dma32(virt_to_phys(program->id));
	isc_register(VFIO_CCW_ISC);
	ret = css_driver_register(&sch_driver);
	if (ret) {
		isc_unregister(VFIO_CCW_ISC);
		kfree(program);
	}
	return ret;
}

static void __exit floor_exit(void)
{
	css_driver_unregister(&sch_driver);
	isc_unregister(VFIO_CCW_ISC);
	kfree(program);
}

module_init(floor_init);
module_exit(floor_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("The least that a SENSE ID from userspace costs");
