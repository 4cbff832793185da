#!/usr/bin/env bash
# Adds a migration of one module for each database provider: ./migrations.sh Catalog AddBrand
set -euo pipefail
cd "$(dirname "$0")"
[ $# -eq 2 ] || { echo "usage: ./migrations.sh <Module> <MigrationName>, e.g. ./migrations.sh Catalog AddBrand" >&2; exit 2; }
module=$1 name=$2
project=src/Modules/$module/ModularShop.$module
[ -d "$project" ] || { echo "There is no module $module: $project does not exist." >&2; exit 2; }
migrations=$project/Infrastructure/Migrations
snapshot=${module}DbContextModelSnapshot.cs

# The tool takes any file of the snapshot's name for the one to overwrite: it sees one provider's at a time.
show_all() { for hidden in "$migrations"/*/"$snapshot.hidden"; do [ ! -e "$hidden" ] || mv "$hidden" "${hidden%.hidden}"; done; }
trap show_all EXIT

dotnet tool restore > /dev/null
dotnet build "$project" -v quiet -nologo
for provider in Sqlite SqlServer PostgreSql; do
  for other in Sqlite SqlServer PostgreSql; do
    [ "$other" = "$provider" ] || [ ! -e "$migrations/$other/$snapshot" ] || mv "$migrations/$other/$snapshot" "$migrations/$other/$snapshot.hidden"
  done
  dotnet ef migrations add "$name" --no-build --project "$project" --startup-project "$project" --context "${module}DbContext" \
    --output-dir "Infrastructure/Migrations/$provider" -- "$provider"
  show_all
done
