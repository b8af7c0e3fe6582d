/* SPDX-License-Identifier: GPL-2.0 */
/* Loading and unloading kernel modules; 0 or a negative errno */
#ifndef SELFTEST_MODULE_H
#define SELFTEST_MODULE_H

/* NAME.ko of the folder $TEST_MODULES, or of /modules. */
int module_load(const char *name);
/* Does not wait: -EWOULDBLOCK if it is in use. */
int module_unload(const char *name);

#endif
