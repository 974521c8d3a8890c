#!/usr/bin/env bash
# Builds the solution once (Release) and runs its tests, one test project after the other; eng/README.md says more.
#
#   eng/test.sh                     everything but the long runs, with coverage: what CI runs
#   eng/test.sh quick               for daily work: nothing is installed, no test that needs a browser, kills processes or packs; no coverage
#   eng/test.sh --long              everything, with the soak, fuzz and kill runs at full length
#   eng/test.sh --update-coverage   everything, then raises the figures in eng/coverage.json to what was measured
#
# The last line is "N passed, N failed, N skipped"; the exit code is 0 only when nothing failed.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

mode=plain
update_coverage=false
for argument in "$@"; do
  case $argument in
    quick | --quick) mode=quick ;;
    --long) mode=long ;;
    --update-coverage) update_coverage=true ;;
    -h | --help) sed -n '2,9s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; exit 0 ;;
    *) echo "eng/test.sh: unknown argument '$argument'; try --help" >&2; exit 2 ;;
  esac
done

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 TESTINGPLATFORM_TELEMETRY_OPTOUT=1
# Build nodes that outlive the build would keep memory, and cannot be told from somebody else's.
export MSBUILDDISABLENODEREUSE=1

configuration=Release
results=artifacts/test
passed=0 failed=0 skipped=0
failures=()

finish() {
  if [ ${#failures[@]} -gt 0 ]; then
    echo
    echo "failed:"
    printf '  %s\n' "${failures[@]}"
  fi
  echo "$passed passed, $failed failed, $skipped skipped"
  [ "$failed" -eq 0 ]
  exit
}

fail() {
  failures+=("$1")
  failed=$((failed + 1))
}

source eng/prerequisites.sh
if ! require_sdk || ! require_node; then
  fail "a prerequisite is missing (above)"
  finish
fi
[ $mode = quick ] || { install_for_tests; install_servers; }

rm -rf "$results"
mkdir -p "$results"
echo "building Mev.Sdk.sln ($configuration), log in $results/build.log"
started=$SECONDS
if ! dotnet build Mev.Sdk.sln -c $configuration -maxcpucount --tl:off </dev/null >"$results/build.log" 2>&1; then
  grep -E ': (error|warning) |^error ' "$results/build.log" | sort -u | head -50
  fail "dotnet build Mev.Sdk.sln: see $results/build.log"
  finish
fi
echo "built in $((SECONDS - started)) s"

options=(--progress off --no-ansi --show-test-results failed --show-test-results skipped)
case $mode in
  quick) options+=(--filter-not-trait "Needs=*" --ignore-exit-code 8 --timeout 4m) ;;
  plain) options+=(--timeout 15m) ;;
  long) options+=(--timeout 90m); export MEV_LONG=1 ;;
esac

# The number in front of a word of the platform's summary, which reads "  failed: 3".
count() { awk -v word="$2:" '$1 == word { n = $2 } END { print n + 0 }' "$1"; }

run_project() {
  local project=$1 name log code executable projectOptions=("${options[@]}")
  name=$(basename "$project")
  log=$results/$name.log
  executable=$project/bin/$configuration/net10.0/$name
  if [ ! -x "$executable" ]; then
    fail "$name: $executable was not built"
    return
  fi

  if [ $mode != quick ]; then
    projectOptions+=(--coverlet --coverlet-output-format json --coverlet-include '[Mev.Sdk.*]*' --coverlet-exclude '[Mev.Sdk.TestKit]*')
  fi

  local start=$SECONDS
  "$executable" "${projectOptions[@]}" --results-directory "$results/$name" </dev/null >"$log" 2>&1
  code=$?

  local projectPassed projectFailed projectSkipped
  projectPassed=$(count "$log" succeeded)
  projectFailed=$(count "$log" failed)
  projectSkipped=$(count "$log" skipped)
  passed=$((passed + projectPassed))
  skipped=$((skipped + projectSkipped))
  printf '%-36s %5d passed %3d failed %3d skipped %5d s\n' "$name" "$projectPassed" "$projectFailed" "$projectSkipped" $((SECONDS - start))
  if [ "$projectFailed" -gt 0 ]; then
    failed=$((failed + projectFailed))
    failures+=("$name: $projectFailed tests, see $log")
  elif [ $code -ne 0 ]; then
    # No test failed, yet the run did: it found no test, ran out of time, or crashed.
    case $code in
      8) fail "$name: no test ran, see $log" ;;
      *) fail "$name: exit code $code, see $log" ;;
    esac
  fi

  if [ $code -ne 0 ]; then
    # Without the coverage tables, which say nothing of one project alone.
    grep -vE '^(\+--|\| )|^ *(In|Out of) process file artifacts|^ *- .*\.json$' "$log" | cat -s | tail -n 200 | sed 's/^/    /'
  elif [ "$projectSkipped" -gt 0 ]; then
    grep -A 2 '^skipped ' "$log" | grep -v '^--' | sed 's/^/    /' | head -40
  fi
}

# The C++ side: builds native/ plainly and with sanitizers, and counts one test for each of CTest's. The build folder stays, so that the next run compiles
# only what changed, and tests/Mev.Sdk.Native.Tests start the engine that was built there.
run_native() {
  local log=$results/native.log build=artifacts/native start=$SECONDS nativePassed nativeFailed
  if ! has_native_tools; then
    if [ "${CI:-}" = true ]; then
      fail "native: g++ and cmake are missing"
    else
      echo "native                               skipped: g++ or cmake is missing"
      skipped=$((skipped + 1))
    fi
    return
  fi

  if ! { cmake -S native -B $build && cmake --build $build -j2; } </dev/null >"$log" 2>&1; then
    grep -E 'error|Error' "$log" | head -30
    fail "native: the build failed, see $log"
    return
  fi

  ctest --test-dir $build --output-on-failure -j2 </dev/null >>"$log" 2>&1
  nativePassed=$(grep -cE '^ *[0-9]+/[0-9]+ Test .* Passed ' "$log")
  nativeFailed=$(grep -cE '^ *[0-9]+/[0-9]+ Test .*\*\*\*' "$log")
  passed=$((passed + nativePassed))
  printf '%-36s %5d passed %3d failed %3d skipped %5d s\n' native "$nativePassed" "$nativeFailed" 0 $((SECONDS - start))
  if [ "$nativeFailed" -gt 0 ]; then
    failed=$((failed + nativeFailed))
    failures+=("native: $nativeFailed tests, see $log")
    grep -E -A 20 '^ *[0-9]+/[0-9]+ Test .*\*\*\*' "$log" | head -200 | sed 's/^/    /'
  elif [ "$nativePassed" -eq 0 ]; then
    fail "native: no test ran, see $log"
  fi
}

[ $mode = quick ] || run_native

for project in tests/*.Tests; do
  run_project "$project"
done

if [ $mode != quick ]; then
  echo
  coverageOptions=()
  [ $update_coverage = false ] || coverageOptions+=(--update)
  if ! dotnet run eng/Coverage.cs -- "$results" eng/coverage.json "${coverageOptions[@]}" </dev/null; then
    fail "coverage: see above"
  fi
fi

finish
