# shellcheck shell=bash
# A clean Debian with systemd, booted in a container; read with "." after lib.sh. Needs root.
# Sets container (its files) and, once booted, leader (its first process).

container='' leader='' nspawn=''

# clean_root: unpacks a Debian of this machine's release into $1; made once a day.
clean_root() {
  local tar=$build/clean-root.tar
  if [ -z "$(find "$tar" -mtime -1 2>/dev/null)" ]; then
    say 'making a clean root'
    debian_sources >"$build/sources.list" || exit 77
    mmdebstrap --quiet --format=tar --variant=minbase --mode=root --dpkgopt=force-unsafe-io \
      --aptopt='Acquire::Languages "none"' --aptopt='APT::Install-Recommends "false"' \
      --include=systemd,systemd-sysv,dbus,udev,iproute2,adduser,util-linux \
      "$(. /etc/os-release && echo "$VERSION_CODENAME")" "$tar.new" "$build/sources.list" >&2
    mv "$tar.new" "$tar"
  fi
  container=$1
  mkdir -p "$container"
  tar -xf "$tar" -C "$container"
  trap stop_container EXIT
}

# boot_container: with a network of its own, so that nothing of this machine is in reach.
boot_container() {
  mkdir -p "$container/packages"
  systemd-nspawn --quiet --directory="$container" --boot --register=no --keep-unit \
    --private-network --machine="mora-test-$$" --bind-ro="$build:/packages" \
    >"$evidence/console" 2>&1 &
  nspawn=$!
  within 30 container_runs || { tail -n 20 "$evidence/console" >&2; return 1; }
  within 60 booted
}
container_runs() {
  kill -0 "$nspawn" && leader=$(pgrep -P "$nspawn" | head -n 1) && [ -n "$leader" ]
}
booted() {
  case $(inside systemctl is-system-running 2>/dev/null) in
    running | degraded) ;;
    *) return 1 ;;
  esac
}

# inside COMMAND...
inside() {
  nsenter --target "$leader" --all env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root \
    DEBIAN_FRONTEND=noninteractive TERM=dumb LC_ALL=C.UTF-8 "$@"
}

stop_container() {
  if [ -n "$nspawn" ]; then
    inside journalctl --no-pager >"$evidence/journal" 2>/dev/null || :
    kill "$nspawn" 2>/dev/null || :
    wait "$nspawn" 2>/dev/null || :
    nspawn=''
  fi
  [ -z "$container" ] || rm -rf --one-file-system "$container"
}

# files: every file of the running container with mode, owner, and sum or link, but what a running
# system writes by itself.
files() {
  inside find / -xdev \( -path /proc -o -path /sys -o -path /dev -o -path /run -o -path /tmp \
    -o -path /packages -o -path /var/log -o -path /var/cache -o -path /var/tmp \
    -o -path /var/lib/systemd -o -path '/var/lib/dpkg/*' -o -path /root \
    -o -path '/etc/*-' \) -prune -o \
    \( -type f -exec sha256sum {} + \) -o -printf '%y %m %U:%G %p %l\n' | sort -k 2
}
