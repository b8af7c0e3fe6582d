// SPDX-License-Identifier: GPL-2.0
/* A virtual machine by hand: KVM, VFIO and a few guest instructions */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include <linux/vfio.h>

#include "sysfs.h"
#include "vm.h"

/* Where the code of one instruction goes, and what it works on */
#define MESSAGE		(VM_SIZE - 0x10000)
#define MESSAGE_ROOM	0x4000
#define CODE_ROOM	0x100

#define PSW_64BIT	0x0000000180000000ull
#define PSW_IO		0x0200000000000000ull
#define PSW_WAIT	0x0002000000000000ull
#define PSW_CC_SHIFT	44
#define CR6_ALL_ISCS	0xff000000ull

#define LC_IO_IDENTITY	0xc0
#define LC_IO_NEW_PSW	0x1f0

/* DIAGNOSE with a code that KVM leaves to userspace: "done" */
static const uint8_t diagnose_done[] = { 0x83, 0x00, 0x07, 0xff };

static void drop(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static int vm_attr(struct vm *vm, unsigned int request, uint32_t group, uint64_t attr, void *data)
{
	struct kvm_device_attr arg = {
		.group = group, .attr = attr, .addr = (unsigned long)data,
	};

	return ioctl(vm->fd, request, &arg) ? -errno : 0;
}

/* All facilities that KVM can give, and AP instructions interpreted. */
static int set_model(struct vm *vm)
{
	struct kvm_s390_vm_cpu_processor processor;
	struct kvm_s390_vm_cpu_machine machine;
	int ret;

	ret = vm_attr(vm, KVM_GET_DEVICE_ATTR, KVM_S390_VM_CPU_MODEL, KVM_S390_VM_CPU_MACHINE,
		      &machine);
	if (!ret)
		ret = vm_attr(vm, KVM_GET_DEVICE_ATTR, KVM_S390_VM_CPU_MODEL,
			      KVM_S390_VM_CPU_PROCESSOR, &processor);
	if (ret)
		return ret;
	memcpy(processor.fac_list, machine.fac_mask, sizeof(processor.fac_list));
	ret = vm_attr(vm, KVM_SET_DEVICE_ATTR, KVM_S390_VM_CPU_MODEL, KVM_S390_VM_CPU_PROCESSOR,
		      &processor);
	if (ret)
		return ret;
	return vm_attr(vm, KVM_SET_DEVICE_ATTR, KVM_S390_VM_CRYPTO, KVM_S390_VM_CRYPTO_ENABLE_APIE,
		       NULL);
}

static int make_storage(struct vm *vm)
{
	struct kvm_userspace_memory_region region = { .memory_size = VM_SIZE };
	uint8_t *p;

	/* KVM wants it aligned like a segment of 1 MiB. */
	p = mmap(NULL, VM_SIZE + VM_HALF, PROT_READ | PROT_WRITE,
		 MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	if (p == MAP_FAILED)
		return -errno;
	vm->storage = (uint8_t *)(((unsigned long)p + VM_HALF - 1) & -VM_HALF);
	region.userspace_addr = (unsigned long)vm->storage;
	return ioctl(vm->fd, KVM_SET_USER_MEMORY_REGION, &region) ? -errno : 0;
}

static int make_vcpu(struct vm *vm, unsigned int id)
{
	int size;

	vm->code = VM_CODE + id * CODE_ROOM;
	vm->run = NULL;
	vm->vcpu = ioctl(vm->fd, KVM_CREATE_VCPU, id);
	if (vm->vcpu < 0)
		return -errno;
	size = ioctl(vm->kvm, KVM_GET_VCPU_MMAP_SIZE, 0);
	if (size < 0)
		return -errno;
	vm->run = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, vm->vcpu, 0);
	if (vm->run == MAP_FAILED) {
		vm->run = NULL;
		return -errno;
	}
	vm->run_size = size;
	return 0;
}

int vm_open(struct vm *vm)
{
	struct kvm_create_device vfio = { .type = KVM_DEV_TYPE_VFIO };
	int ret = 0;

	memset(vm, 0, sizeof(*vm));
	vm->fd = -1;
	vm->vfio = -1;
	vm->vcpu = -1;
	vm->kvm = open("/dev/kvm", O_RDWR | O_CLOEXEC);
	if (vm->kvm < 0)
		return -errno;
	vm->fd = ioctl(vm->kvm, KVM_CREATE_VM, 0);
	if (vm->fd < 0 || ioctl(vm->fd, KVM_CREATE_DEVICE, &vfio))
		ret = -errno;
	else
		vm->vfio = vfio.fd;
	if (!ret)
		ret = make_storage(vm);
	if (!ret)
		ret = set_model(vm);
	if (!ret)
		ret = make_vcpu(vm, 0);
	if (ret)
		vm_close(vm);
	return ret;
}

int vm_add_cpu(const struct vm *vm, struct vm *cpu)
{
	int ret;

	*cpu = *vm;
	ret = make_vcpu(cpu, 1);
	if (ret)
		vm_drop_cpu(cpu);
	return ret;
}

void vm_drop_cpu(struct vm *cpu)
{
	if (cpu->run)
		munmap(cpu->run, cpu->run_size);
	cpu->run = NULL;
	drop(&cpu->vcpu);
}

void vm_close(struct vm *vm)
{
	vm_drop_cpu(vm);
	drop(&vm->vfio);
	drop(&vm->fd);
	drop(&vm->kvm);
	/* Storage stays: devices may still have it mapped. */
}

static int open_group(const char *uuid)
{
	char link[128], number[16], path[64];
	int ret;

	snprintf(link, sizeof(link), "/sys/bus/mdev/devices/%s/iommu_group", uuid);
	ret = sysfs_link(link, number, sizeof(number));
	if (ret)
		return ret;
	snprintf(path, sizeof(path), "/dev/vfio/%s", number);
	ret = open(path, O_RDWR | O_CLOEXEC);
	return ret < 0 ? -errno : ret;
}

int vm_device_map(struct vm *vm, struct vm_device *dev, unsigned int half)
{
	struct vfio_iommu_type1_dma_map map = {
		.argsz = sizeof(map),
		.flags = VFIO_DMA_MAP_FLAG_READ | VFIO_DMA_MAP_FLAG_WRITE,
		.vaddr = (unsigned long)vm->storage + half * VM_HALF,
		.iova = half * VM_HALF,
		.size = VM_HALF,
	};

	return ioctl(dev->container, VFIO_IOMMU_MAP_DMA, &map) ? -errno : 0;
}

int vm_device_unmap(struct vm_device *dev, unsigned int half)
{
	struct vfio_iommu_type1_dma_unmap unmap = {
		.argsz = sizeof(unmap), .iova = half * VM_HALF, .size = VM_HALF,
	};

	return ioctl(dev->container, VFIO_IOMMU_UNMAP_DMA, &unmap) ? -errno : 0;
}

static int tell_kvm(struct vm *vm, struct vm_device *dev, uint64_t what)
{
	int32_t fd = dev->group;
	struct kvm_device_attr attr = {
		.group = KVM_DEV_VFIO_GROUP, .attr = what, .addr = (unsigned long)&fd,
	};

	return ioctl(vm->vfio, KVM_SET_DEVICE_ATTR, &attr) ? -errno : 0;
}

static int open_device(struct vm *vm, struct vm_device *dev, const char *uuid, bool kvm)
{
	const char *container = getenv("VFIO_CONTAINER") ?: "/dev/vfio/vfio";
	int ret;

	dev->fd = -1;
	dev->group = -1;
	dev->container = open(container, O_RDWR | O_CLOEXEC);
	if (dev->container < 0)
		return -errno;
	dev->group = open_group(uuid);
	ret = dev->group < 0 ? dev->group : 0;
	if (!ret && (ioctl(dev->group, VFIO_GROUP_SET_CONTAINER, &dev->container) ||
		     ioctl(dev->container, VFIO_SET_IOMMU, VFIO_TYPE1v2_IOMMU)))
		ret = -errno;
	if (!ret && kvm)
		ret = tell_kvm(vm, dev, KVM_DEV_VFIO_GROUP_ADD);
	if (!ret)
		ret = vm_device_map(vm, dev, 0);
	if (!ret)
		ret = vm_device_map(vm, dev, 1);
	if (!ret) {
		dev->fd = ioctl(dev->group, VFIO_GROUP_GET_DEVICE_FD, uuid);
		if (dev->fd < 0)
			ret = -errno;
	}
	if (ret)
		vm_device_close(vm, dev);
	return ret;
}

int vm_device_open(struct vm *vm, struct vm_device *dev, const char *uuid)
{
	return open_device(vm, dev, uuid, true);
}

int vm_device_open_alone(struct vm *vm, struct vm_device *dev, const char *uuid)
{
	return open_device(vm, dev, uuid, false);
}

void vm_device_close(struct vm *vm, struct vm_device *dev)
{
	drop(&dev->fd);
	if (dev->group >= 0 && vm->vfio >= 0)
		tell_kvm(vm, dev, KVM_DEV_VFIO_GROUP_DEL);
	drop(&dev->group);
	drop(&dev->container);
}

int eventfd_wait(int event, int ms)
{
	struct pollfd pfd = { .fd = event, .events = POLLIN };
	uint64_t count;

	if (poll(&pfd, 1, ms) <= 0)
		return 0;
	return read(event, &count, sizeof(count)) == sizeof(count);
}

int vm_device_irq(struct vm_device *dev, unsigned int index, int event)
{
	struct {
		struct vfio_irq_set set;
		int32_t fd;
	} arg = {
		.set = {
			.argsz = sizeof(arg),
			.flags = VFIO_IRQ_SET_DATA_EVENTFD | VFIO_IRQ_SET_ACTION_TRIGGER,
			.index = index, .count = 1,
		},
		.fd = event,
	};

	return ioctl(dev->fd, VFIO_DEVICE_SET_IRQS, &arg) ? -errno : 0;
}

/* Run until the guest says it is done. */
static int run_until_done(struct vm *vm)
{
	for (;;) {
		if (ioctl(vm->vcpu, KVM_RUN, 0)) {
			if (errno == EINTR)
				return -ETIMEDOUT;
			return -errno;
		}
		if (vm->run->exit_reason == KVM_EXIT_INTR)
			continue;
		if (vm->run->exit_reason == KVM_EXIT_S390_SIEIC &&
		    vm->run->s390_sieic.icptcode == 4 && vm->run->s390_sieic.ipa >> 8 == 0x83)
			return 0;
		printf("# vcpu: exit %u, code 0x%x, 0x%x, at 0x%llx\n", vm->run->exit_reason,
		       vm->run->s390_sieic.icptcode, vm->run->s390_sieic.ipa,
		       vm->run->psw_addr);
		return -EPROTO;
	}
}

static int execute(struct vm *vm, uint32_t instruction, struct ap_result *result)
{
	const uint8_t code[] = {
		instruction >> 24, instruction >> 16, instruction >> 8, instruction,
	};
	int ret;

	memcpy(vm->storage + vm->code, code, sizeof(code));
	memcpy(vm->storage + vm->code + sizeof(code), diagnose_done, sizeof(diagnose_done));
	vm->run->psw_mask = PSW_64BIT;
	vm->run->psw_addr = vm->code;
	vm->run->kvm_dirty_regs = KVM_SYNC_GPRS;
	ret = run_until_done(vm);
	if (ret)
		return ret;
	result->cc = vm->run->psw_mask >> PSW_CC_SHIFT & 3;
	result->gr1 = vm->run->s.regs.gprs[1];
	result->gr2 = vm->run->s.regs.gprs[2];
	result->word = result->gr1;
	result->rc = result->word >> 16 & 0xff;
	result->ir = result->word >> 24 & 1;
	return 0;
}

void *vm_room(struct vm *vm, uint64_t address, size_t size)
{
	return memset(vm->storage + address, 0, size);
}

int vm_pqap(struct vm *vm, unsigned int function, unsigned int card, unsigned int domain,
	    uint64_t gr1, uint64_t gr2, struct ap_result *result)
{
	vm->run->s.regs.gprs[0] = function << 24 | card << 8 | domain;
	vm->run->s.regs.gprs[1] = gr1;
	vm->run->s.regs.gprs[2] = gr2;
	return execute(vm, 0xb2af0000, result);
}

/* Interrupts enabled, in general register 1 */
#define AQIC_IR	0x0000800000000000ull

int vm_aqic_enable(struct vm *vm, unsigned int card, unsigned int domain, unsigned int isc,
		   uint64_t nib, struct ap_result *result)
{
	return vm_pqap(vm, PQAP_AQIC, card, domain, AQIC_IR | isc, nib, result);
}

int vm_aqic_disable(struct vm *vm, unsigned int card, unsigned int domain,
		    struct ap_result *result)
{
	return vm_pqap(vm, PQAP_AQIC, card, domain, 0, 0, result);
}

/* Registers 4 and 5 hold the message's identifier, 6 and 7 its place. */
static int message(struct vm *vm, uint32_t opcode, uint64_t gr0, size_t size,
		   struct ap_result *result)
{
	vm->run->s.regs.gprs[0] = gr0;
	vm->run->s.regs.gprs[1] = 0;
	vm->run->s.regs.gprs[2] = 0;
	vm->run->s.regs.gprs[4] = 0;
	vm->run->s.regs.gprs[5] = 1;
	vm->run->s.regs.gprs[6] = MESSAGE;
	vm->run->s.regs.gprs[7] = size;
	return execute(vm, opcode << 16 | 0x0046, result);
}

int vm_nqap(struct vm *vm, unsigned int card, unsigned int domain, const void *data, size_t size,
	    struct ap_result *result)
{
	if (size > MESSAGE_ROOM)
		return -E2BIG;
	memcpy(vm->storage + MESSAGE, data, size);
	return message(vm, 0xb2ad, 0x40000000 | card << 8 | domain, size, result);
}

int vm_dqap(struct vm *vm, unsigned int card, unsigned int domain, void *data, size_t *size,
	    struct ap_result *result)
{
	size_t room = *size < MESSAGE_ROOM ? *size : MESSAGE_ROOM;
	int ret;

	vm_room(vm, MESSAGE, room);
	ret = message(vm, 0xb2ae, 0x80000000ull | card << 8 | domain, room, result);
	if (ret)
		return ret;
	*size = vm->run->s.regs.gprs[6] - MESSAGE;
	memcpy(data, vm->storage + MESSAGE, *size);
	return 0;
}

static void stop_waiting(int sig)
{
	(void)sig;
}

int vm_wait_interruption(struct vm *vm, int ms, uint32_t *identity)
{
	const uint64_t new_psw[2] = { PSW_64BIT, VM_CODE };
	struct sigaction action = { .sa_handler = stop_waiting }, old;
	struct itimerspec when = {
		.it_value = { .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000L },
		.it_interval = { .tv_nsec = 100000000 },
	};
	struct sigevent event = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1 };
	timer_t timer;
	int ret;

	memcpy(vm->storage + LC_IO_NEW_PSW, new_psw, sizeof(new_psw));
	memcpy(vm->storage + VM_CODE, diagnose_done, sizeof(diagnose_done));
	memset(vm->storage + LC_IO_IDENTITY, 0, sizeof(*identity));
	vm->run->psw_mask = PSW_64BIT | PSW_IO | PSW_WAIT;
	vm->run->psw_addr = 0;
	vm->run->s.regs.crs[6] = CR6_ALL_ISCS;
	vm->run->kvm_dirty_regs = KVM_SYNC_GPRS | KVM_SYNC_CRS;

	/* Again and again: it may come before the vcpu waits. */
	sigaction(SIGUSR1, &action, &old);
	if (timer_create(CLOCK_MONOTONIC, &event, &timer))
		return -errno;
	timer_settime(timer, 0, &when, NULL);
	ret = run_until_done(vm);
	timer_delete(timer);
	sigaction(SIGUSR1, &old, NULL);
	if (!ret)
		memcpy(identity, vm->storage + LC_IO_IDENTITY, sizeof(*identity));
	return ret;
}
