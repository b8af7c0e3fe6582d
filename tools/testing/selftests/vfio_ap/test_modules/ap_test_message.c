// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a card does with a request, see ap_test.h: it is an accelerator that
 * knows one thing, the modular exponentiation with the exponent 1, whose
 * result is the message itself. To anything else it says so in an error reply.
 *
 * Layouts: type 50 request, type 80 reply, type 82 error reply.
 */
#include <linux/string.h>

#include "ap_test.h"

#define REPLIES 64

static struct ap_test_reply pool[REPLIES];
static LIST_HEAD(unused);

struct type50 {
	u8 reserved;
	u8 type;
	__be16 size;
	u8 reserved2[4];
	__be16 keyblock;
	u8 reserved3[6];
	u8 operands[];		/* exponent, modulus, message; alike in size */
};

#define TYPE50			0x50
#define KEYBLOCK_MEX_FIRST	1
#define KEYBLOCK_MEX_LAST	3

struct type80 {
	u8 reserved;
	u8 type;
	__be16 size;
	u8 code;
	u8 reserved2[11];
	u8 result[];
};

#define TYPE80	0x80

struct type82 {
	u8 reserved;
	u8 type;
	u8 reserved2[2];
	u8 code;
	u8 reserved3[3];
};

#define TYPE82			0x82
#define TYPE82_OPERAND_INVALID	0x82

void ap_test_message_init(void)
{
	size_t i;

	for (i = 0; i < REPLIES; i++)
		list_add(&pool[i].list, &unused);
}

/* NULL: as many as there can be are waiting in queues. */
struct ap_test_reply *ap_test_reply_get(void)
{
	struct ap_test_reply *reply;

	reply = list_first_entry_or_null(&unused, struct ap_test_reply, list);
	if (reply)
		list_del(&reply->list);
	return reply;
}

void ap_test_reply_put(struct ap_test_reply *reply)
{
	memzero_explicit(reply->data, sizeof(reply->data));
	list_add(&reply->list, &unused);
}

static bool is_one(const u8 *number, size_t size)
{
	return number[size - 1] == 1 && !memchr_inv(number, 0, size - 1);
}

/* The size of one operand; 0: not a modular exponentiation by 1. */
static size_t operand_size(const struct type50 *request, size_t size)
{
	size_t operand;
	u16 keyblock;

	if (size < sizeof(*request) || request->type != TYPE50)
		return 0;
	keyblock = be16_to_cpu(request->keyblock);
	if (keyblock < KEYBLOCK_MEX_FIRST || keyblock > KEYBLOCK_MEX_LAST)
		return 0;
	operand = 64 << keyblock;
	if (size != sizeof(*request) + 3 * operand ||
	    !is_one(request->operands, operand))
		return 0;
	return operand;
}

void ap_test_answer(const u8 *request, size_t size, struct ap_test_reply *reply)
{
	const struct type50 *question = (const void *)request;
	size_t operand = operand_size(question, size);
	struct type80 *good = (void *)reply->data;
	struct type82 *bad = (void *)reply->data;

	memset(reply->data, 0, sizeof(reply->data));
	if (operand) {
		reply->size = sizeof(*good) + operand;
		good->type = TYPE80;
		good->size = cpu_to_be16(reply->size);
		memcpy(good->result, question->operands + 2 * operand, operand);
	} else {
		reply->size = sizeof(*bad);
		bad->type = TYPE82;
		bad->code = TYPE82_OPERAND_INVALID;
	}
}
