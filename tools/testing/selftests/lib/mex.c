// SPDX-License-Identifier: GPL-2.0
/* Modular exponentiation, see mex.h: type 50 request, type 80 reply */
#include <errno.h>
#include <string.h>

#include "mex.h"

struct type50_mex {
	uint8_t reserved;
	uint8_t type;
	uint16_t size;
	uint8_t reserved2[4];
	uint16_t keyblock;
	uint8_t reserved3[6];
	uint8_t exponent[MEX_SIZE];
	uint8_t modulus[MEX_SIZE];
	uint8_t message[MEX_SIZE];
};

struct type80_mex {
	uint8_t reserved;
	uint8_t type;
	uint16_t size;
	uint8_t code;
	uint8_t reserved2[11];
	uint8_t result[MEX_SIZE];
};

void mex_message(uint8_t message[MEX_SIZE], uint8_t seed)
{
	int i;

	for (i = 0; i < MEX_SIZE; i++)
		message[i] = i ? seed + i : 0;
}

int mex_by_guest(struct vm *vm, unsigned int card, unsigned int domain, uint8_t seed)
{
	struct type50_mex request = { .type = 0x50, .size = sizeof(request), .keyblock = 1 };
	struct type80_mex reply;
	struct ap_result result;
	size_t size = sizeof(reply);
	int ret;

	request.exponent[MEX_SIZE - 1] = 1;
	memset(request.modulus, 0xff, sizeof(request.modulus));
	mex_message(request.message, seed);
	ret = vm_nqap(vm, card, domain, &request, sizeof(request), &result);
	if (ret || result.rc)
		return ret ? ret : (int)result.rc;
	ret = vm_dqap(vm, card, domain, &reply, &size, &result);
	if (ret || result.rc)
		return ret ? ret : (int)result.rc;
	if (size != sizeof(reply) || reply.type != 0x80 ||
	    memcmp(reply.result, request.message, MEX_SIZE))
		return -EBADMSG;
	return 0;
}
