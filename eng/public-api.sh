#!/usr/bin/env bash
# Writes new public members into PublicAPI.Unshipped.txt of the given projects (default: every library).
# usage: eng/public-api.sh [src/Mev.Sdk.Core ...]
set -euo pipefail
cd "$(dirname "$0")/.."
projects=("$@")
[ ${#projects[@]} -gt 0 ] || projects=(src/*/)
for project in "${projects[@]}"; do
  dotnet format analyzers "$project"/*.csproj --diagnostics RS0016 --severity warn
  # One entry a line, sorted, so that a review reads the change and nothing else.
  { echo '#nullable enable'; grep -v '^#nullable' "$project/PublicAPI.Unshipped.txt" | LC_ALL=C sort -u | sed '/^$/d' || true; } > "$project/PublicAPI.tmp"
  mv "$project/PublicAPI.tmp" "$project/PublicAPI.Unshipped.txt"
done
