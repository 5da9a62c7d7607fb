#!/usr/bin/env bash
# Sees whether a deployed app answers: it is ready, it lets nobody in without a token, and it looks protections up.
set -euo pipefail

usage='usage: infra/smoke-test.sh BASE_URL
  SMOKE_TOKEN       a token of the account below with aws-protections.read; without it, the lookup is left out
  SMOKE_ACCOUNT_ID  the account that the token is for
  SMOKE_ATTEMPTS    how often to ask whether it is ready, five seconds apart; 60 by default'

[ $# -eq 1 ] || { echo "$usage" >&2; exit 2; }
[[ $1 =~ ^https?://[^/]+$ ]] || { echo "'$1' is no base URL, such as https://HOST"$'\n'"$usage" >&2; exit 2; }
base=$1
attempts=${SMOKE_ATTEMPTS:-60}
account=${SMOKE_ACCOUNT_ID:-1}
lookup="$base/api/v1/accounts/$account/projects/smoke-test/aws/cloud-assemblies/1/protections/status?protection_id=t$account%3Asmoke-test%3A1%3A0%3A1"

# Prints the body, and the status on a line of its own. The token goes in by a file descriptor: no list of processes shows it.
ask() {
  curl --silent --show-error --max-time 30 --write-out '\n%{http_code}' "$@" || :
}

expect() {
  local what=$1 status=$2 code=$3 answer=$4
  if [ "${answer##*$'\n'}" != "$status" ] || [[ $answer != *"$code"* ]]; then
    echo "FAILED: $what was to be $status $code, and is:"$'\n'"$answer" >&2
    exit 1
  fi
  echo "ok: $what: $status $code"
}

for ((attempt = 1; ; attempt++)); do
  answer=$(ask "$base/api/health/ready")
  [ "${answer##*$'\n'}" != 200 ] || break
  if [ "$attempt" -ge "$attempts" ]; then
    echo "FAILED: $base/api/health/ready is not 200 after $attempts attempts:"$'\n'"$answer" >&2
    exit 1
  fi
  sleep 5
done
echo "ok: ready: 200"

expect "a lookup without a token" 401 token-missing "$(ask "$lookup")"

if [ -n "${SMOKE_TOKEN:-}" ]; then
  expect "a lookup of a protection that is not there" 404 protection-not-found \
    "$(ask --header @<(printf 'Authorization: Bearer %s' "$SMOKE_TOKEN") "$lookup")"
else
  echo "left out: a lookup of a protection that is not there, because SMOKE_TOKEN is not set"
fi
