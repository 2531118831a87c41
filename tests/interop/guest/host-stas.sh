#!/bin/bash
# host-stas.sh DISCOVERY-PORT SUBNQN ADDED-SUBNQN - nvme-stas: stafd finds subsystems, stacd connects to them.
#
# The caller changes the target when told to, by lines on standard output:
#   ADD      the subsystem ADDED-SUBNQN comes
#   REMOVE   it goes
# Passes if stafd keeps a persistent discovery controller and nobody but stacd connects and disconnects
# what its log names. Both are run as their units run them, with a system bus and udevd of their own.
. /job/lib/host.sh || exit 77
[ $# = 3 ] || { sed -n 2p "$0"; exit 64; }
port=$1 nqn=$2 added=$3
# A subsystem that is removed ends its connections before stacd has let go of them.
expect_log 'nvme nvme[0-9]+: (reconnect|Reconnect|queue [0-9]|failed to|starting error|Connect |Property )|nvme[0-9]+(c[0-9]+)?n[0-9]'

discovery_controllers() { grep -lsx discovery /sys/class/nvme/nvme*/cntrltype | wc -l; }
# shellcheck disable=SC2317 # by within
is_there() { [ -n "$(controllers "$1")" ]; }
# shellcheck disable=SC2317 # by within
is_gone() { [ -z "$(controllers "$1")" ]; }
# shellcheck disable=SC2317 # by within
finds() { [ "$(discovery_controllers)" = 1 ]; }
daemon() { # $1 name
  RUNTIME_DIRECTORY=/run/$1 CACHE_DIRECTORY=/var/cache/$1 \
    python3 -u "/usr/sbin/$1" --tron > "$OUT/$1.txt" 2>&1 &
  check "$1 has its name on the bus" within 60 "${1%d}ctl" ls
}

step 'bus, udev and the two daemons'
mkdir -p /run/dbus /run/udev /run/stafd /run/stacd /var/cache/stafd /var/cache/stacd /etc/stas
check 'system bus' dbus-daemon --system --fork
/usr/lib/systemd/systemd-udevd --daemon
printf '%s\n' '[Global]' 'tron=true' 'ip-family=ipv4' '[Service Discovery]' 'zeroconf=disabled' \
  '[Controllers]' "controller=transport=tcp;traddr=$MACHINE;trsvcid=$port" > /etc/stas/stafd.conf
printf '%s\n' '[Global]' 'tron=true' 'ip-family=ipv4' > /etc/stas/stacd.conf
echo "nvme-stas $(dpkg-query -W -f '${Version}' nvme-stas)"
daemon stafd
daemon stacd
check 'a discovery controller stays' within 60 finds
check "stacd connects to $nqn" within 60 is_there "$nqn"
namespace "$nqn" 1
check 'it can be read' dd if="$DEVICE" of=/dev/null bs=64K count=16 iflag=direct

step 'a subsystem comes'
echo ADD
check "stacd connects to $added" within 60 is_there "$added"
namespace "$added" 1
load "$DEVICE" 1M

step 'and goes'
echo REMOVE
check "stacd lets go of $added" within 90 is_gone "$added"
check "and not of $nqn" is_there "$nqn"
check 'the discovery controller stayed' finds
stafctl status > "$OUT/stafd-status.txt" 2>&1
stacctl status > "$OUT/stacd-status.txt" 2>&1
kill %1 %2 2>/dev/null
check 'disconnect all' nvme disconnect-all
finish
