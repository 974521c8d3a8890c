#!/usr/bin/env bash
# A PostgreSQL for tests: a cluster of its own in a temporary folder, on 127.0.0.1 only.
#
#   eng/servers/postgres.sh start [--no-install] [--for PID] [--set NAME=VALUE]... [--data FOLDER] [PORT]
#                                          installs what is missing where it may (root, apt-get), starts it, and prints how to reach it:
#                                          MEV_POSTGRES_HOST, MEV_POSTGRES_PORT, MEV_POSTGRES_USER and MEV_POSTGRES_FOLDER, one NAME=value a line;
#                                          with --for it ends when that process does; --set gives the server a setting, --data another place for its
#                                          files, such as a small disk. Exit code 3: not installed
#   eng/servers/postgres.sh up FOLDER      starts the server of that folder again, on the same port
#   eng/servers/postgres.sh down FOLDER    stops it in the middle of everything, as a power cut would (pg_ctl stop -m immediate); its files stay
#   eng/servers/postgres.sh install        installs what is missing, as start does
#   eng/servers/postgres.sh stop FOLDER    ends the server of that folder and removes it
#
# There is one user, postgres, without a password, and one database of the same name. PostgreSQL does not run as root: as root, the account postgres runs it.
# Without PORT it takes a free one. MEV_POSTGRES_BIN names the folder of the programs where they are in none of the usual ones. What it says is in FOLDER/log.
set -euo pipefail

usage() {
  sed -n '2,17s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"
  exit 2
}

# The newest version of the machine.
find_programs() {
  local folder
  for folder in "${MEV_POSTGRES_BIN:-}" $(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -t/ -k5 -n -r); do
    if [ -n "$folder" ] && [ -x "$folder/initdb" ] && [ -x "$folder/pg_ctl" ]; then
      programs=$folder
      return
    fi
  done
  return 1
}

install_server() {
  find_programs && return
  if [ $install = false ] || [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
    echo "missing: PostgreSQL. To have it: sudo apt-get install --no-install-recommends postgresql" >&2
    exit 3
  fi
  echo "installing: postgresql" >&2
  export DEBIAN_FRONTEND=noninteractive
  # The package would make and start a cluster of its own.
  mkdir -p /etc/postgresql-common
  [ -e /etc/postgresql-common/createcluster.conf ] || echo "create_main_cluster = false" >/etc/postgresql-common/createcluster.conf
  if ! { apt-get update -q && apt-get install -q -y --no-install-recommends postgresql; } </dev/null >/dev/null 2>&1 || ! find_programs; then
    echo "could not install postgresql" >&2
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

# Runs one of PostgreSQL's programs as somebody who is not root.
as_server() {
  local program=$1
  shift
  if [ "$(id -u)" -eq 0 ]; then
    setpriv --reuid=postgres --regid=postgres --init-groups "$programs/$program" "$@"
  else
    "$programs/$program" "$@"
  fi
}

control() { (cd "$folder" && as_server pg_ctl -D "$(cat "$folder/data-folder")" "$@"); }

up() { control -w -t 60 -l "$folder/log" start >/dev/null 2>&1 </dev/null; }

start() {
  local port=$1 setting
  install_server
  folder=$(mktemp -d "${TMPDIR:-/tmp}/mev-postgres-XXXXXX")
  data=${data:-$folder/data}
  echo "$data" >"$folder/data-folder"
  : >"$folder/log"
  if [ "$(id -u)" -eq 0 ]; then
    chown postgres: "$folder" "$folder/log"
    [ ! -d "$data" ] || chown postgres: "$data"
  fi
  [ "$port" -ne 0 ] || port=$(free_port)
  if ! (cd "$folder" && as_server initdb -D "$data" -U postgres -A trust -E UTF8 --locale=C -N) >"$folder/initdb.out" 2>&1; then
    echo "initdb failed: see $folder/initdb.out" >&2
    exit 1
  fi
  {
    echo "listen_addresses = '127.0.0.1'"
    echo "port = $port"
    echo "unix_socket_directories = '$folder'"
    echo "timezone = 'UTC'"
    for setting in "${settings[@]}"; do
      echo "${setting%%=*} = '${setting#*=}'"
    done
  } >>"$data/postgresql.conf"
  if ! up; then
    echo "PostgreSQL did not come up: see $folder/log" >&2
    exit 1
  fi
  if [ -n "$user" ]; then
    setsid "${BASH_SOURCE[0]}" watch "$user" "$folder" >/dev/null 2>&1 </dev/null &
  fi
  echo "MEV_POSTGRES_HOST=127.0.0.1"
  echo "MEV_POSTGRES_PORT=$port"
  echo "MEV_POSTGRES_USER=postgres"
  echo "MEV_POSTGRES_FOLDER=$folder"
}

# pg_ctl ends the process whose id that folder's postmaster wrote down, and no other.
down() { control -w -t 60 -m immediate stop >/dev/null 2>&1 || true; }

stop() {
  down
  data=$(cat "$folder/data-folder")
  rm -rf "${data:?}"/* "${folder:?}"
}

# Ends a server whose user is gone without having ended it.
watch_over() {
  while kill -0 "$1" 2>/dev/null && [ -d "$folder" ]; do
    sleep 1
  done
  [ ! -d "$folder" ] || stop
}

of_folder() {
  folder=$1
  [ -f "$folder/data-folder" ] || { echo "$folder is no folder of this script" >&2; exit 2; }
  find_programs || { echo "missing: PostgreSQL" >&2; exit 3; }
}

install=true port=0 user='' data='' settings=()
case ${1:-} in
  start)
    shift
    while [ $# -gt 0 ]; do
      case $1 in
        --no-install) install=false ;;
        --for) user=${2:?a process id}; shift ;;
        --set) settings+=("${2:?NAME=VALUE}"); shift ;;
        --data) data=${2:?a folder}; shift ;;
        *[!0-9]*) usage ;;
        *) port=$1 ;;
      esac
      shift
    done
    start "$port"
    ;;
  install) install_server ;;
  up) [ $# -eq 2 ] || usage; of_folder "$2"; up ;;
  down) [ $# -eq 2 ] || usage; of_folder "$2"; down ;;
  stop) [ $# -eq 2 ] || usage; of_folder "$2"; stop ;;
  watch) of_folder "$3"; watch_over "$2" ;;
  *) usage ;;
esac
