# infra/deploy.sh for Windows: the same steps, in the same order. docs/deploy.md has what must be there first.
[CmdletBinding()]
param(
    # An environment with a file infra/environments/ENV.bicepparam.
    [Parameter(Mandatory)] [ValidatePattern('^[a-z0-9-]+$')] [string] $Environment,
    # Prints the commands and runs none of them.
    [switch] $DryRun,
    # Says what would be changed in Azure, and changes nothing.
    [switch] $WhatIf
)

$ErrorActionPreference = 'Stop'
# What the programs print is handed on, and how they ended is looked at below.
$PSNativeCommandUseErrorActionPreference = $false
Set-Location (Join-Path $PSScriptRoot '..')

function Stop-With([string] $message, [int] $code = 2) {
    [Console]::Error.WriteLine($message)
    exit $code
}

$parameters = "infra/environments/$Environment.bicepparam"
if ($DryRun -and $WhatIf) { Stop-With '-DryRun and -WhatIf exclude each other.' }
if (-not (Test-Path $parameters)) {
    $known = (Get-ChildItem infra/environments/*.bicepparam | Sort-Object Name).BaseName -join ' '
    Stop-With "'$Environment' is no environment; there are: $known."
}
if (-not $DryRun) {
    foreach ($variable in 'AUTH_AUTHORITY', 'AUTH_AUDIENCE') {
        if (-not [Environment]::GetEnvironmentVariable($variable)) { Stop-With "$variable is not set; $parameters reads it: see docs/deploy.md." }
    }
    foreach ($tool in $(if ($WhatIf) { , 'az' } else { 'az', 'dotnet', 'func' })) {
        if (-not (Get-Command $tool -CommandType Application -ErrorAction SilentlyContinue)) {
            Stop-With "'$tool' is not installed, or not on the PATH: see docs/deploy.md." 3
        }
    }
}

# Every command is printed; in a dry run that is all.
function Invoke-Step([string] $program, [string[]] $arguments) {
    Write-Host "+ $program $($arguments -join ' ')"
    if ($DryRun) { return }
    $global:LASTEXITCODE = 0
    & $program @arguments
    if ($LASTEXITCODE -ne 0) { Stop-With "'$program' ended with $LASTEXITCODE." $LASTEXITCODE }
}

$deployment = "cloudrewind-$Environment"
$location = if ($env:AZURE_LOCATION) { $env:AZURE_LOCATION } else { 'westeurope' }
# Below the project: without a project file here or above, `func` does not know the .NET version and refuses to deploy to Flex Consumption.
$package = 'src/CloudRewind.Functions/bin/publish'

# What the deployment says of itself; in a dry run, the name of what it would say.
function Get-Output([string] $name) {
    $value = Invoke-Step az 'deployment', 'sub', 'show', '--name', $deployment, '--query', "properties.outputs.$name.value", '--output', 'tsv'
    if ($DryRun) { $name } else { $value }
}

if ($WhatIf) {
    # ProviderNoRbac: to ask what would be changed takes no right to change it.
    Invoke-Step az 'deployment', 'sub', 'what-if', '--name', $deployment, '--location', $location, '--parameters', $parameters, '--validation-level', 'ProviderNoRbac'
    exit
}

# The build comes first: what does not build changes nothing in Azure.
Write-Host "+ Remove-Item -Recurse -Force $package"
if (-not $DryRun -and (Test-Path $package)) { Remove-Item -Recurse -Force $package }
Invoke-Step dotnet 'publish', 'src/CloudRewind.Functions', '-c', 'Release', '-o', $package

Invoke-Step az 'deployment', 'sub', 'create', '--name', $deployment, '--location', $location, '--parameters', $parameters, '--output', 'none'
$app = Get-Output functionAppName
$hostName = Get-Output hostName

Invoke-Step Set-Location $package
Invoke-Step func 'azure', 'functionapp', 'publish', $app, '--no-build', '--dotnet-isolated'
Invoke-Step Set-Location '../../../..'

Invoke-Step infra/smoke-test.ps1 "https://$hostName"
