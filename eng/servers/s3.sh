#!/usr/bin/env bash
# An S3 server for tests: Ceph's RADOS gateway over one store in memory, on 127.0.0.1 only.
#
#   eng/servers/s3.sh start [--no-install] [--for PID] [PORT]
#                                     installs what is missing where it may (root, apt-get), starts it, and prints how to reach it:
#                                     MEV_S3_URL, MEV_S3_ACCESS_KEY, MEV_S3_SECRET_KEY and MEV_S3_FOLDER, one NAME=value a line;
#                                     with --for it ends when that process does. Exit code 3: not installed
#   eng/servers/s3.sh stop FOLDER     ends the server of that folder and removes it
#
# Why this one: it enforces If-None-Match and If-Match on writes, which most small S3 servers do not. The keys are made at start and are of use to nobody else.
# Without PORT it takes a free one. What it says is in FOLDER/log.
set -euo pipefail

usage() {
  sed -n '2,12s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"
  exit 2
}

has_server() { command -v ceph-mon >/dev/null && command -v ceph-osd >/dev/null && command -v radosgw >/dev/null && command -v ceph >/dev/null && command -v radosgw-admin >/dev/null; }

install_server() {
  has_server && return
  if [ $install = false ] || [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
    echo "missing: radosgw. To have it: sudo apt-get install --no-install-recommends ceph-mon ceph-osd radosgw" >&2
    exit 3
  fi
  echo "installing: ceph-mon ceph-osd radosgw" >&2
  export DEBIAN_FRONTEND=noninteractive
  if ! { apt-get update -q && apt-get install -q -y --no-install-recommends ceph-mon ceph-osd radosgw; } </dev/null >/dev/null 2>&1 || ! has_server; then
    echo "could not install radosgw" >&2
    exit 3
  fi
}

free_port() {
  local port
  while :; do
    port=$((20000 + RANDOM % 30000))
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || break
  done
  echo $port
}

# Waits for a command to succeed, a second at a time.
wait_for() {
  local seconds=$1 what=$2
  shift 2
  for ((i = 0; i < seconds * 5; i++)); do
    "$@" >/dev/null 2>&1 && return
    sleep 0.2
  done
  echo "the S3 server did not come up: $what. See $folder/log" >&2
  stop "$folder" keep
  exit 1
}

answers() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# Runs a daemon of Ceph in the foreground of a background job, so that its id is known.
run() {
  local name=$1
  shift
  setsid "$@" >>"$folder/log/$name.out" 2>&1 </dev/null &
  echo $! >>"$folder/pids"
}

start() {
  local port=$1 mon fsid access secret
  install_server
  folder=$(mktemp -d "${TMPDIR:-/tmp}/mev-s3-XXXXXX")
  chmod 700 "$folder"
  mkdir "$folder/log" "$folder/mon" "$folder/osd" "$folder/run" "$folder/rgw"
  [ "$port" -ne 0 ] || port=$(free_port)
  mon=$(free_port)
  fsid=$(cat /proc/sys/kernel/random/uuid)
  access=$(od -An -N10 -tx1 /dev/urandom | tr -d ' \n')
  secret=$(od -An -N20 -tx1 /dev/urandom | tr -d ' \n')

  # One of everything, no authentication between the parts (nobody else reaches them), and nothing on disk but the monitor's few files.
  cat >"$folder/ceph.conf" <<CONF
[global]
fsid = $fsid
mon host = [v2:127.0.0.1:$mon]
mon initial members = a
auth cluster required = none
auth service required = none
auth client required = none
public addr = 127.0.0.1
cluster addr = 127.0.0.1
ms bind ipv6 = false
run dir = $folder/run
admin socket = $folder/run/\$name.asok
log file = $folder/log/\$name.log
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 1
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
osd crush initial weight = 1
mon allow pool size one = true
mon allow pool delete = true
mon max pg per osd = 1000
mon data avail warn = 0
mon data avail crit = 0
[mon.a]
mon data = $folder/mon
[osd]
osd objectstore = memstore
osd data = $folder/osd
memstore device bytes = 8589934592
osd max object size = 1073741824
[client.rgw]
# The gateway would have the monitor's line encrypted, which needs the keys that nobody has here.
ms mon client mode = crc
rgw data = $folder/rgw
rgw frontends = beast endpoint=127.0.0.1:$port tcp_nodelay=1
rgw thread pool size = 32
rgw enable usage log = false
rgw run sync thread = false
rgw enable gc threads = true
rgw enable lc threads = false
rgw override bucket index max shards = 1
CONF
  local conf=(-c "$folder/ceph.conf")
  {
    monmaptool --create --fsid "$fsid" --addv a "[v2:127.0.0.1:$mon]" "$folder/monmap"
    ceph-mon "${conf[@]}" -i a --mkfs --monmap "$folder/monmap"
  } >"$folder/log/mkfs.out" 2>&1
  run mon ceph-mon "${conf[@]}" -i a -f
  wait_for 60 "its monitor is silent" ceph "${conf[@]}" --connect-timeout 2 quorum_status
  {
    ceph "${conf[@]}" osd new "$(cat /proc/sys/kernel/random/uuid | tee "$folder/osd-id")"
    ceph-osd "${conf[@]}" -i 0 --mkfs --osd-uuid "$(cat "$folder/osd-id")"
  } >>"$folder/log/mkfs.out" 2>&1
  run osd ceph-osd "${conf[@]}" -i 0 -f
  radosgw-admin "${conf[@]}" -n client.rgw user create --uid tests --display-name tests --access-key "$access" --secret-key "$secret" >"$folder/log/user.out" 2>&1
  run rgw radosgw "${conf[@]}" -n client.rgw -f
  wait_for 90 "its gateway is silent" answers "$port"
  if [ -n "$user" ]; then
    setsid "${BASH_SOURCE[0]}" watch "$user" "$folder" >/dev/null 2>&1 </dev/null &
  fi
  echo "MEV_S3_URL=http://127.0.0.1:$port"
  echo "MEV_S3_ACCESS_KEY=$access"
  echo "MEV_S3_SECRET_KEY=$secret"
  echo "MEV_S3_FOLDER=$folder"
}

# Ends what this script started in a folder, by the ids written down there, the last first.
stop() {
  local folder=$1 keep=${2:-} id
  [ -f "$folder/ceph.conf" ] || { echo "$folder is no folder of this script" >&2; exit 2; }
  if [ -f "$folder/pids" ]; then
    for id in $(tac "$folder/pids"); do
      # An id may be somebody else's by now.
      if tr '\0' ' ' <"/proc/$id/cmdline" 2>/dev/null | grep -qF "$folder/ceph.conf"; then
        kill -KILL "$id" 2>/dev/null || true
      fi
    done
  fi
  [ "$keep" = keep ] || rm -rf "$folder"
}

# Ends a server whose user is gone without having ended it.
watch_over() {
  while kill -0 "$1" 2>/dev/null && [ -d "$2" ]; do
    sleep 1
  done
  [ ! -d "$2" ] || stop "$2"
}

install=true port=0 user=
case ${1:-} in
  start)
    shift
    while [ $# -gt 0 ]; do
      case $1 in
        --no-install) install=false ;;
        --for) user=${2:?a process id}; shift ;;
        *[!0-9]*) usage ;;
        *) port=$1 ;;
      esac
      shift
    done
    start "$port"
    ;;
  stop) [ $# -eq 2 ] || usage; stop "$2" ;;
  watch) watch_over "$2" "$3" ;;
  *) usage ;;
esac
