using '../main.bicep'

param environmentName = 'prod'
param location = readEnvironmentVariable('AZURE_LOCATION', 'westeurope')

param tokens = {
  kind: 'authority'
  authority: readEnvironmentVariable('AUTH_AUTHORITY')
  audience: readEnvironmentVariable('AUTH_AUDIENCE')
}

@description('Production says itself whether it captures: a missing variable must not make it simulate.')
var providers = {
  Aws: 'Aws'
  Simulated: 'Simulated'
}

param app = {
  Capture__Provider: providers[readEnvironmentVariable('CAPTURE_PROVIDER')]
  Aws__HubRoleArn: readEnvironmentVariable('AWS_HUB_ROLE_ARN', '')
  Aws__WebIdentity__Audience: readEnvironmentVariable('AWS_WEB_IDENTITY_AUDIENCE', '')
  Auth__Claims__AccountId: readEnvironmentVariable('AUTH_CLAIMS_ACCOUNT_ID', '')
  Auth__Claims__Projects: readEnvironmentVariable('AUTH_CLAIMS_PROJECTS', '')
  Auth__Claims__Permissions: readEnvironmentVariable('AUTH_CLAIMS_PERMISSIONS', '')
  Capture__TimeLimit: '06:00:00'
  Retention__Default: '30.00:00:00'
}

// A lookup never meets a cold start, and a protection starts within the time between two looks at the queue; a lost zone changes neither.
param scaling = {
  instanceMemoryMB: 2048
  maximumInstanceCount: 100
  httpConcurrency: 100
  alwaysReadyHttp: 2
  alwaysReadyDurable: 2
  zoneRedundant: true
}

param data = {
  redundancy: 'Standard_GZRS'
  deleteLock: true
}

param watch = {
  retentionDays: 90
  dailyCapGb: 10
  alertEmails: filter(split(readEnvironmentVariable('ALERT_EMAILS', ''), ','), address => !empty(address))
  serverErrorPercent: 1
  latencyMilliseconds: 1000
  backlogProtections: 0
  availabilitySeconds: 300
  throttledRequests: 10
}

param network = 'private-data'
