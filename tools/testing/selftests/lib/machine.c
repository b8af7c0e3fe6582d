// SPDX-License-Identifier: GPL-2.0
/* Events of the channel subsystem */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "machine.h"
#include "module.h"
#include "subchannel.h"
#include "sysfs.h"

#define DETACH_MS	10000

#define CIO_TEST "cio_test"
#define HERCULES_TEST "hercules_test"

static int vary_file(char file[SCH_PATH], int path)
{
	unsigned int cssid;

	if (sscanf(subchannel_id(), "%x", &cssid) != 1)
		return -EINVAL;
	snprintf(file, SCH_PATH, "/sys/devices/css%x/chp%x.%02x/status", cssid, cssid, path);
	return access(file, W_OK) ? -errno : 0;
}

int machine_path(void)
{
	char file[SCH_PATH], text[64];
	unsigned int pim, path;
	int ret;

	ret = sysfs_read(subchannel_path(file, "pimpampom"), text, sizeof(text));
	if (ret)
		return ret;
	if (sscanf(text, "%x", &pim) != 1 || pim != 0x80)
		return -ENXIO;
	ret = sysfs_read(subchannel_path(file, "chpids"), text, sizeof(text));
	if (ret)
		return ret;
	if (sscanf(text, "%x", &path) != 1)
		return -ENXIO;
	ret = vary_file(file, path);
	return ret ? ret : (int)path;
}

int machine_vary(int path, const char *how)
{
	char file[SCH_PATH];
	int ret = vary_file(file, path);

	return ret ? ret : sysfs_write(file, how);
}

bool machine_path_is_off(int path)
{
	char file[SCH_PATH], text[16];

	return !vary_file(file, path) && !sysfs_read(file, text, sizeof(text)) &&
		!strcmp(text, "offline");
}

static const char *hercules(void)
{
	const char *device = getenv("VFIO_CCW_HERCULES");

	return device && *device ? device : NULL;
}

static const char *module(void)
{
	return hercules() ? HERCULES_TEST : CIO_TEST;
}

int machine_load(void)
{
	int ret = module_load(module());

	return ret == -EEXIST ? 0 : ret;
}

int machine_unload(void)
{
	return module_unload(module());
}

static int tell(const char *parameter, const char *what)
{
	char file[SCH_PATH];

	snprintf(file, sizeof(file), "/sys/module/%s/parameters/%s", module(), parameter);
	return sysfs_write(file, what);
}

static int tell_path(const char *parameter, int path)
{
	char text[16];

	snprintf(text, sizeof(text), "%x", path);
	return tell(parameter, text);
}

int machine_path_lost(int path)
{
	return tell_path("path_lost", path);
}

int machine_path_back(int path)
{
	return tell_path("path_back", path);
}

/* Of the subchannel's bus id. */
static const char *number(void)
{
	const char *dot = strrchr(subchannel_id(), '.');

	return dot ? dot + 1 : "";
}

int machine_path_storm(int path, int times)
{
	char text[64];

	snprintf(text, sizeof(text), "%.8s %x %d", number(), path, times);
	return tell("path_storm", text);
}

int machine_shutdown(void)
{
	return tell("shutdown", number());
}

int machine_answer(const char *function, int result, int times)
{
	char text[96];

	snprintf(text, sizeof(text), "%s %d %d", function, result, times);
	return tell("answer", text);
}

int machine_answered(void)
{
	char text[16];
	int ret = sysfs_read("/sys/module/" CIO_TEST "/parameters/answered", text, sizeof(text));

	return ret ? ret : atoi(text);
}

int machine_answer_no_more(void)
{
	return tell("answer", "-");
}

bool machine_detaches_really(void)
{
	return hercules();
}

int machine_detach(void)
{
	char text[96];
	int ret, ms;

	if (hercules()) {
		snprintf(text, sizeof(text), "detach %.4s", hercules());
		return tell("panel", text);
	}
	ret = machine_answer("cio_update_schib", -ENODEV, 1);
	if (!ret)
		ret = tell("evaluate", number());
	/* The answer is for the css layer, not for who closes the device now. */
	for (ms = 0; !ret && machine_answered() != 1; ms++) {
		if (ms == DETACH_MS)
			return -ETIMEDOUT;
		usleep(1000);
	}
	return ret;
}

int machine_attach(void)
{
	char text[96];
	int ret;

	if (hercules()) {
		snprintf(text, sizeof(text), "attach %s", hercules());
		ret = tell("panel", text);
	} else {
		ret = machine_answer_no_more();
		if (!ret)
			ret = tell("evaluate", number());
	}
	return ret ? ret : subchannel_settle();
}
