// SPDX-License-Identifier: GPL-2.0
/* hrtimer_setup() names the function, too, and has replaced hrtimer_init(). */
#include <linux/hrtimer.h>

void have(struct hrtimer *timer);
void have(struct hrtimer *timer)
{
	hrtimer_setup(timer, NULL, CLOCK_MONOTONIC, HRTIMER_MODE_ABS);
}
