#!/usr/bin/env bash
# The one test command: builds, runs every suite, and ends with the counts.
#   ./test.sh              all suites
#   ./test.sh Catalog      only tests whose full name contains the word
# The suites that exist need no server beside the SDK: SQLite is embedded.
set -euo pipefail
cd "$(dirname "$0")"
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1

filter=()
[ $# -eq 0 ] || filter=(--filter "FullyQualifiedName~$1")

command -v dotnet > /dev/null || { echo "The .NET SDK 10 is needed: https://dotnet.microsoft.com/download" >&2; exit 2; }

dotnet build ModularShop.sln -nologo -v quiet -clp:NoSummary

passed=0 failed=0 skipped=0 broken=0
log=$(mktemp)
trap 'rm -f "$log"' EXIT
for project in tests/*.Tests; do
  echo "== ${project#tests/}"
  # One suite after the other: each starts processes of its own and wants the machine for itself.
  dotnet test "$project" --no-build -nologo --logger "console;verbosity=minimal" ${filter[@]+"${filter[@]}"} 2>&1 | tee "$log" || broken=1
  read -r f p s < <(sed -nE 's/^(Passed|Failed|Skipped)! .*Failed: +([0-9]+), Passed: +([0-9]+), Skipped: +([0-9]+).*/\2 \3 \4/p' "$log" | tail -1) || { f=0 p=0 s=0; }
  failed=$((failed + f)) passed=$((passed + p)) skipped=$((skipped + s))
done

echo
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ] && [ "$broken" -eq 0 ] && [ "$passed" -gt 0 ]
