/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A virtual machine with a CPU or two that execute AP instructions, and devices
 * passed through to it
 *
 * ap_test.ko's SIE runs it on hosts that have none: what the guest can execute
 * is told there. Functions return 0 or a negative errno unless they say
 * otherwise.
 */
#ifndef SELFTEST_VM_H
#define SELFTEST_VM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <linux/kvm.h>

/* Guest storage is mapped for devices in two halves, to unmap one of them. */
#define VM_HALF		0x100000ull
#define VM_SIZE		(2 * VM_HALF)
/* What is used of it: code, and what tests may use, up to VM_SIZE. */
#define VM_CODE		0x10000ull
#define VM_FREE		0x20000ull

struct vm {
	int kvm;
	int fd;
	int vfio;		/* KVM's VFIO device */
	int vcpu;
	struct kvm_run *run;
	size_t run_size;
	uint64_t code;		/* where in storage the CPU has its instructions */
	uint8_t *storage;
};

struct vm_device {
	int container;
	int group;
	int fd;
};

/* What an AP instruction left: condition code, and the status word's parts. */
struct ap_result {
	unsigned int cc;
	uint32_t word;		/* general register 1, bits 32-63 */
	unsigned int rc;	/* response code */
	bool ir;		/* interrupts enabled */
	uint64_t gr1;
	uint64_t gr2;
};

int vm_open(struct vm *vm);
void vm_close(struct vm *vm);
/* A second CPU, for another thread: only PQAP, and only while @vm is there. */
int vm_add_cpu(const struct vm *vm, struct vm *cpu);
void vm_drop_cpu(struct vm *cpu);

/* In order: group and container, KVM told of the group, storage mapped, device opened. */
int vm_device_open(struct vm *vm, struct vm_device *dev, const char *uuid);
/* Without KVM being told: what an errant VMM does. */
int vm_device_open_alone(struct vm *vm, struct vm_device *dev, const char *uuid);
void vm_device_close(struct vm *vm, struct vm_device *dev);
/* One half of guest storage, 0 or 1: taken from the device, and given back. */
int vm_device_map(struct vm *vm, struct vm_device *dev, unsigned int half);
int vm_device_unmap(struct vm_device *dev, unsigned int half);

/* 1: there is a signal, taken away now; 0: none within @ms */
int eventfd_wait(int event, int ms);
/* SET_IRQS with one eventfd */
int vm_device_irq(struct vm_device *dev, unsigned int index, int event);

/* PQAP functions: control of interrupts has gr1 and gr2, the others do not care. */
#define PQAP_TAPQ	0
#define PQAP_RAPQ	1
#define PQAP_ZAPQ	2
#define PQAP_AQIC	3
#define PQAP_QCI	4

/*
 * Room at a guest address for what an instruction stores, zeroed. The host may have
 * taken pages away, or mapped them anew; the lab's SIE, which cannot wait for one to
 * come (ap_test_sie.c), finds it if this comes just before.
 */
void *vm_room(struct vm *vm, uint64_t address, size_t size);

int vm_pqap(struct vm *vm, unsigned int function, unsigned int card, unsigned int domain,
	    uint64_t gr1, uint64_t gr2, struct ap_result *result);
/* AQIC as guests use it: enable with interruption subclass, disable. */
int vm_aqic_enable(struct vm *vm, unsigned int card, unsigned int domain, unsigned int isc,
		   uint64_t nib, struct ap_result *result);
int vm_aqic_disable(struct vm *vm, unsigned int card, unsigned int domain,
		    struct ap_result *result);
/* Send a request, receive a reply of up to *@size bytes. */
int vm_nqap(struct vm *vm, unsigned int card, unsigned int domain, const void *message,
	    size_t size, struct ap_result *result);
int vm_dqap(struct vm *vm, unsigned int card, unsigned int domain, void *message, size_t *size,
	    struct ap_result *result);

/*
 * Let the guest wait, enabled for I/O interruptions of all subclasses, until it
 * takes one: the interruption-identification word. -ETIMEDOUT: none came.
 */
int vm_wait_interruption(struct vm *vm, int ms, uint32_t *identity);

#endif
