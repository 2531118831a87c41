# shellcheck shell=sh
# shellcheck disable=SC2154 # what launch.sh sets
# mora-target prepare, read with "."; POSIX sh. Needs what launch.sh sets: home, java_home, flags.

prepare_work='' prepare_pid=''

prepare_end() {
  if [ -n "$prepare_pid" ]; then
    kill "$prepare_pid" 2>/dev/null || :
    wait "$prepare_pid" 2>/dev/null || :
  fi
  [ -z "$prepare_work" ] || rm -rf "$prepare_work"
}

prepare_config() {
  _socket=a.sock # in its own folder; the kernel takes no long path
  [ "${#prepare_work}" -le 80 ] || _socket=none
  cat <<YAML
admin: {socket: $_socket}
shards: {count: 1, bufferMemory: 32MiB}
discovery: {listen: []}
listeners: [{address: 127.0.0.1, port: 0}]
subsystems:
  - nqn: nqn.2026-11.io.mora:prepare
    allowAnyHost: true
    namespaces:
      - {nsid: 1, backend: {kind: memory, size: 16MiB}}
      - {nsid: 2, backend: {kind: file, path: $prepare_work/disk, size: 16MiB}}
YAML
}

# prepare_load NSID DEPTH READ BLOCK: a second of load, so that the JVM knows what will be busy.
prepare_load() {
  "$home/bin/mora" bench -a 127.0.0.1 -s "$prepare_port" -n nqn.2026-11.io.mora:prepare -N "$1" \
    -d "$2" -r "$3" -b "$4" --yes --warm-up=0s --duration=1500ms >"$prepare_work/bench.out" 2>&1
}

# prepare_folder: prints the first folder that can be written.
prepare_folder() {
  cache_folders "$home" | while IFS= read -r _folder; do
    case $_folder in
      *[!A-Za-z0-9/._+-]*) continue ;;
    esac
    if mkdir -p "$_folder" 2>/dev/null && [ -w "$_folder" ]; then
      printf '%s\n' "$_folder"
      break
    fi
  done
}

# prepare: runs a target under load with the JVM watching, and keeps what it noted. 0 when the cache
# is there, 1 when not, having said why. A target starts without it too, only later.
prepare() {
  prepare_into=$(prepare_folder)
  if [ -z "$prepare_into" ]; then
    echo "mora-target: no folder for the cache can be written; tried:" "$(cache_folders "$home")" \
      "- set MORA_CACHE to one (letters, digits and /._+- only)" >&2
    return 1
  fi
  trap prepare_end EXIT
  trap 'exit 1' INT TERM
  prepare_work=$(mktemp -d "$prepare_into/.prepare-XXXXXX") || return 1
  prepare_config >"$prepare_work/target.yaml"
  : >"$prepare_work/out"
  # shellcheck disable=SC2046,SC2086 # options are words
  MORA_LOG=warn "$java_home/bin/java" $flags $(cache_flag make "$prepare_work/cache") \
    "-Dmora.home=$home" ${MORA_JAVA_OPTS:-} -cp "$home/lib/*" io.mora.target.TargetMain \
    run "$prepare_work/target.yaml" >"$prepare_work/out" 2>"$prepare_work/log" &
  prepare_pid=$!
  _left=300
  until grep -q '^READY' "$prepare_work/out"; do
    _left=$((_left - 1))
    if [ $_left -eq 0 ] || ! kill -0 "$prepare_pid" 2>/dev/null; then
      echo "mora-target: the target to learn from did not start:" >&2
      cat "$prepare_work/log" "$prepare_work/out" >&2
      return 1
    fi
    sleep 0.1
  done
  prepare_port=$(sed -n 's/^READY .*"port":\([0-9]*\).*/\1/p' "$prepare_work/out")
  for _load in '1 32 70 4KiB' '1 1 100 4KiB' '1 8 50 128KiB' '2 16 70 4KiB'; do
    # shellcheck disable=SC2086 # four words
    if ! prepare_load $_load; then
      echo "mora-target: the load to learn from failed:" >&2
      cat "$prepare_work/bench.out" >&2
      return 1
    fi
  done
  kill -TERM "$prepare_pid" 2>/dev/null || :
  wait "$prepare_pid" || : # the JVM writes the cache as it ends; whether it did is looked at
  prepare_pid=''
  if [ ! -s "$prepare_work/cache" ]; then
    echo "mora-target: Java $java_version in $java_home made no cache:" >&2
    cat "$prepare_work/log" "$prepare_work/out" >&2
    return 1
  fi
  prepare_file=$prepare_into/$(cache_name "$home")
  mv -f "$prepare_work/cache" "$prepare_file"
  echo "$prepare_file"
}
