#!/usr/bin/env bash
# Brings PublicAPI.Unshipped.txt of a package up to date with its code: adds what is new, removes what is gone; the diff is then read by a reviewer.
#
#   eng/public-api.sh src/Mev.Sdk.Core
#
# It takes the symbols from the analyzer's own messages (RS0016 new, RS0017 gone), since `dotnet format` leaves some members out.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
[ $# -eq 1 ] && [ -d "$1" ] || { sed -n '2,6s/^# \{0,1\}//p' "$0"; exit 2; }
file=$1/PublicAPI.Unshipped.txt
log=$(mktemp)
trap 'rm -f "$log"' EXIT
export MSBUILDDISABLENODEREUSE=1

for round in 1 2 3 4; do
  dotnet build "$1" -c Release -p:WarningsNotAsErrors="RS0016%3BRS0017" --tl:off >"$log" 2>&1 || true
  if grep -E ': error ' "$log" | sort -u | head -20 | grep .; then
    echo "it does not build: repair that first" >&2
    exit 1
  fi
  added=$(grep -oP "RS0016: Symbol '\K.*(?=' is not part of the declared public API)" "$log" | sort -u || true)
  gone=$(grep -oP "RS0017: Symbol '\K.*(?=' is part of the declared API)" "$log" | sort -u || true)
  [ -n "$added$gone" ] || break
  if [ -n "$gone" ]; then
    grep -vxF "$gone" "$file" >"$file.new" && mv "$file.new" "$file"
  fi
  if [ -n "$added" ]; then
    { head -1 "$file"; { tail -n +2 "$file"; printf '%s\n' "$added"; } | LC_ALL=C sort -u; } >"$file.new" && mv "$file.new" "$file"
  fi
  touch "$1"/*.csproj
done
git diff --stat -- "$file"
