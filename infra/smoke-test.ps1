# infra/smoke-test.sh for Windows: sees whether a deployed app answers. It is ready, it lets nobody in without a token, and it looks protections up.
#   SMOKE_TOKEN       a token of the account below with aws-protections.read; without it, the lookup is left out
#   SMOKE_ACCOUNT_ID  the account that the token is for
#   SMOKE_ATTEMPTS    how often to ask whether it is ready, five seconds apart; 60 by default
[CmdletBinding()]
param([Parameter(Mandatory)] [ValidatePattern('^https?://[^/]+$')] [string] $BaseUrl)

$ErrorActionPreference = 'Stop'
Add-Type -AssemblyName System.Net.Http

$attempts = if ($env:SMOKE_ATTEMPTS) { [int] $env:SMOKE_ATTEMPTS } else { 60 }
$account = if ($env:SMOKE_ACCOUNT_ID) { $env:SMOKE_ACCOUNT_ID } else { '1' }
$lookup = "$BaseUrl/api/v1/accounts/$account/projects/smoke-test/aws/cloud-assemblies/1/protections/status?protection_id=t$account%3Asmoke-test%3A1%3A0%3A1"

$client = New-Object System.Net.Http.HttpClient
$client.Timeout = [TimeSpan]::FromSeconds(30)

# The status, and the body; 0 and the reason where nothing answers.
function Get-Answer([string] $address, [string] $token) {
    $request = New-Object System.Net.Http.HttpRequestMessage 'GET', $address
    if ($token) { $request.Headers.Authorization = New-Object System.Net.Http.Headers.AuthenticationHeaderValue 'Bearer', $token }
    try {
        $response = $client.SendAsync($request).GetAwaiter().GetResult()
        @{ Status = [int] $response.StatusCode; Body = $response.Content.ReadAsStringAsync().GetAwaiter().GetResult() }
    } catch {
        @{ Status = 0; Body = $_.Exception.GetBaseException().Message }
    }
}

function Stop-With([string] $message) {
    [Console]::Error.WriteLine("FAILED: $message")
    exit 1
}

function Assert-Answer([string] $what, [int] $status, [string] $code, $answer) {
    if ($answer.Status -ne $status -or -not $answer.Body.Contains($code)) {
        Stop-With "$what was to be $status $code, and is $($answer.Status):$([Environment]::NewLine)$($answer.Body)"
    }
    "ok: ${what}: $status $code"
}

for ($attempt = 1; ; $attempt++) {
    $answer = Get-Answer "$BaseUrl/api/health/ready"
    if ($answer.Status -eq 200) { break }
    if ($attempt -ge $attempts) {
        Stop-With "$BaseUrl/api/health/ready is not 200 after $attempts attempts, but $($answer.Status):$([Environment]::NewLine)$($answer.Body)"
    }
    Start-Sleep -Seconds 5
}
'ok: ready: 200'

Assert-Answer 'a lookup without a token' 401 'token-missing' (Get-Answer $lookup)

if ($env:SMOKE_TOKEN) {
    Assert-Answer 'a lookup of a protection that is not there' 404 'protection-not-found' (Get-Answer $lookup $env:SMOKE_TOKEN)
} else {
    'left out: a lookup of a protection that is not there, because SMOKE_TOKEN is not set'
}
