# shellcheck shell=sh
# Shared by the launchers, read with "."; POSIX sh, no output but errors.

java_home='' java_version=0

# java_major HOME: prints the feature version of the Java in HOME, or nothing.
java_major() {
  [ -x "$1/bin/java" ] || return 0
  _version=
  if [ -r "$1/release" ]; then
    _version=$(sed -n 's/^JAVA_VERSION="\([^"]*\)".*/\1/p' "$1/release")
  fi
  if [ -z "$_version" ]; then
    _version=$("$1/bin/java" -version 2>&1 | sed -n 's/.* version "\([^"]*\)".*/\1/p')
  fi
  printf '%s\n' "${_version%%[!0-9]*}"
}

# find_java [TOOL]: sets java_home and java_version, or fails having said what is missing. With
# TOOL (javac), only a Java that has it will do. MORA_JAVA_HOME is taken at its word; then the runtime
# that a package brings, in runtime/ of the installation; then JAVA_HOME if it is new enough;
# otherwise the newest of the machine is found.
find_java() {
  _tool=${1:-java}
  java_home='' java_version=0
  if [ -n "${MORA_JAVA_HOME:-}" ]; then
    java_version=$(java_major "$MORA_JAVA_HOME")
    if [ "${java_version:-0}" -lt 17 ] || [ ! -x "$MORA_JAVA_HOME/bin/$_tool" ]; then
      echo "mora: MORA_JAVA_HOME=$MORA_JAVA_HOME is no Java 17 or newer with bin/$_tool;" \
        "point it to one or unset it" >&2
      return 1
    fi
    java_home=$MORA_JAVA_HOME
    return 0
  fi
  if [ -n "${home:-}" ]; then
    consider_java "$home/runtime" && return 0
  fi
  if [ -n "${JAVA_HOME:-}" ]; then
    consider_java "$JAVA_HOME" && return 0
  fi
  for _home in /usr/lib/jvm/*; do
    consider_java "$_home" || :
  done
  if _java=$(command -v java); then
    _java=$(readlink -f "$_java")
    consider_java "${_java%/bin/java}" || :
  fi
  [ -n "$java_home" ] && return 0
  echo "mora: no Java 17 or newer with bin/$_tool in JAVA_HOME, /usr/lib/jvm or PATH;" \
    "install one (Debian: apt install openjdk-17-jdk-headless) or set MORA_JAVA_HOME" >&2
  return 1
}

# consider_java HOME: takes it if it is 17 or newer, newer than what was found, and has $_tool.
consider_java() {
  _major=$(java_major "$1")
  if [ "${_major:-0}" -ge 17 ] && [ "$_major" -gt "$java_version" ] && [ -x "$1/bin/$_tool" ]; then
    java_home=$1 java_version=$_major
    return 0
  fi
  return 1
}

# Flags for both: native libraries are what this is made of, and the file of performance counters
# that the JVM writes can stall it for a disk's time.
common_flags() {
  flags="-XX:+PerfDisableSharedMem -Dfile.encoding=UTF-8"
  if [ "$java_version" -ge 22 ]; then
    flags="$flags --enable-native-access=ALL-UNNAMED"
  fi
  # Packages bring native code unpacked; elsewhere each start unpacks it into the temporary folder.
  if [ -d "${home:-}/native" ]; then
    flags="$flags -Djava.library.path=$home/native -Djna.boot.library.path=$home/native"
    flags="$flags -Djna.nounpack=true -Djna.tmpdir=/tmp"
  fi
}

# Flags of what must not pause: ZGC, generational where there is one; a heap that begins small, because
# ZGC takes memory for all of -Xms before main. Chosen by measurement: docs/decisions/012-jvm.md.
steady_flags() {
  common_flags
  flags="$flags -XX:+UseZGC -Xms32m -Xmx512m"
  case $java_version in
    21 | 22) flags="$flags -XX:+ZGenerational" ;;
    24 | 25) # Without, Netty links calls by java.lang.foreign, which takes a tenth of the start.
      flags="$flags --sun-misc-unsafe-memory-access=allow -Dio.netty.noUnsafe=false"
      ;;
  esac
  if [ "$java_version" -ge 25 ]; then
    flags="$flags -XX:+UseCompactObjectHeaders"
  fi
}

# The start-up cache of an installation ($1) for the Java found: what "mora-target prepare" made.
# It is a convenience: the JVM checks that it fits (its own build, its options, each library's time
# and size) and goes on without it if not, and so does all here.

# cache_name: prints the file's name, which tells installations and Javas apart. An installation with
# a runtime of its own is moved with it and its caches, of which the commands have one too.
cache_name() {
  if [ "$java_home" = "$1/runtime" ]; then
    printf '%s-%s.aot\n' "${cache_of:-mora-target}" "$java_version"
    return 0
  fi
  _sum=$({ echo "$1 $java_home"; cat "$java_home/release" 2>/dev/null || :; } | cksum)
  printf 'mora-target-%s-%s.aot\n' "$java_version" "${_sum%% *}"
}

# cache_folders: prints where it may lie, one a line, in the order they are tried.
cache_folders() {
  if [ -n "${MORA_CACHE:-}" ]; then
    printf '%s\n' "$MORA_CACHE"
    return 0
  fi
  printf '%s\n' "$1/cache"
  if [ -n "${XDG_CACHE_HOME:-${HOME:-}}" ]; then
    printf '%s\n' "${XDG_CACHE_HOME:-$HOME/.cache}/mora"
  fi
}

# cache_flag use|make FILE: prints the JVM's options for it; nothing where this Java has no such thing.
cache_flag() {
  if [ "$java_version" -ge 25 ]; then
    case $1 in
      use) echo "-XX:AOTCache=$2 -Xlog:aot*=off:stdout -Xlog:cds*=off:stdout" ;;
      make) echo "-XX:AOTCacheOutput=$2" ;;
    esac
  else
    case $1 in
      use) echo "-XX:SharedArchiveFile=$2 -Xlog:cds*=off:stdout" ;;
      make) echo "-XX:ArchiveClassesAtExit=$2" ;;
    esac
  fi
}

# cache_flags HOME: adds the options for the cache to flags, if there is one.
cache_flags() {
  _name=$(cache_name "$1")
  _ifs=$IFS
  IFS='
'
  for _folder in $(cache_folders "$1"); do
    case $_folder in
      *[!A-Za-z0-9/._+-]*) ;; # options are words
      *)
        if [ -r "$_folder/$_name" ]; then
          flags="$flags $(cache_flag use "$_folder/$_name")"
          break
        fi
        ;;
    esac
  done
  IFS=$_ifs
}
