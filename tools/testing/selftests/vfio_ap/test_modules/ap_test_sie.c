// SPDX-License-Identifier: GPL-2.0-only
/*
 * A SIE for guests of a few instructions, see ap_test.h.
 *
 * The instruction SIE ends in an operation exception here. KVM sees a guest
 * that has done nothing so far, and before it looks for the reason it passes
 * its tracepoint kvm_s390_sie_exit: that is where the guest is run, in the task
 * and with the storage of its vcpu, until something has to be intercepted.
 *
 * A guest has NOPR, AP instructions (interpreted within its masks, but for
 * PQAP(AQIC), which is KVM's), and takes I/O interruptions from its GISA.
 * Anything else is intercepted as an instruction that KVM or userspace knows.
 */
#include <linux/kdebug.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/tracepoint.h>
#include <linux/uaccess.h>

#include "ap_test.h"

/* Interception codes. */
#define ICPT_INSTRUCTION	0x04
#define ICPT_WAIT		0x1c
#define ICPT_UNKNOWN		0x2c

#define OPCODE_BCR		0x07
#define FUNCTION_AQIC		3
/* Where the host asks a vcpu to leave, and sees whether it has. */
#define PROG_LEAVE		(PROG_BLOCK_SIE | PROG_REQUEST)

/* What a prefix register is kept without. */
#define PREFIX_SHIFT		13

/* Places of an I/O interruption in the prefix area. */
#define LC_SUBCHANNEL_ID	0xb8
#define LC_IO_OLD_PSW		0x170
#define LC_IO_NEW_PSW		0x1f0
#define ADAPTER_INTERRUPTION	0x80000000U
#define ADAPTER_ISC_SHIFT	27

/* At most so many instructions until the host gets a look. */
#define ROUND	1000

/* Userspace's address of guest storage, all of it in one slot; NULL if not. */
static void __user *storage(struct kvm_vcpu *vcpu, u64 addr, size_t size)
{
	struct kvm_memory_slot *slot;
	gfn_t gfn = gpa_to_gfn(addr);

	/* KVM holds its SRCU read lock around the tracepoint. */
	slot = search_memslots(kvm_memslots(vcpu->kvm), gfn, false);
	if (!slot || gpa_to_gfn(addr + size - 1) >= slot->base_gfn + slot->npages)
		return NULL;
	return (void __user *)(__gfn_to_hva_memslot(slot, gfn) + offset_in_page(addr));
}

static int fetch(struct kvm_vcpu *vcpu, u64 addr, void *data, size_t size)
{
	void __user *from = storage(vcpu, addr, size);

	return from ? copy_from_user_nofault(data, from, size) : -EFAULT;
}

static int store(struct kvm_vcpu *vcpu, u64 addr, const void *data, size_t size)
{
	void __user *to = storage(vcpu, addr, size);

	return to ? copy_to_user_nofault(to, data, size) : -EFAULT;
}

/* A CPU that executes a guest's AP instruction. */
struct guest_cpu {
	struct ap_test_cpu cpu;
	struct kvm_vcpu *vcpu;
	struct kvm_s390_apcb1 mask;
};

static int guest_read(struct ap_test_cpu *cpu, u64 addr, void *data, size_t size)
{
	return fetch(container_of(cpu, struct guest_cpu, cpu)->vcpu, addr, data,
		     size);
}

static int guest_write(struct ap_test_cpu *cpu, u64 addr, const void *data,
		       size_t size)
{
	return store(container_of(cpu, struct guest_cpu, cpu)->vcpu, addr, data,
		     size);
}

static bool interpret_ap(struct kvm_vcpu *vcpu, const u16 *insn)
{
	struct kvm_s390_sie_block *scb = vcpu->arch.sie_block;
	struct guest_cpu guest = {
		.cpu = {
			.gprs = vcpu->run->s.regs.gprs,
			.user = vcpu->kvm,
			.mask = &guest.mask,
			.read = guest_read,
			.write = guest_write,
		},
		.vcpu = vcpu,
	};

	if (!(scb->eca & ECA_APIE) || scb->gpsw.mask & PSW_MASK_PSTATE)
		return false;
	if (insn[0] == INSN_PQAP &&
	    (u8)(guest.cpu.gprs[0] >> 24) == FUNCTION_AQIC)
		return false;
	ap_test_guest_masks(vcpu->kvm, &guest.mask);
	if (!ap_test_execute(&guest.cpu, insn[0], insn[1]))
		return false;
	scb->gpsw.mask &= ~PSW_MASK_CC;
	scb->gpsw.mask |= (unsigned long)guest.cpu.cc << 44;
	return true;
}

/* Take an I/O interruption if one is pending and allowed; false: cannot. */
static bool take_interruption(struct kvm_vcpu *vcpu)
{
	struct kvm_s390_sie_block *scb = vcpu->arch.sie_block;
	u64 prefix = (u64)scb->prefix << PREFIX_SHIFT;
	struct kvm_s390_gisa *gisa;
	u32 identity[3] = {};
	u8 open, isc;

	if (!(scb->eca & ECA_AIV) || !scb->gd || !(scb->gpsw.mask & PSW_MASK_IO))
		return true;
	gisa = phys_to_virt(scb->gd & ~3UL);
	open = READ_ONCE(gisa->ipm) & (u8)(scb->gcr[6] >> 24);
	if (!open)
		return true;
	isc = 8 - fls(open);
	identity[2] = ADAPTER_INTERRUPTION | (u32)isc << ADAPTER_ISC_SHIFT;
	if (store(vcpu, prefix + LC_SUBCHANNEL_ID, identity, sizeof(identity)) ||
	    store(vcpu, prefix + LC_IO_OLD_PSW, &scb->gpsw, sizeof(scb->gpsw)) ||
	    fetch(vcpu, prefix + LC_IO_NEW_PSW, &scb->gpsw, sizeof(scb->gpsw)))
		return false;
	clear_bit_inv(32 + isc, (unsigned long *)gisa);
	return true;
}

static void intercept_instruction(struct kvm_s390_sie_block *scb, const u16 *insn)
{
	u8 length = insn[0] < 0x4000 ? 2 : insn[0] < 0xc000 ? 4 : 6;

	scb->ipa = insn[0];
	scb->ipb = (u32)insn[1] << 16 | (length == 6 ? insn[2] : 0);
	scb->gpsw.addr += length;
	scb->icptcode = ICPT_INSTRUCTION;
}

static bool is_ap(u16 opcode)
{
	return opcode == INSN_PQAP || opcode == INSN_NQAP || opcode == INSN_DQAP;
}

/* Execute one instruction; false if the guest is left. */
static bool step(struct kvm_vcpu *vcpu)
{
	struct kvm_s390_sie_block *scb = vcpu->arch.sie_block;
	u16 insn[3];

	if (!take_interruption(vcpu)) {
		scb->icptcode = ICPT_UNKNOWN;
		return false;
	}
	if (scb->gpsw.mask & PSW_MASK_WAIT) {
		scb->icptcode = ICPT_WAIT;
		return false;
	}
	if (fetch(vcpu, scb->gpsw.addr, insn, sizeof(insn))) {
		scb->icptcode = ICPT_UNKNOWN;
		return false;
	}
	if (insn[0] >> 8 == OPCODE_BCR && !(insn[0] & 0xf)) {
		scb->gpsw.addr += 2;
		return true;
	}
	if (is_ap(insn[0]) && interpret_ap(vcpu, insn)) {
		scb->gpsw.addr += 4;
		return true;
	}
	intercept_instruction(scb, insn);
	return false;
}

static void run_guest(struct kvm_vcpu *vcpu)
{
	struct kvm_s390_sie_block *scb = vcpu->arch.sie_block;
	int i;

	for (i = 0; i < ROUND; i++) {
		bool left;

		/*
		 * The host waits for this before it believes that the vcpu
		 * will see new masks.
		 */
		WRITE_ONCE(scb->prog0c, scb->prog0c | PROG_IN_SIE);
		smp_mb(); /* pairs with the host's, between prog20 and a look here */
		left = atomic_read(&scb->prog20) & PROG_LEAVE || !step(vcpu);
		/* What the guest did comes first for whoever has waited. */
		smp_store_release(&scb->prog0c, scb->prog0c & ~PROG_IN_SIE);
		if (left)
			return;
	}
}

static void sie_exit_probe(void *unused, struct kvm_vcpu *vcpu, u8 icptcode)
{
	/* Where a newer kernel leaves SIE's exception for KVM. */
	if ((current->thread.gmap_int_code & PGM_INT_CODE_MASK) == PGM_OPERATION)
		current->thread.gmap_int_code = 0;
	run_guest(vcpu);
}

static int module_event(struct notifier_block *block, unsigned long event,
			void *data)
{
	struct module *mod = ((struct tp_module *)data)->mod;
	unsigned int i;

	if (strcmp(mod->name, "kvm"))
		return NOTIFY_OK;
	for (i = 0; i < mod->num_tracepoints; i++) {
		struct tracepoint *tp = tracepoint_ptr_deref(mod->tracepoints_ptrs + i);

		if (strcmp(tp->name, "kvm_s390_sie_exit"))
			continue;
		if (event == MODULE_STATE_COMING) {
			int ret = tracepoint_probe_register(tp, sie_exit_probe, NULL);

			return notifier_from_errno(ret);
		}
		if (event == MODULE_STATE_GOING) {
			tracepoint_probe_unregister(tp, sie_exit_probe, NULL);
			tracepoint_synchronize_unregister();
		}
	}
	return NOTIFY_OK;
}

static struct notifier_block module_block = {
	.notifier_call = module_event,
};

int ap_test_sie_init(void)
{
	return register_tracepoint_module_notifier(&module_block);
}

void ap_test_sie_exit(void)
{
	unregister_tracepoint_module_notifier(&module_block);
}
