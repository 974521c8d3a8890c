# Sourced by eng/test.sh: what the tests need from the machine, and why.

# require_sdk: the .NET SDK that global.json asks for.
require_sdk() {
  if command -v dotnet >/dev/null && dotnet --version >/dev/null 2>&1; then
    return 0
  fi
  echo "missing: the .NET SDK that global.json names (10.0). Everything is built with it; see https://dotnet.microsoft.com/download" >&2
  return 1
}

# require_node: Node.js 20 or newer with npm, which bundle the dashboard's scripts and styles during the build.
require_node() {
  local version=
  if command -v node >/dev/null && command -v npm >/dev/null; then
    version=$(node --version | sed 's/^v//; s/\..*//')
    [ "$version" -ge 20 ] && return 0
  fi
  echo "missing: Node.js 20 or newer with npm${version:+ (found $version)}. The build of samples/DashboardHost bundles its scripts and styles with it; see https://nodejs.org" >&2
  return 1
}

has_library() { { ldconfig -p 2>/dev/null || /sbin/ldconfig -p; } | grep -q "$1"; }

has_native_tools() { command -v "${CXX:-g++}" >/dev/null && command -v cmake >/dev/null; }

# install_for_tests: Debian packages that some tests need. Without root it names the command and goes on: those tests then skip, or fail when CI=true.
install_for_tests() {
  local packages=()
  if ! command -v chromium >/dev/null && ! command -v google-chrome >/dev/null; then
    echo "missing: chromium (the browser tests open the dashboard in it)"
    packages+=(chromium fonts-liberation)
  fi
  if ! has_library libgomp.so.1; then
    echo "missing: libgomp1 (LightGBM's native library is linked to it; without it nothing can be trained)"
    packages+=(libgomp1)
  fi
  if ! has_native_tools; then
    echo "missing: g++ or cmake (native/, the engine's side in C++, is built and tested with them)"
    packages+=(g++ cmake make)
  fi
  if ! command -v radosgw >/dev/null || ! command -v ceph-mon >/dev/null || ! command -v ceph-osd >/dev/null; then
    echo "missing: radosgw, ceph-mon, ceph-osd (the S3 server that eng/servers/s3.sh starts for the tests of Mev.Sdk.Storage.S3)"
    packages+=(radosgw ceph-mon ceph-osd)
  fi
  if ! ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 && [ -z "${MEV_POSTGRES_BIN:-}" ]; then
    echo "missing: PostgreSQL (eng/servers/postgres.sh starts one for the tests of Mev.Sdk.Storage)"
    # By the script, which keeps the package from starting a cluster of its own.
    eng/servers/postgres.sh install || true
  fi
  [ ${#packages[@]} -gt 0 ] || return 0

  if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
    echo "installing: ${packages[*]}"
    export DEBIAN_FRONTEND=noninteractive
    if ! { apt-get update -q && apt-get install -q -y --no-install-recommends "${packages[@]}"; } </dev/null >/dev/null; then
      echo "could not install ${packages[*]}: the tests that need them will say so" >&2
    fi
  else
    echo "not root, or no apt-get: the tests that need them skip. To have them:"
    echo "    sudo apt-get install --no-install-recommends ${packages[*]}"
  fi
}

# install_servers: servers for tests that come by npm, into the user's cache. What cannot be installed is told by the tests that need it.
install_servers() {
  eng/servers/azurite.sh install || true
  eng/servers/clickhouse.sh install || true
}
