// SPDX-License-Identifier: GPL-2.0-only
/*
 * PQAP, NQAP and DQAP, for the host and for guests, see ap_test.h.
 *
 * The host's come here by the operation exception that they cause on a CPU
 * without them: the kernel offers those of its own to the die notifiers first.
 * So does PLO, which KVM asks for its functions and TCG does not have.
 */
#include <linux/kdebug.h>
#include <linux/kprobes.h>
#include <linux/string.h>

#include <asm/ptrace.h>

#include "ap_test.h"

/* Function codes of PQAP, bits 32-39 of general register 0. */
enum {
	PQAP_TAPQ = 0,
	PQAP_RAPQ = 1,
	PQAP_ZAPQ = 2,
	PQAP_AQIC = 3,
	PQAP_QCI = 4,
};

/* Stands in for a queue that is not there. */
static struct ap_test_queue nowhere;
static u8 request[AP_TEST_REQUEST_SIZE];

static bool may_use(const struct ap_test_cpu *cpu, u8 card, u8 domain)
{
	if (!cpu->mask)
		return true;
	return test_bit_inv(card, (unsigned long *)cpu->mask->apm) &&
	       test_bit_inv(domain, (unsigned long *)cpu->mask->aqm);
}

static void set_status(struct ap_test_cpu *cpu, const struct ap_test_queue *queue,
		       u8 response)
{
	union ap_queue_status_reg reg = { .value = 0 };

	reg.status.queue_empty = !queue->depth;
	reg.status.replies_waiting = !!queue->depth;
	reg.status.queue_full = queue->depth == AP_TEST_DEPTH;
	reg.status.irq_enabled = queue->ir;
	reg.status.response_code = response;
	cpu->gprs[1] = reg.value;
	cpu->cc = response ? 3 : 0;
}

/* Queue and domain are in general register 0; AP_RC_NORMAL if it can be used. */
static u8 find_queue(struct ap_test_cpu *cpu, struct ap_test_queue **queue)
{
	u8 card = cpu->gprs[0] >> 8, domain = cpu->gprs[0];
	u8 response = AP_RC_NOT_AVAILABLE;

	*queue = &nowhere;
	if (!may_use(cpu, card, domain))
		return response;
	response = ap_test_available(card, domain);
	if (response != AP_RC_NOT_AVAILABLE || ap_test_find(card, domain))
		*queue = ap_test_find(card, domain);
	return response;
}

static u8 while_resetting(const struct ap_test_queue *queue)
{
	return queue->resetting ? AP_RC_RESET_IN_PROGRESS : AP_RC_NORMAL;
}

static u8 tapq(struct ap_test_cpu *cpu, struct ap_test_queue *queue, u8 response)
{
	struct ap_tapq_hwinfo info = { .value = 0 };

	queue->tapq++;
	cpu->gprs[2] = 0;
	if (response == AP_RC_NOT_AVAILABLE)
		return response;
	info.apsc = 1;
	info.mex4k = 1;
	info.crt4k = 1;
	info.accel = 1;
	info.apxa = 1;
	info.at = ap_test_card_type(queue->card);
	info.nd = AP_TEST_DOMAINS - 1;
	info.ml = 3;
	info.qd = AP_TEST_DEPTH - 1;
	cpu->gprs[2] = info.value;
	if (response)
		return response;
	if (queue->test_count) {
		queue->test_count--;
		return queue->test_response;
	}
	response = while_resetting(queue);
	if (queue->resetting > 0)
		queue->resetting--;
	return response;
}

static u8 reset(struct ap_test_queue *queue, bool zeroize, u8 response)
{
	if (zeroize)
		queue->zapq++;
	else
		queue->rapq++;
	if (response)
		return response;
	if (queue->reset_response) {
		response = queue->reset_response;
		queue->reset_response = 0;
		return response;
	}
	if (queue->resetting)
		return AP_RC_RESET_IN_PROGRESS;
	ap_test_queue_empty(queue);
	queue->ir = false;
	queue->nib = 0;
	queue->gisa = 0;
	if (zeroize)
		queue->used = false;
	queue->resetting = queue->reset_tests;
	return AP_RC_NORMAL;
}

static u8 aqic(struct ap_test_cpu *cpu, struct ap_test_queue *queue, u8 response)
{
	union ap_qirq_ctrl control = { .value = cpu->gprs[1] };

	queue->aqic++;
	response = response ?: while_resetting(queue);
	if (response)
		return response;
	if (queue->aqic_response) {
		response = queue->aqic_response;
		queue->aqic_response = 0;
		return response;
	}
	if (queue->ir == control.ir)
		return AP_RC_OTHERWISE_CHANGED;
	if (queue->aqic_sticks && !control.ir)
		return AP_RC_NORMAL;
	queue->ir = control.ir;
	queue->isc = control.isc;
	queue->gisc = control.gisc;
	queue->gisa = (u64)control.gisa << 4;
	queue->nib = cpu->gprs[2];
	return AP_RC_NORMAL;
}

static void mask_config(u32 *mask, const u64 *allowed)
{
	const u32 *word = (const u32 *)allowed;
	unsigned int i;

	for (i = 0; i < 8; i++)
		mask[i] &= word[i];
}

static bool qci(struct ap_test_cpu *cpu)
{
	struct ap_config_info info = *ap_test_config();

	/* No such function: the only failure that the kernel knows. */
	if (ap_test_config_fails())
		return false;
	if (cpu->mask) {
		mask_config(info.apm, cpu->mask->apm);
		mask_config(info.aqm, cpu->mask->aqm);
		mask_config(info.adm, cpu->mask->adm);
	}
	cpu->cc = 0;
	return !cpu->write(cpu, cpu->gprs[2], &info, sizeof(info));
}

static bool pqap(struct ap_test_cpu *cpu)
{
	u8 function = cpu->gprs[0] >> 24, response;
	struct ap_test_queue *queue;

	if (function == PQAP_QCI)
		return qci(cpu);
	response = find_queue(cpu, &queue);
	switch (function) {
	case PQAP_TAPQ:
		response = tapq(cpu, queue, response);
		break;
	case PQAP_RAPQ:
	case PQAP_ZAPQ:
		response = reset(queue, function == PQAP_ZAPQ, response);
		break;
	case PQAP_AQIC:
		response = aqic(cpu, queue, response);
		break;
	default:
		return false;
	}
	set_status(cpu, queue, response);
	return true;
}

/* Whoever meets what another may have left is a matter for the tests. */
static void note_use(struct ap_test_cpu *cpu, struct ap_test_queue *queue)
{
	if (queue->used && queue->user != cpu->user)
		queue->foreign++;
	queue->used = true;
	queue->user = cpu->user;
}

static bool nqap(struct ap_test_cpu *cpu, u8 r1, u8 r2)
{
	u64 address = cpu->gprs[r2], size = cpu->gprs[r2 + 1];
	struct ap_test_reply *reply = NULL;
	struct ap_test_queue *queue;
	u8 response;

	response = find_queue(cpu, &queue) ?: while_resetting(queue);
	if (!response && size > sizeof(request))
		response = AP_RC_TOO_BIG;
	if (!response && cpu->read(cpu, address, request, size))
		return false;
	if (!response && queue->depth < AP_TEST_DEPTH)
		reply = ap_test_reply_get();
	if (!response && !reply)
		response = AP_RC_FULL;
	if (reply) {
		note_use(cpu, queue);
		reply->psmid = cpu->gprs[r1] << 32 | (u32)cpu->gprs[r1 + 1];
		ap_test_answer(request, size, reply);
		list_add_tail(&reply->list, &queue->replies);
		queue->depth++;
		cpu->gprs[r2] += size;
		cpu->gprs[r2 + 1] = 0;
		ap_test_interrupt(queue);
	}
	set_status(cpu, queue, response);
	return true;
}

static bool dqap(struct ap_test_cpu *cpu, u8 r1, u8 r2)
{
	u64 address = cpu->gprs[r2], room = cpu->gprs[r2 + 1];
	struct ap_test_reply *reply = NULL;
	struct ap_test_queue *queue;
	u8 response;

	response = find_queue(cpu, &queue) ?: while_resetting(queue);
	if (!response) {
		reply = list_first_entry_or_null(&queue->replies,
						 struct ap_test_reply, list);
		if (!reply)
			response = AP_RC_NO_REPLY;
		else if (reply->size > room)
			response = AP_RC_TOO_BIG;
	}
	if (!response) {
		if (cpu->write(cpu, address, reply->data, reply->size))
			return false;
		note_use(cpu, queue);
		cpu->gprs[r1] = reply->psmid >> 32;
		cpu->gprs[r1 + 1] = (u32)reply->psmid;
		cpu->gprs[r2] += reply->size;
		cpu->gprs[r2 + 1] -= reply->size;
		list_del(&reply->list);
		ap_test_reply_put(reply);
		queue->depth--;
	}
	cpu->gprs[2] = 0;
	set_status(cpu, queue, response);
	return true;
}

bool ap_test_execute(struct ap_test_cpu *cpu, u16 opcode, u16 fields)
{
	u8 r1 = fields >> 4 & 15, r2 = fields & 15;
	unsigned long flags;
	bool done = false;

	/* Both name the first of a pair of registers. */
	if (opcode != INSN_PQAP && (r1 | r2) & 1)
		return false;

	raw_spin_lock_irqsave(&ap_test_lock, flags);
	switch (opcode) {
	case INSN_PQAP:
		done = pqap(cpu);
		break;
	case INSN_NQAP:
		done = nqap(cpu, r1, r2);
		break;
	case INSN_DQAP:
		done = dqap(cpu, r1, r2);
		break;
	}
	raw_spin_unlock_irqrestore(&ap_test_lock, flags);
	return done;
}

static int host_read(struct ap_test_cpu *cpu, u64 addr, void *data, size_t size)
{
	memcpy(data, (void *)addr, size);
	return 0;
}

static int host_write(struct ap_test_cpu *cpu, u64 addr, const void *data,
		      size_t size)
{
	memcpy((void *)addr, data, size);
	return 0;
}

static void set_cc(struct pt_regs *regs, unsigned long cc)
{
	regs->psw.mask = (regs->psw.mask & ~PSW_MASK_CC) | cc << 44;
}

/* "May this function be used?" is asked with bit 55 of general register 0. */
#define OPCODE_PLO	0xee
#define PLO_TEST	0x100

static int operation_exception(struct notifier_block *block, unsigned long event,
			       void *data)
{
	struct pt_regs *regs = ((struct die_args *)data)->regs;
	struct ap_test_cpu cpu = {
		.gprs = (u64 *)regs->gprs,
		.read = host_read,
		.write = host_write,
	};
	const u16 *insn;

	if (event != DIE_BPT || user_mode(regs))
		return NOTIFY_DONE;
	/* SIE: an older kernel has moved on and comes here, see ap_test_sie.c. */
	if (regs->psw.addr == (unsigned long)&sie_exit)
		return NOTIFY_STOP;
	insn = (const u16 *)(regs->psw.addr - (regs->int_code >> 16));
	if (insn[0] >> 8 == OPCODE_PLO && regs->gprs[0] & PLO_TEST) {
		set_cc(regs, 3);
		return NOTIFY_STOP;
	}
	if (ap_test_driver_lacks(regs->psw.addr) ||
	    !ap_test_execute(&cpu, insn[0], insn[1]))
		return NOTIFY_DONE;
	set_cc(regs, cpu.cc);
	return NOTIFY_STOP;
}

NOKPROBE_SYMBOL(operation_exception);

static struct notifier_block operation_exception_block = {
	.notifier_call = operation_exception,
	.priority = INT_MAX,
};

int ap_test_instruction_init(void)
{
	INIT_LIST_HEAD(&nowhere.replies);
	return register_die_notifier(&operation_exception_block);
}

void ap_test_instruction_exit(void)
{
	unregister_die_notifier(&operation_exception_block);
}
