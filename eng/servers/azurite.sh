#!/usr/bin/env bash
# An Azure Blob Storage server for tests: Azurite, on 127.0.0.1 only.
#
#   eng/servers/azurite.sh start [--no-install] [--for PID] [PORT]
#                                     installs it (npm, into the user's cache) where it is missing, starts it, and prints how to reach it:
#                                     MEV_AZURE_CONNECTION_STRING and MEV_AZURE_FOLDER, one NAME=value a line;
#                                     with --for it ends when that process does. Exit code 3: not installed
#   eng/servers/azurite.sh stop FOLDER      ends the server of that folder and removes it
#   eng/servers/azurite.sh install          installs it and starts nothing
#
# The account's key is made at start and is of use to nobody else. Without PORT it takes a free one. What it says is in FOLDER/log.
set -euo pipefail

version=3.35.0
cache=${XDG_CACHE_HOME:-$HOME/.cache}/mev-sdk/azurite-$version
server=$cache/node_modules/azurite/dist/src/blob/main.js

usage() {
  sed -n '2,12s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"
  exit 2
}

install_server() {
  [ ! -f "$server" ] || return 0
  if [ $install = false ] || ! command -v npm >/dev/null; then
    echo "missing: Azurite. To have it: eng/servers/azurite.sh install" >&2
    exit 3
  fi
  echo "installing: azurite $version" >&2
  mkdir -p "$cache"
  # Into a folder of its own first: a half installation must not look like a whole one.
  local staged
  staged=$(mktemp -d "$cache/staged-XXXXXX")
  if ! npm install --prefix "$staged" --no-audit --no-fund --ignore-scripts "azurite@$version" >"$staged/log" 2>&1 || [ ! -f "$staged/node_modules/azurite/dist/src/blob/main.js" ]; then
    echo "could not install azurite $version: $(tail -n 3 "$staged/log" | tr '\n' ' ')" >&2
    rm -rf "$staged"
    exit 3
  fi
  # Somebody else may have been faster.
  mv -T "$staged/node_modules" "$cache/node_modules" 2>/dev/null || [ -f "$server" ] || { echo "could not place azurite in $cache" >&2; exit 3; }
  rm -rf "$staged"
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
  local port=$1 key
  install_server
  folder=$(mktemp -d "${TMPDIR:-/tmp}/mev-azurite-XXXXXX")
  chmod 700 "$folder"
  mkdir "$folder/log" "$folder/data"
  [ "$port" -ne 0 ] || port=$(free_port)
  key=$(head -c 64 /dev/urandom | base64 -w0)
  AZURITE_ACCOUNTS="tests:$key" setsid node "$server" --blobHost 127.0.0.1 --blobPort "$port" --location "$folder/data" --skipApiVersionCheck --disableTelemetry --silent \
    >"$folder/log/azurite.out" 2>&1 </dev/null &
  echo $! >"$folder/pid"
  for ((i = 0; i < 300; i++)); do
    answers "$port" && break
    sleep 0.2
  done
  if ! answers "$port"; then
    echo "Azurite did not come up. See $folder/log" >&2
    stop "$folder" keep
    exit 1
  fi
  if [ -n "$user" ]; then
    setsid "${BASH_SOURCE[0]}" watch "$user" "$folder" >/dev/null 2>&1 </dev/null &
  fi
  echo "MEV_AZURE_CONNECTION_STRING=DefaultEndpointsProtocol=http;AccountName=tests;AccountKey=$key;BlobEndpoint=http://127.0.0.1:$port/tests;"
  echo "MEV_AZURE_FOLDER=$folder"
}

# Ends what this script started in a folder, by the id written down there.
stop() {
  local folder=$1 keep=${2:-} id
  [ -f "$folder/pid" ] || { echo "$folder is no folder of this script" >&2; exit 2; }
  id=$(cat "$folder/pid")
  # An id may be somebody else's by now.
  if tr '\0' ' ' <"/proc/$id/cmdline" 2>/dev/null | grep -qF "$folder/data"; then
    kill -KILL "$id" 2>/dev/null || true
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
  install) [ $# -eq 1 ] || usage; install_server ;;
  stop) [ $# -eq 2 ] || usage; stop "$2" ;;
  watch) watch_over "$2" "$3" ;;
  *) usage ;;
esac
