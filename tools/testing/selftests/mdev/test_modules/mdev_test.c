// SPDX-License-Identifier: GPL-2.0-only
/*
 * mdev_test.ko: parents and drivers of mediated devices that do nothing, for
 * the tests of the bus. No use outside of tests.
 *
 * Two platform devices are parents, so that bind and unbind are at hand:
 *
 *	mdev_test.0	types small and plain; the bus counts, 2 in all
 *	mdev_test.1	type own; its driver counts itself, 2 in all, and
 *			describes its type
 *
 * Places where a test wants to stop the world are gates: probe and remove of a
 * device, and available_instances of mdev_test.1. Module parameters, which are
 * there even while a parent goes away:
 *
 *	<gate>_hold	1: whoever comes to the gate waits there
 *	<gate>_inside	how many wait
 *	<gate>_passed	how many have passed since the module was loaded
 *	probe_error	a negative errno: what probe answers
 */
#include <linux/mdev.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/wait.h>

#define MDEV_TEST_INSTANCES 2

struct gate {
	bool hold;
	atomic_t inside;
	atomic_t passed;
};

static DECLARE_WAIT_QUEUE_HEAD(gates);

static void gate_pass(struct gate *gate)
{
	atomic_inc(&gate->inside);
	wait_event_idle(gates, !READ_ONCE(gate->hold));
	atomic_dec(&gate->inside);
	atomic_inc(&gate->passed);
}

static int gate_set_hold(const char *val, const struct kernel_param *kp)
{
	int ret = param_set_bool(val, kp);

	wake_up_all(&gates);
	return ret;
}

static const struct kernel_param_ops gate_hold_ops = {
	.set = gate_set_hold,
	.get = param_get_bool,
};

static int gate_get_count(char *buf, const struct kernel_param *kp)
{
	return sysfs_emit(buf, "%d\n", atomic_read((atomic_t *)kp->arg));
}

static const struct kernel_param_ops gate_count_ops = {
	.get = gate_get_count,
};

static struct gate probe_gate;
module_param_cb(probe_hold, &gate_hold_ops, &probe_gate.hold, 0644);
module_param_cb(probe_inside, &gate_count_ops, &probe_gate.inside, 0444);
module_param_cb(probe_passed, &gate_count_ops, &probe_gate.passed, 0444);

static struct gate remove_gate;
module_param_cb(remove_hold, &gate_hold_ops, &remove_gate.hold, 0644);
module_param_cb(remove_inside, &gate_count_ops, &remove_gate.inside, 0444);
module_param_cb(remove_passed, &gate_count_ops, &remove_gate.passed, 0444);

static struct gate available_gate;
module_param_cb(available_hold, &gate_hold_ops, &available_gate.hold, 0644);
module_param_cb(available_inside, &gate_count_ops, &available_gate.inside, 0444);
module_param_cb(available_passed, &gate_count_ops, &available_gate.passed, 0444);

static int probe_error;
module_param(probe_error, int, 0644);

static int counted_probe(struct mdev_device *mdev)
{
	gate_pass(&probe_gate);
	return probe_error;
}

static void counted_remove(struct mdev_device *mdev)
{
	gate_pass(&remove_gate);
}

static struct mdev_driver counted_driver = {
	.device_api = "mdev-test",
	.max_instances = MDEV_TEST_INSTANCES,
	.probe = counted_probe,
	.remove = counted_remove,
	.driver = {
		.name = "mdev_test_counted",
		.owner = THIS_MODULE,
	},
};

static atomic_t own_available = ATOMIC_INIT(MDEV_TEST_INSTANCES);

static int own_probe(struct mdev_device *mdev)
{
	/* Not the errno of the bus, to tell who refused. */
	if (atomic_dec_if_positive(&own_available) < 0)
		return -ENOSPC;
	return 0;
}

static void own_remove(struct mdev_device *mdev)
{
	atomic_inc(&own_available);
}

static unsigned int own_get_available(struct mdev_type *type)
{
	gate_pass(&available_gate);
	return atomic_read(&own_available);
}

static ssize_t own_show_description(struct mdev_type *type, char *buf)
{
	return sysfs_emit(buf, "described by %s\n", dev_name(type->parent->dev));
}

static struct mdev_driver own_driver = {
	.device_api = "mdev-test",
	.probe = own_probe,
	.remove = own_remove,
	.get_available = own_get_available,
	.show_description = own_show_description,
	.driver = {
		.name = "mdev_test_own",
		.owner = THIS_MODULE,
	},
};

static struct mdev_type small_type = {
	.sysfs_name = "small",
	.pretty_name = "Small test device",
};

static struct mdev_type plain_type = {
	.sysfs_name = "plain",
};

static struct mdev_type own_type = {
	.sysfs_name = "own",
};

static struct mdev_type *counted_types[] = { &small_type, &plain_type };
static struct mdev_type *own_types[] = { &own_type };

static struct mdev_parent counted_parent;
static struct mdev_parent own_parent;

static int mdev_test_probe(struct platform_device *pdev)
{
	if (pdev->id == 0)
		return mdev_register_parent(&counted_parent, &pdev->dev,
					    &counted_driver, counted_types,
					    ARRAY_SIZE(counted_types));

	return mdev_register_parent(&own_parent, &pdev->dev, &own_driver,
				    own_types, ARRAY_SIZE(own_types));
}

/* The kernel's own bus wants a type that is registered again to be as new. */
static void mdev_test_renew(struct mdev_type **types, size_t count)
{
	for (size_t i = 0; i < count; i++)
		memset(&types[i]->kobj, 0, sizeof(types[i]->kobj));
}

static void mdev_test_remove(struct platform_device *pdev)
{
	struct mdev_parent *parent = pdev->id ? &own_parent : &counted_parent;

	mdev_unregister_parent(parent);
	if (pdev->id)
		mdev_test_renew(own_types, ARRAY_SIZE(own_types));
	else
		mdev_test_renew(counted_types, ARRAY_SIZE(counted_types));

	/*
	 * The bus has promised to leave nothing behind: make what it still
	 * uses an oops.
	 */
	memset(parent, 0x6b, sizeof(*parent));
}

static struct platform_driver mdev_test_driver = {
	.probe = mdev_test_probe,
	.remove = mdev_test_remove,
	.driver = {
		.name = "mdev_test",
	},
};

static struct platform_device *mdev_test_devices[2];

static int __init mdev_test_add_devices(void)
{
	struct platform_device *pdev;
	int i;

	for (i = 0; i < ARRAY_SIZE(mdev_test_devices); i++) {
		pdev = platform_device_register_simple("mdev_test", i, NULL, 0);
		if (IS_ERR(pdev)) {
			while (i--)
				platform_device_unregister(mdev_test_devices[i]);
			return PTR_ERR(pdev);
		}
		mdev_test_devices[i] = pdev;
	}
	return 0;
}

static int __init mdev_test_init(void)
{
	struct mdev_driver incomplete = { .probe = counted_probe };
	int ret;

	/* A driver without device_api breaks userspace: it must be refused. */
	ret = mdev_register_driver(&incomplete);
	if (ret != -EINVAL) {
		pr_err("mdev_test: incomplete driver: got %d\n", ret);
		return ret < 0 ? ret : -EPROTO;
	}

	ret = mdev_register_driver(&counted_driver);
	if (ret)
		return ret;

	ret = mdev_register_driver(&own_driver);
	if (ret)
		goto err_counted;

	ret = platform_driver_register(&mdev_test_driver);
	if (ret)
		goto err_own;

	ret = mdev_test_add_devices();
	if (ret)
		goto err_platform;
	return 0;

err_platform:
	platform_driver_unregister(&mdev_test_driver);
err_own:
	mdev_unregister_driver(&own_driver);
err_counted:
	mdev_unregister_driver(&counted_driver);
	return ret;
}

static void __exit mdev_test_exit(void)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(mdev_test_devices); i++)
		platform_device_unregister(mdev_test_devices[i]);
	platform_driver_unregister(&mdev_test_driver);
	mdev_unregister_driver(&own_driver);
	mdev_unregister_driver(&counted_driver);
}

module_init(mdev_test_init);
module_exit(mdev_test_exit);

MODULE_DESCRIPTION("Parents of mediated devices for the tests of the mdev bus");
MODULE_LICENSE("GPL");
