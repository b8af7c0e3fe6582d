/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Matrix devices of vfio_ap, by their attributes
 *
 * Functions return 0 or a negative errno.
 */
#ifndef SELFTEST_MATRIX_H
#define SELFTEST_MATRIX_H

#include <stdbool.h>
#include <stddef.h>

#define MATRIX "/sys/devices/vfio_ap/matrix"
#define MATRIX_TYPE MATRIX "/mdev_supported_types/vfio_ap-passthrough"
#define MATRIX_PATH 384

#define UUID_A "a9a9a9a9-0001-4000-8000-00000000000a"
#define UUID_B "a9a9a9a9-0001-4000-8000-00000000000b"
#define UUID_C "a9a9a9a9-0001-4000-8000-00000000000c"

char *matrix_path(char path[MATRIX_PATH], const char *uuid, const char *attribute);
int matrix_create(const char *uuid);
int matrix_remove(const char *uuid);
/* All of them; false if one does not go. */
bool matrix_remove_all(void);

int matrix_write(const char *uuid, const char *attribute, const char *value);
/* Attributes that take one number: @verb_adapter, @verb_domain, ... */
int matrix_set(const char *uuid, const char *attribute, unsigned int number);
int matrix_read(const char *uuid, const char *attribute, char *text, size_t size);
/* The text, with its lines joined by blanks, is @text; tells if not. */
bool matrix_is(const char *uuid, const char *attribute, const char *text);
/* The same, waiting for it up to 10 s. */
bool matrix_becomes(const char *uuid, const char *attribute, const char *text);

#endif
