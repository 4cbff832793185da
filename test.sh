#!/usr/bin/env bash
# The one test command: installs the servers the tests need, builds, runs every suite on every engine, and ends with
# the counts.
#   ./test.sh              all suites
#   ./test.sh Catalog      only tests whose full name contains the word
#   ./test.sh --long       the same code with bigger numbers: hundreds of kills, minutes of traffic
# SQL Server runs too where MODULARSHOP_TEST_SQLSERVER is a connection string to one.
set -euo pipefail
cd "$(dirname "$0")"
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1

if [ "${1:-}" = --long ]; then
  export MODULARSHOP_TEST_LONG=1
  shift
fi
word=${1:-}

command -v dotnet > /dev/null || { echo "The .NET SDK 10 is needed: https://dotnet.microsoft.com/download" >&2; exit 2; }

# The tests start servers of their own; they need the binaries alone.
if ! compgen -G "/usr/lib/postgresql/*/bin/postgres" > /dev/null && ! command -v initdb > /dev/null; then
  if [ "$(id -u)" -eq 0 ] && command -v apt-get > /dev/null; then
    echo "== installing PostgreSQL"
    apt-get update -qq
    # No cluster of its own: only the programs.
    mkdir -p /etc/postgresql-common && echo "create_main_cluster = false" > /etc/postgresql-common/createcluster.conf
    DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends postgresql > /dev/null
  else
    echo "PostgreSQL is needed: run this as root, or install it (Debian: apt-get install postgresql)." >&2
    exit 2
  fi
fi

# Clocks that jump; without it those tests are skipped.
if ! compgen -G "/usr/lib/*/faketime/libfaketimeMT.so.1" > /dev/null && [ "$(id -u)" -eq 0 ] && command -v apt-get > /dev/null; then
  echo "== installing libfaketime"
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends libfaketime; } > /dev/null || true
fi

if [ ! -x /usr/lib/rabbitmq/bin/rabbitmq-server ]; then
  if [ "$(id -u)" -eq 0 ] && command -v apt-get > /dev/null; then
    echo "== installing RabbitMQ"
    apt-get update -qq
    # No broker of its own: only the programs.
    RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends rabbitmq-server > /dev/null
  else
    echo "RabbitMQ is not installed, its tests are skipped (Debian: apt-get install rabbitmq-server)." >&2
  fi
fi

if [ ! -x "${MODULARSHOP_TEST_CHROMIUM:-/usr/bin/chromium}" ]; then
  if [ "$(id -u)" -eq 0 ] && command -v apt-get > /dev/null; then
    echo "== installing Chromium"
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends chromium > /dev/null
  else
    echo "Chromium is not installed, the browser tests are skipped (Debian: apt-get install chromium)." >&2
  fi
fi

dotnet build ModularShop.sln -nologo -v quiet -clp:NoSummary

passed=0 failed=0 skipped=0 broken=0
again=() times=()
log=$(mktemp)
results=$(mktemp -d)
trap 'rm -rf "$log" "$results"' EXIT

# A test that hangs is ended, and named. The playbook's takes ten minutes on a slow machine.
hang=30m
[ -z "${MODULARSHOP_TEST_LONG:-}" ] || hang=60m

# What is random is run for what it finds once in a hundred times: run once more, it would hide it.
random='\.(MoveTables|Moves|Crashes)\.'

# $1: project, $2: engine, $3: filter. Leaves the counts in p, f and s.
run() {
  local project=$1 engine=$2 filter=$3 result=0
  MODULARSHOP_TEST_DATABASE=${engine:-Sqlite} dotnet test "tests/$project" --no-build -nologo --logger "console;verbosity=minimal" \
    --results-directory "$results" --blame-hang-timeout "$hang" --blame-hang-dump-type none ${filter:+--filter "$filter"} 2>&1 | tee "$log" || result=1
  read -r f p s < <(sed -nE 's/^(Passed|Failed|Skipped)! .*Failed: +([0-9]+), Passed: +([0-9]+), Skipped: +([0-9]+).*/\2 \3 \4/p' "$log" | tail -1) || { f=0 p=0 s=0; }
  return $result
}

# One suite after the other: each starts processes of its own and wants the machine for itself.
suite() {
  local began=$SECONDS
  echo "== $1${2:+ on $2}"
  judge "$1" "${2:-}" "${3:-}"
  times+=("$(printf '%3d:%02d  %s' $(((SECONDS - began) / 60)) $(((SECONDS - began) % 60)) "$1${2:+ on $2}")")
}

# Where a few tests fail, they alone are run once more, without others beside them: what fails twice has failed, and what
# does not is named at the end.
judge() {
  if run "$1" "$2" "$(both "${word:+FullyQualifiedName~$word}" "$3")"; then
    failed=$((failed + f)) passed=$((passed + p)) skipped=$((skipped + s))
    return
  fi

  local names counts=("$f" "$p" "$s")
  names=$(sed -nE 's/^  Failed ([^ (]+).*/\1/p' "$log" | sort -u)
  if [ -n "$names" ] && [ "$f" -le 5 ] && ! grep -qE "$random" <<< "$names"; then
    echo "== $1${2:+ on $2}, once more: $(echo "$names" | paste -sd ' ')"
    if run "$1" "$2" "$(echo "$names" | sed 's/^/FullyQualifiedName~/' | paste -sd '|')" && [ "$p" -gt 0 ]; then
      mapfile -t -O "${#again[@]}" again <<< "$names"
      passed=$((passed + counts[0] + counts[1])) skipped=$((skipped + counts[2]))
      return
    fi
  fi

  broken=1 failed=$((failed + counts[0])) passed=$((passed + counts[1])) skipped=$((skipped + counts[2]))
}

# Two filters in one; either may be empty.
both() {
  if [ -n "$1" ] && [ -n "$2" ]; then echo "($1)&($2)"; else echo "$1$2"; fi
}

# What tests/TestKit/RunOnly.cs says; with --long all is run.
only() {
  [ -z "${MODULARSHOP_TEST_LONG:-}" ] || return 0
  case ${1:-} in
    "") echo "RunOnly!=Long" ;;
    "${engines[0]}") echo "RunOnly!=Long&RunOnly!=OnServers" ;;
    *) echo "RunOnly!=Long&RunOnly!=Once" ;;
  esac
}

engines=(Sqlite PostgreSql)
[ -z "${MODULARSHOP_TEST_SQLSERVER:-}" ] || engines+=(SqlServer)

suite Boundaries.Tests
for engine in "${engines[@]}"; do
  suite BuildingBlocks.Tests "$engine" "$(only "$engine")"
  suite Modules.Tests "$engine" "$(only "$engine")"
done
suite EndToEnd.Tests "" "$(only)"
suite Browser.Tests
suite Playbook.Tests

# Tables are moved from each engine to each other one as well.
if [ -n "${MODULARSHOP_TEST_LONG:-}" ] && [ -z "$word" ]; then
  word=BuildingBlocks.Tests.MoveTables
  for source in "${engines[@]}"; do
    for target in "${engines[@]}"; do
      [ "$source" = "$target" ] || MODULARSHOP_TEST_TARGET=$target suite BuildingBlocks.Tests "$source"
    done
  done
fi

echo
printf '%s\n' "${times[@]}"
[ -n "${MODULARSHOP_TEST_SQLSERVER:-}" ] || echo "Not run on SQL Server: MODULARSHOP_TEST_SQLSERVER is not set."
[ ${#again[@]} -eq 0 ] || printf 'Passed only when run once more, without others beside it: %s\n' "${again[@]}"
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ] && [ "$broken" -eq 0 ] && [ "$passed" -gt 0 ]
