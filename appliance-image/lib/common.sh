# shellcheck shell=bash
# Shared by what builds the appliance, read with "."; sets image (appliance-image), root (the
# repository), build (where all output goes), version, distribution and SOURCE_DATE_EPOCH.

image=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
root=$(cd "$image/.." && pwd)
build=$image/build
version=$(sed -n 's:^  <version>\(.*\)</version>$:\1:p' "$root/pom.xml" | head -n 1)
distribution=$build/mora-$version
architecture=$(dpkg --print-architecture 2>/dev/null || uname -m)

# Every time written into an artifact: the release's, as Maven writes it into the jars.
if [ -z "${SOURCE_DATE_EPOCH:-}" ]; then
  SOURCE_DATE_EPOCH=$(date -u +%s -d "$(sed -n \
    's:.*<project.build.outputTimestamp>\(.*\)</project.build.outputTimestamp>.*:\1:p' "$root/pom.xml")")
fi
export SOURCE_DATE_EPOCH TZ=UTC LC_ALL=C.UTF-8
umask 022

say() { printf '%s: %s\n' "${0##*/}" "$*" >&2; }
die() { say "$*"; exit 1; }

# need COMMAND:PACKAGE...: exits 77 with the packages of the commands that are not there.
need() {
  local pair missing=()
  for pair in "$@"; do
    PATH=$PATH:/usr/sbin:/sbin command -v "${pair%%:*}" >/dev/null || missing+=("${pair##*:}")
  done
  [ ${#missing[@]} = 0 ] && return 0
  say "missing Debian packages: ${missing[*]} (apt-get install ${missing[*]})"
  exit 77
}

# need_root WHY
need_root() {
  [ "$(id -u)" = 0 ] || { say "needs root: $*"; exit 77; }
}

# newest_jdk: sets jdk and jdk_version to MORA_JAVA_HOME, else the newest JDK that can link runtimes.
newest_jdk() {
  local home major
  # shellcheck source=../src/lib/launch.sh
  . "$image/src/lib/launch.sh"
  jdk='' jdk_version=0
  for home in ${MORA_JAVA_HOME:-/usr/lib/jvm/* ${JAVA_HOME:-}}; do
    [ -x "$home/bin/jlink" ] && [ -x "$home/bin/javac" ] || continue
    major=$(java_major "$home")
    if [ "${major:-0}" -gt "$jdk_version" ]; then
      jdk=$home jdk_version=$major
    fi
  done
  [ "$jdk_version" -ge 17 ] || {
    say 'no JDK 17 or newer with bin/jlink in MORA_JAVA_HOME, /usr/lib/jvm or JAVA_HOME' \
      '(Debian: openjdk-17-jdk-headless)'
    exit 77
  }
}

# package_distribution ROOT: has Maven make the distribution of a source tree, with the JDK that newest_jdk
# found; checking the code is verify's task.
package_distribution() {
  JAVA_HOME=$jdk mvn -q -B -Dstyle.color=never -f "$1/pom.xml" -DskipTests -Dmaven.test.skip \
    -P '!errorprone' -Dlint.args=-Xlint:none -pl appliance-image -am package
}

# clamp FOLDER: every time in it becomes the release's.
clamp() {
  find "$1" -exec touch --no-dereference --date="@$SOURCE_DATE_EPOCH" {} +
}

# debian_sources [SUITE]: lines for sources.list, from what this machine's own apt uses.
debian_sources() {
  local suite=${1:-} targets main security
  suite=${suite:-$(. /etc/os-release && echo "${VERSION_CODENAME:-}")}
  targets=$(apt-get indextargets --format '$(SITE) $(LABEL)' 'Created-By: Packages' 'Origin: Debian')
  main=${MORA_MIRROR:-$(awk '$2 == "Debian" { print $1; exit }' <<<"$targets")}
  security=${MORA_MIRROR_SECURITY:-$(awk '$2 == "Debian-Security" { print $1; exit }' <<<"$targets")}
  [ -n "$main" ] && [ -n "$suite" ] \
    || { say "apt of this machine has no Debian source; set MORA_MIRROR"; return 77; }
  echo "deb $main $suite main"
  [ -z "$security" ] || echo "deb $security $suite-security main"
}

# archive FOLDER FILE: a tar that is the same whenever the folder is.
archive() {
  tar --create --file="$2" --directory="$1" --sort=name --mtime="@$SOURCE_DATE_EPOCH" \
    --clamp-mtime --owner=0 --group=0 --numeric-owner --format=gnu .
}
