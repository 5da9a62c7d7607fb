#!/usr/bin/env bash
# Sees whether a published app is whole: that the Functions host finds all it looks for in the folder, and that nothing of a developer's machine is in it.
# With --run, also starts that very folder under the local host, and asks it what infra/smoke-test.sh asks a deployed app.
set -euo pipefail

usage='usage: infra/check-package.sh [--run] FOLDER
  FOLDER  what this made: dotnet publish src/CloudRewind.Functions -c Release -o FOLDER
  --run   also starts it under tools/DevStack, which that command builds too, and asks it
  SMOKE_TOKEN, SMOKE_ACCOUNT_ID  where Auth__* settings say whose tokens to trust; by default, a token that the local host writes'

refuse() {
  echo "$1"$'\n'"$usage" >&2
  exit 2
}

run=
folder=
for argument in "$@"; do
  case $argument in
    --run) run=yes ;;
    -*) refuse "'$argument' is no option." ;;
    *)
      [ -z "$folder" ] || refuse "One folder at a time: '$folder' or '$argument'."
      folder=$argument
      ;;
  esac
done
[ -n "$folder" ] || refuse "No folder is named."
[ -d "$folder" ] || refuse "'$folder' is no folder."
folder=$(cd "$folder" && pwd)
cd "$(dirname "$0")/.."

faults=0
fault() {
  echo "FAILED: $1" >&2
  faults=$((faults + 1))
}

# What is in a file, given as an expression for grep, and why it must be.
contains() {
  if [ ! -s "$folder/$1" ]; then
    fault "$1 is missing or empty: $3"
  elif ! grep --quiet "$2" "$folder/$1"; then
    fault "$1 is not as expected: $3"
  fi
}

contains host.json '"durableTask"' 'the settings of the host and of its Durable extension'
contains worker.config.json '"defaultWorkerPath"' 'how the host starts the worker'
contains functions.metadata '"entryPoint"' 'the functions, and what starts them'
contains extensions.json 'Microsoft.Azure.WebJobs.Extensions.DurableTask' 'the extensions that the host is to load'
contains .azurefunctions/function.deps.json '"targets"' 'what the extensions consist of'

# The extensions that the host is to load, and what they bring along: the Durable storage engine is a file of its own. The host has the rest.
hosts='^(System|Newtonsoft|NCrontab|Microsoft\.(ApplicationInsights|AspNetCore|Extensions|Azure\.WebJobs))\.'
while IFS= read -r file; do
  contains ".azurefunctions/$file" '' 'a part of an extension, which runs in the host'
done < <(
  {
    grep -o '"hintPath": *"[^"]*\.dll"' "$folder/extensions.json" | sed 's|.*/||; s|"||'
    grep -o '"\(lib\|runtimes\)/[^"]*\.dll"' "$folder/.azurefunctions/function.deps.json" | sed 's|.*/||; s|"||' | grep -vE "$hosts"
  } 2> /dev/null | sort -u
)

worker=$(sed -n 's/.*"defaultWorkerPath": *"\([^"]*\)".*/\1/p' "$folder/worker.config.json" 2> /dev/null || :)
[ -z "$worker" ] || contains "$worker" '' 'the worker that worker.config.json names'

# Settings of a developer's machine would be deployed with their keys; the local host trusts a key that it makes itself.
while IFS= read -r file; do
  fault "${file#"$folder"/} must not be deployed"
done < <(find "$folder" \( -name 'local.settings*.json' -o -name 'CloudRewind.FunctionsHost*' -o -name 'CloudRewind.DevStack*' \) | sort)

[ "$faults" -eq 0 ] || exit 1
echo "ok: $folder holds what the Functions host looks for, and nothing of a developer's machine"
[ -n "$run" ] || exit 0

host=tools/DevStack/bin/Release/net10.0/CloudRewind.DevStack.dll
[ -f "$host" ] || refuse "$host is not there: publishing the app builds it."

# A port that nobody listens on.
for ((port = 7171; port < 7271; port++)); do
  (: < "/dev/tcp/localhost/$port") 2> /dev/null || break
done

log=$(mktemp)
pid=
finish() {
  [ -z "$pid" ] || kill -KILL "$pid" 2> /dev/null || :
  rm -f "$log"
}
trap finish EXIT

give_up() {
  echo "FAILED: $1" >&2
  cat "$log" >&2
  exit 1
}

is_running() {
  kill -0 "$pid" 2> /dev/null
}

dotnet "$host" "$folder" --urls "http://localhost:$port" > "$log" 2>&1 &
pid=$!

# The first start may have to install Azurite.
limit=$((SECONDS + 300))
until url=$(sed -n 's|.*Listening on \(http://[^/ ]*\).*|\1|p' "$log" | head -n 1) && [ -n "$url" ]; do
  is_running || give_up "the local host ended before it listened"
  [ "$SECONDS" -lt "$limit" ] || give_up "the local host does not listen after five minutes"
  sleep 0.2
done
echo "ok: it starts under the local host: $url"

token=${SMOKE_TOKEN:-$(cat .local/dev-token)} || give_up "the local host wrote no token to .local/dev-token"
SMOKE_TOKEN=$token SMOKE_ACCOUNT_ID=${SMOKE_ACCOUNT_ID:-1} SMOKE_ATTEMPTS=${SMOKE_ATTEMPTS:-6} infra/smoke-test.sh "$url" ||
  give_up "the app does not answer as it should"

kill -TERM "$pid"
limit=$((SECONDS + 20))
while is_running; do
  [ "$SECONDS" -lt "$limit" ] || give_up "the local host does not end within 20 seconds of SIGTERM"
  sleep 0.2
done
wait "$pid" && code=0 || code=$?
pid=
# 143: it let the signal end it.
[ "$code" -eq 0 ] || [ "$code" -eq 143 ] || give_up "the local host ended with $code"
echo "ok: it ends on SIGTERM"
