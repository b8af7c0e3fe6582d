// SPDX-License-Identifier: GPL-2.0
/* The fuzzer's target. */
#include <stdlib.h>

#include "generate.h"

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	static struct checked sum;

	if (!check_bytes(data, size, &sum))
		abort();
	return 0;
}
