/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The request that the cards of ap_test.ko can answer: a message to the power
 * of 1, modulo a number that is all ones; the reply is the message itself
 */
#ifndef SELFTEST_MEX_H
#define SELFTEST_MEX_H

#include <stdint.h>

#include "vm.h"

#define MEX_SIZE 128

/* A message that depends on @seed, and less than the modulus */
void mex_message(uint8_t message[MEX_SIZE], uint8_t seed);

/*
 * A guest sends one to a queue and receives the reply: 0, the response code
 * of the instruction that was refused, or a negative errno; -EBADMSG: the reply
 * is wrong.
 */
int mex_by_guest(struct vm *vm, unsigned int card, unsigned int domain, uint8_t seed);

#endif
