#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# crypto.sh STEP [ARGUMENT...] - one step on an emulated host that hands crypto
# adapters to virtual machines: says what it does, shows each command and what
# comes of it, and ends in a failure if that is not what was to come
#
# The host's root file system and the order of the steps are tools/lab/crypto.sh's.
# All but the lab's init runs in there.

set -eu
# udevadm would do nothing in what is not the root of its process 1.
export PATH=/usr/sbin:/usr/bin LC_ALL=C SYSTEMD_IGNORE_CHROOT=1

if [ -d /host ]; then
	if [ "$1" = come_up ]; then
		for dir in dev proc sys; do
			/bin/mount --rbind "/$dir" "/host/$dir"
		done
		/bin/mount -t tmpfs run /host/run
	fi
	# dash would call every error of a write "I/O error".
	exec /bin/chroot /host /usr/bin/bash /lab/crypto.sh "$@"
fi

# shellcheck source=tools/lab/guest/tell.sh
. /lab/tell.sh

a=5e1f5e1f-0000-4000-8000-00000000000a
b=5e1f5e1f-0000-4000-8000-00000000000b
matrix=/sys/devices/vfio_ap/matrix
callouts=/usr/lib/mdevctl/scripts.d/callouts

# machine COMMAND... - what happens at the machine, of which the kernel takes
# notice; the first scan may have been under way before.
machine() {
	for command; do
		echo "$command" > /sys/kernel/debug/ap_test/control
	done
	echo 1 > /sys/bus/ap/scans
	echo 1 > /sys/bus/ap/scans
}

# in_columns QUEUE STATUS DRIVER - a pattern for a line of lszcrypt -V.
in_columns() {
	echo "^$1 .* $2 .* $3 *\$"
}

# start_guest NAME UUID - a virtual machine with that mediated device.
start_guest() {
	mkfifo "/run/$1.in" "/run/$1.out"
	setsid apguest "$2" <> "/run/$1.in" 1<> "/run/$1.out" &
}

# ask NAME COMMAND - tells it to do something, and shows what it says, which is
# not lost if it then ends.
ask() {
	echo "    guest $1> $2"
	{
		echo "$2" > "/run/$1.in"
		timeout 20 sed -un '/^\.$/q; p' <&3 > /tmp/printed || fail "guest $1 says nothing"
	} 3<> "/run/$1.out"
	sed "s/^/    guest $1 | /" /tmp/printed
}

step_come_up() {
	machine "clear" "card 3 13" "card 4 13" "card 9 13" \
		"domain 6 1" "domain 0x2f 1" "control 6 1" "control 0x2f 1"
	mkdir -p /run/lock
	/usr/lib/systemd/systemd-udevd --daemon > /run/udevd.log 2>&1
	udevadm trigger --type=all --action=add
	udevadm settle
	say "A host with stock Debian's kernel $(uname -r) and three crypto cards, 03, 04 and 09. Each has the domains 06 and 2f: where a card crosses a domain there is a queue, with keys and requests of its own."
	run "lszcrypt"
	printed "^03.0006 .* online" "^04.002f .* online" "^09.0006 .* online"
}

step_views() {
	run "lszcrypt -V"
	printed "$(in_columns 09.0006 online cex4queue)" "$(in_columns 09 online cex4card)"
	run "lszcrypt -b"
	printed "^ap_max_domain_id=0xff" "^ap_interrupts are enabled"
	run "lszcrypt -d"
	# Domains 06 and 2f are for use and control.
	printed "^ *00  \.  \.  \.  \.  \.  \.  B  \." "^ *20 .*  B\$"
	run "lszcrypt -c 9"
	printed "RSA 4K Clear Key"
	run "lszdev -t ap"
	printed '^ *apmask +"0-255" +-' '^ *aqmask +"0-255" +-'
	run "mdevctl types"
	printed "vfio_ap-passthrough" "Available instances: 65536" "Device API: vfio-ap" \
		"Name: VFIO AP Passthrough Device"
}

step_hand_over() {
	say "The host's own drivers give up the cards 03 and 04, now and whenever it boots. Their queues get another driver, vfio_ap, which lends them out."
	run "chzdev -t ap apmask=-3,-4"
	run "lszcrypt -V"
	printed "$(in_columns 03.0006 unassigned vfio_ap)" "$(in_columns 04.002f unassigned vfio_ap)" \
		"$(in_columns 09.0006 online cex4queue)"
}

# The masks, as chzdev shows and keeps them.
step_masks() {
	run "lszdev -t ap"
	printed '^ *apmask +"0-2,5-255" +"0-2,5-255"' '^ *aqmask +"0-255" +-'
	run "cat /etc/udev/rules.d/41-ap.rules"
	printed 'apmask}="0xe7f*"' "load vfio_ap"
}

step_define() {
	say "Two guests are to share the card 03 by domain: guest A gets domain 06 of it, guest B domain 2f. For each a mediated device is defined, and started."
	define_device $a 3 6
	define_device $b 3 0x2f
	run "mdevctl start -u $a"
	run "mdevctl start -u $b"
	run "mdevctl list"
	printed "^$a matrix vfio_ap-passthrough manual .defined." "^$b .*defined"
	say "What each guest will have:"
	run "cat $matrix/$a/guest_matrix $matrix/$b/guest_matrix"
	[ "$(cat /tmp/printed)" = "03.0006
03.002f" ] || fail "not these queues"
	run "lszcrypt -V 3"
	printed "$(in_columns 03.0006 assigned vfio_ap)" "$(in_columns 03.002f assigned vfio_ap)"
}

# define_device UUID ADAPTER DOMAIN
define_device() {
	run "mdevctl define -u $1 -p matrix -t vfio_ap-passthrough"
	run "mdevctl modify -u $1 --addattr assign_adapter --value $2"
	run "mdevctl modify -u $1 --addattr assign_domain --value $3"
	run "mdevctl modify -u $1 --addattr assign_control_domain --value $3"
}

step_start() {
	say "Both guests are started. They are small: all they do is execute AP instructions when they are told to. Each asks its processor for its configuration and tests its queues: it sees its own, and nothing of the rest of the machine."
	start_guest A $a
	start_guest B $b
	ask A "look"
	printed "^adapters: 03\$" "^domains: 06\$" "^control domains: 06\$" \
		"^03.0006: TAPQ answers 00, normal, a CEX7\$"
	not_printed "^told" "002f"
	ask B "look"
	printed "^adapters: 03\$" "^domains: 2f\$" "^03.002f: TAPQ answers 00"
	not_printed "^told" "0006"
	say "The host sees that the queues are in use, and the guests use them: each sends a request to the card, and gets a reply. A queue that is not its own does not exist for a guest."
	run "lszcrypt -V 3"
	printed "$(in_columns 03.0006 'in use' vfio_ap)" "$(in_columns 03.002f 'in use' vfio_ap)"
	ask A "request 3 6"
	printed "^03.0006: the request is answered, and well"
	ask B "request 3 0x2f"
	printed "^03.002f: the request is answered, and well"
	ask B "request 3 6"
	printed "^03.0006: the request is refused with 01, not available"
}

step_no_sharing() {
	say "Nobody gets a queue twice. Guest B cannot have domain 06 as well:"
	refused "echo 6 > $matrix/$b/assign_domain"
	printed "Address already in use"
	say "and the host cannot have the card back as long as it is lent out."
	refused "echo +3 > /sys/bus/ap/apmask"
	printed "Device or resource busy"
	refused "chzdev -t ap -a apmask=+3"
	printed "[Cc]onflict.*$a"
	run "lszcrypt -V 3"
	printed "$(in_columns 03.0006 'in use' vfio_ap)"
}

# What the host does to a card concerns its own drivers only.
step_offline() {
	run "chzcrypt -d 9"
	run "lszcrypt 9"
	printed "^09 .* offline" "^09.0006 .* offline"
	run "chzcrypt -e 9"
	run "chzcrypt -d 9.0006"
	run "lszcrypt 9"
	printed "^09 .* online" "^09.0006 .* offline" "^09.002f .* online"
	run "chzcrypt -e 9.0006"
	refused "chzcrypt -d 3.0006"
	run "chzcrypt -d 3"
	run "lszcrypt -V 3"
	printed "$(in_columns 03.0006 'in use' vfio_ap)"
	ask A "request 3 6"
	printed "answered, and well"
	run "chzcrypt -e 3"
	run "chzcrypt -n"
	run "chzcrypt -c 20"
	run "lszcrypt -b"
	printed "^config_time=20" "^poll_thread is disabled"
	run "chzcrypt -c 30"
}

step_gain() {
	say "Guest A gets another adapter while it runs, and is told so: card 04."
	run "echo 4 > $matrix/$a/assign_adapter"
	ask A "look"
	printed "^told that the configuration has changed" "^adapters: 03 04\$" \
		"^03.0006: TAPQ answers 00" "^04.0006: TAPQ answers 00"
	ask A "request 4 6"
	printed "^04.0006: the request is answered, and well"
	say "In its definition it gets it, too, for the next time."
	run "mdevctl modify -u $a --addattr assign_adapter --value 4"
	run "mdevctl list -u $a -d -v"
	printed '"assign_adapter":"3"' '"assign_adapter":"4"'
	# The other guest has not noticed anything.
	ask B "look"
	not_printed "^told"
	printed "^adapters: 03\$"
}

# All three masks in one write: domain 2f, which B has, comes too, or nothing.
step_at_once() {
	config=$matrix/$a/ap_config
	run "cat $config"
	one=0x1000000000000000000000000000000000000000000000000000000000000000
	two=0x1800000000000000000000000000000000000000000000000000000000000000
	six=0x0200000000000000000000000000000000000000000000000000000000000000
	both=0x0200000000010000000000000000000000000000000000000000000000000000
	printed "^$two,$six,$six\$"
	refused "echo $two,$both,$both > $config"
	printed "Address already in use"
	ask A "look"
	not_printed "^told"
	run "echo $one,$six,$both > $config"
	ask A "look"
	printed "^told" "^adapters: 03\$" "^domains: 06\$" "^control domains: 06 2f\$"
	run "echo $two,$six,$six > $config"
	ask A "look"
	printed "^told" "^adapters: 03 04\$" "^control domains: 06\$"
}

step_lose() {
	say "The machine takes card 03 away, as if another LPAR had got it. Both guests lose it at once, and are told. What is assigned to them stays: matrix has it, guest_matrix does not."
	machine "card 3 0"
	run "lszcrypt -V"
	not_printed "^03"
	printed "$(in_columns 04.0006 'in use' vfio_ap)"
	ask A "look"
	printed "^told" "^adapters: 04\$" "^04.0006: TAPQ answers 00"
	ask A "request 4 6"
	printed "answered, and well"
	ask B "look"
	printed "^told" "^adapters:\$"
	ask B "request 3 0x2f"
	printed "^03.002f: the request is refused with 01, not available"
	run "cat $matrix/$b/matrix"
	printed "^03.002f"
	run "cat $matrix/$b/guest_matrix"
	not_printed "03.002f"
}

step_regain() {
	say "The card comes back, and they have it again, without a hand."
	machine "card 3 13"
	ask A "look"
	printed "^told" "^adapters: 03 04\$"
	ask B "look"
	printed "^told" "^03.002f: TAPQ answers 00"
	ask B "request 3 0x2f"
	printed "answered, and well"
}

step_end() {
	say "The guests end, and the host takes everything back."
	ask A "off"
	ask B "off"
	run "mdevctl stop -u $a"
	run "mdevctl stop -u $b"
	run "mdevctl undefine -u $a"
	run "mdevctl undefine -u $b"
	run "chzdev -t ap apmask=+3,+4"
	run "lszcrypt -V"
	printed "$(in_columns 03.0006 online cex4queue)" "$(in_columns 04.0006 online cex4queue)"
	not_printed vfio_ap
	say "No queue has changed hands without being zeroized. The emulated machine has counted how often somebody met in a queue what another has left there:"
	run "sed 's/ .* \(foreign=[0-9]*\) .*/ \1/' /sys/kernel/debug/ap_test/queues"
	printed "^03.0006 foreign=0\$" "^03.002f foreign=0\$" "^04.0006 foreign=0\$"
	not_printed "foreign=[1-9]"
}

# What mdevctl says and leaves behind when a device cannot be started.
step_mistakes() {
	run "chzdev -t ap -a apmask=-3"
	define_device $a 3 6
	run "mdevctl start -u $a"
	definition 3 6 > /tmp/conflict
	run "mdevctl define -u $b -p matrix --jsonfile /tmp/conflict"
	refused "mdevctl start -u $b"
	printed "Failed to write .* to attribute assign_" "Address already in use"
	run "mdevctl undefine -u $b"
	definition 9 6 > /tmp/host
	refused "mdevctl start -u $b -p matrix --jsonfile /tmp/host"
	printed "Cannot assign requested address"
	definition 256 6 > /tmp/beyond
	refused "mdevctl start -u $b -p matrix --jsonfile /tmp/beyond"
	printed "Failed to write 256 to attribute assign_adapter" "No such device"
	run "mdevctl list"
	not_printed "$b"
	[ ! -e "$matrix/$b" ] || fail "something of it is left"
	# Without a callout for vfio_ap, mdevctl knows no live change.
	definition 3 0x2f > /tmp/other
	[ -n "$(ls $callouts)" ] || refused "mdevctl modify -u $a --live --jsonfile /tmp/other"
	run "cat $matrix/$a/matrix"
	printed "^03.0006\$"
	not_printed "002f"
	run "mdevctl stop -u $a"
	run "mdevctl undefine -u $a"
}

# definition ADAPTER DOMAIN
definition() {
	echo "{ \"mdev_type\": \"vfio_ap-passthrough\", \"start\": \"manual\", \"attrs\": [" \
		"{ \"assign_adapter\": \"$1\" }, { \"assign_domain\": \"$2\" } ] }"
}

# A device that is to be there whenever the module is.
step_auto() {
	define_device $a 3 0x2f
	run "mdevctl modify -u $a --auto"
	run "mdevctl list -d"
	printed "^$a matrix vfio_ap-passthrough auto\$"
}

# After the module was unloaded and loaded again, and udev has heard of it.
step_auto_started() {
	udevadm settle
	run "mdevctl list"
	printed "^$a matrix vfio_ap-passthrough auto .defined."
	run "cat $matrix/$a/matrix"
	printed "^03.002f\$"
	run "mdevctl stop -u $a"
	run "mdevctl undefine -u $a"
	run "chzdev -t ap -a apmask=+3"
}

# One queue alone is handed over by driverctl, where the AP bus knows how to.
step_override() {
	queue=/sys/bus/ap/devices/09.0006
	if [ -e $queue/driver_override ]; then
		run "driverctl --bus ap set-override 09.0006 vfio_ap"
		run "lszcrypt -V 9"
		printed "$(in_columns 09.0006 unassigned vfio_ap)" "$(in_columns 09.002f online cex4queue)"
		run "driverctl --bus ap unset-override 09.0006"
	else
		refused "driverctl --bus ap set-override 09.0006 vfio_ap"
	fi
	run "lszcrypt -V 9"
	printed "$(in_columns 09.0006 online cex4queue)" "$(in_columns 09.002f online cex4queue)"
}

step "$@"
