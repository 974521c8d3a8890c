#!/usr/bin/env bash
# A ClickHouse server for tests: the real engine, as npm's chdb brings it in a library, behind the HTTP front tests/Mev.Sdk.ClickHouseStand, on 127.0.0.1 only.
#
#   eng/servers/clickhouse.sh start [--no-install] [--for PID] [--folder FOLDER] [--read-only] [PORT]
#                                            installs what is missing (npm, into the user's cache, 570 MB), starts it, and prints how to reach it:
#                                            MEV_CLICKHOUSE_URL, MEV_CLICKHOUSE_USER, MEV_CLICKHOUSE_PASSWORD, MEV_CLICKHOUSE_FOLDER and MEV_CLICKHOUSE_PID,
#                                            one NAME=value a line; with --for it ends when that process does; with --folder it goes on with the data,
#                                            port and password of a server that was started before and has ended or was killed. Exit code 3: not installed
#   eng/servers/clickhouse.sh install        installs the library only
#   eng/servers/clickhouse.sh end FOLDER     ends the server of that folder and keeps its data
#   eng/servers/clickhouse.sh stop FOLDER    ends the server of that folder and removes it
#
# One statement runs at a time, so it is no measure of a server under many clients. MEV_CHDB_LIBRARY names another libchdb.so. What it says is in FOLDER/log.
set -euo pipefail

version=3.4.0
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cache=${HOME:?}/.cache/mev-sdk/chdb-$version
library=${MEV_CHDB_LIBRARY:-$cache/node_modules/@chdb/lib-linux-x64-gnu/libchdb.so}

usage() {
  sed -n '2,14s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"
  exit 2
}

install_library() {
  [ ! -f "$library" ] || return 0
  if [ "$(uname -sm)" != "Linux x86_64" ]; then
    echo "missing: libchdb.so, which is looked for on Linux x64 only; set MEV_CHDB_LIBRARY to its path" >&2
    exit 3
  fi
  if [ $install = false ] || ! command -v npm >/dev/null; then
    echo "missing: libchdb.so. To have it: eng/servers/clickhouse.sh install" >&2
    exit 3
  fi
  echo "installing: chdb $version" >&2
  mkdir -p "$cache"
  # Into a folder beside it first, so that a broken download is never taken for the library.
  local fresh
  fresh=$(mktemp -d "$cache.XXXXXX")
  if ! npm install --prefix "$fresh" --no-audit --no-fund --ignore-scripts "chdb@$version" </dev/null >/dev/null 2>"$fresh/npm.err" || [ ! -f "$fresh/node_modules/@chdb/lib-linux-x64-gnu/libchdb.so" ]; then
    echo "could not install chdb: $(tail -n 3 "$fresh/npm.err" | tr '\n' ' ')" >&2
    rm -rf "$fresh"
    exit 3
  fi
  rm -rf "$cache"
  mv -T "$fresh" "$cache" 2>/dev/null || rm -rf "$fresh"
}

find_stand() {
  local folder=$root/tests/Mev.Sdk.ClickHouseStand/bin newest
  newest=$(ls -t "$folder"/*/net10.0/Mev.Sdk.ClickHouseStand.dll 2>/dev/null | head -n 1)
  if [ -z "$newest" ]; then
    echo "missing: the front. To have it: dotnet build tests/Mev.Sdk.ClickHouseStand -c Release" >&2
    exit 3
  fi
  echo "$newest"
}

free_port() {
  local port
  while :; do
    port=$((20000 + RANDOM % 30000))
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || break
  done
  echo $port
}

answers() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

start() {
  local port=$1 stand password id fresh=true
  install_library
  stand=$(find_stand)
  if [ -n "$folder" ]; then
    # shellcheck source=/dev/null
    source "$folder/server"
    fresh=false
  else
    folder=$(mktemp -d "${TMPDIR:-/tmp}/mev-clickhouse-XXXXXX")
    chmod 700 "$folder"
    [ "$port" -ne 0 ] || port=$(free_port)
    password=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
    printf 'port=%s\npassword=%s\n' "$port" "$password" >"$folder/server"
  fi
  local options=()
  [ $read_only = false ] || options+=(--read-only)
  setsid dotnet "$stand" --library "$library" --path "$folder/data" --port "$port" --password "$password" "${options[@]}" >>"$folder/log" 2>&1 </dev/null &
  id=$!
  echo $id >"$folder/pid"
  for ((i = 0; i < 600; i++)); do
    answers "$port" && break
    if ! kill -0 $id 2>/dev/null || [ $i -eq 599 ]; then
      echo "ClickHouse did not come up: $(tail -n 3 "$folder/log" | tr '\n' ' ')" >&2
      [ $fresh = false ] || stop "$folder"
      exit 1
    fi
    sleep 0.1
  done
  if [ -n "$user" ]; then
    setsid "${BASH_SOURCE[0]}" watch "$user" "$folder" >/dev/null 2>&1 </dev/null &
  fi
  echo "MEV_CLICKHOUSE_URL=http://127.0.0.1:$port"
  echo "MEV_CLICKHOUSE_USER=default"
  echo "MEV_CLICKHOUSE_PASSWORD=$password"
  echo "MEV_CLICKHOUSE_FOLDER=$folder"
  echo "MEV_CLICKHOUSE_PID=$id"
}

# Ends what this script started in a folder, by the id written down there.
end() {
  local folder=$1 id
  [ -f "$folder/server" ] || { echo "$folder is no folder of this script" >&2; exit 2; }
  id=$(cat "$folder/pid" 2>/dev/null || echo 0)
  # An id may be somebody else's by now.
  if [ "$id" -ne 0 ] && tr '\0' ' ' <"/proc/$id/cmdline" 2>/dev/null | grep -qF "$folder/data"; then
    kill -KILL "$id" 2>/dev/null || true
    while kill -0 "$id" 2>/dev/null && [ "$(sed 's/.*) //; s/ .*//' "/proc/$id/stat" 2>/dev/null)" != Z ]; do sleep 0.05; done

    # Its threads may still be ending, and the last of them holds the port: a next start would take its answer for the new server's.
    for ((i = 0; i < 200; i++)); do
      answers "$(sed -n 's/^port=//p' "$folder/server")" || break
      sleep 0.05
    done
  fi
}

stop() {
  end "$1"
  rm -rf "$1"
}

# Ends a server whose user is gone without having ended it.
watch_over() {
  while kill -0 "$1" 2>/dev/null && [ -d "$2" ]; do
    sleep 1
  done
  [ ! -d "$2" ] || stop "$2"
}

install=true port=0 user='' folder='' read_only=false
case ${1:-} in
  start)
    shift
    while [ $# -gt 0 ]; do
      case $1 in
        --no-install) install=false ;;
        --for) user=${2:?a process id}; shift ;;
        --folder) folder=${2:?a folder}; shift ;;
        --read-only) read_only=true ;;
        *[!0-9]*) usage ;;
        *) port=$1 ;;
      esac
      shift
    done
    start "$port"
    ;;
  install) install_library ;;
  end) [ $# -eq 2 ] || usage; end "$2" ;;
  stop) [ $# -eq 2 ] || usage; stop "$2" ;;
  watch) watch_over "$2" "$3" ;;
  *) usage ;;
esac
