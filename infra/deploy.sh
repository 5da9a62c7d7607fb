#!/usr/bin/env bash
# Builds the app, provisions an environment, publishes the app to it, and sees whether it answers.
# The steps around it, and what must be there first: docs/deploy.md.
set -euo pipefail
cd "$(dirname "$0")/.."

usage='usage: infra/deploy.sh [--dry-run | --what-if] ENV
  ENV        an environment with a file infra/environments/ENV.bicepparam
  --dry-run  prints the commands and runs none of them
  --what-if  says what would be changed in Azure, and changes nothing'

refuse() {
  echo "$1" >&2
  exit "${2:-2}"
}

mode=deploy
environment=
for argument in "$@"; do
  case $argument in
    --dry-run | --what-if)
      [ "$mode" = deploy ] || refuse "--dry-run and --what-if exclude each other."$'\n'"$usage"
      mode=${argument#--}
      ;;
    -*) refuse "'$argument' is no option."$'\n'"$usage" ;;
    *)
      [ -z "$environment" ] || refuse "One environment at a time: '$environment' or '$argument'."$'\n'"$usage"
      environment=$argument
      ;;
  esac
done
[ -n "$environment" ] || refuse "No environment is named."$'\n'"$usage"

parameters=infra/environments/$environment.bicepparam
known=$(find infra/environments -name '*.bicepparam' -exec basename {} .bicepparam \; | sort | paste -sd ' ')
[[ $environment =~ ^[a-z0-9-]+$ && -f $parameters ]] || refuse "'$environment' is no environment; there are: $known."

if [ "$mode" != dry-run ]; then
  for variable in AUTH_AUTHORITY AUTH_AUDIENCE; do
    [ -n "${!variable:-}" ] || refuse "$variable is not set; $parameters reads it: see docs/deploy.md."
  done
  if grep -q CAPTURE_PROVIDER "$parameters" && [[ ! ${CAPTURE_PROVIDER:-} =~ ^(Aws|Simulated)$ ]]; then
    refuse "CAPTURE_PROVIDER is '${CAPTURE_PROVIDER:-}'; $parameters needs 'Aws', or 'Simulated' to try things out: see docs/deploy.md."
  fi
  tools=(az)
  [ "$mode" = what-if ] || tools=(az dotnet func curl)
  for tool in "${tools[@]}"; do
    command -v "$tool" > /dev/null || refuse "'$tool' is not installed, or not on the PATH: see docs/deploy.md." 3
  done
fi

# Every command is printed; in a dry run that is all. Standard output itself is what a command substitution reads.
exec 3>&1
run() {
  { printf '+'; printf ' %q' "$@"; echo; } >&3
  [ "$mode" = dry-run ] || "$@"
}

deployment=cloudrewind-$environment
# Below the project: without a project file here or above, `func` does not know the .NET version and refuses to deploy to Flex Consumption.
package=src/CloudRewind.Functions/bin/publish
location=${AZURE_LOCATION:-westeurope}

# What the deployment says of itself; in a dry run, the name of what it would say.
output() {
  run az deployment sub show --name "$deployment" --query "properties.outputs.$1.value" --output tsv
  [ "$mode" != dry-run ] || echo "$1"
}

if [ "$mode" = what-if ]; then
  # ProviderNoRbac: to ask what would be changed takes no right to change it.
  run az deployment sub what-if --name "$deployment" --location "$location" --parameters "$parameters" --validation-level ProviderNoRbac
  exit
fi

# The build comes first: what does not build changes nothing in Azure.
run rm -rf "$package"
run dotnet publish src/CloudRewind.Functions -c Release -o "$package"

run az deployment sub create --name "$deployment" --location "$location" --parameters "$parameters" --output none
app=$(output SERVICE_FUNCTIONS_NAME)
uri=$(output SERVICE_FUNCTIONS_URI)

run cd "$package"
run func azure functionapp publish "$app" --no-build --dotnet-isolated
run cd ../../../..

run infra/smoke-test.sh "$uri"
