// For azd, which keeps these values in its own environment: azd env set AUTH_AUTHORITY ..., and so on. Sizes are those of dev.
using 'main.bicep'

param environmentName = readEnvironmentVariable('AZURE_ENV_NAME')
param location = readEnvironmentVariable('AZURE_LOCATION')

param tokens = {
  kind: 'authority'
  authority: readEnvironmentVariable('AUTH_AUTHORITY')
  audience: readEnvironmentVariable('AUTH_AUDIENCE')
}

@description('The way into AWS, where there is one: docs/aws.md.')
var hubRoleArn = readEnvironmentVariable('AWS_HUB_ROLE_ARN', '')

param app = {
  Capture__Provider: empty(hubRoleArn) ? 'Simulated' : 'Aws'
  Aws__HubRoleArn: hubRoleArn
  Aws__WebIdentity__Audience: readEnvironmentVariable('AWS_WEB_IDENTITY_AUDIENCE', '')
  Auth__Claims__AccountId: readEnvironmentVariable('AUTH_CLAIMS_ACCOUNT_ID', '')
  Auth__Claims__Projects: readEnvironmentVariable('AUTH_CLAIMS_PROJECTS', '')
  Auth__Claims__Permissions: readEnvironmentVariable('AUTH_CLAIMS_PERMISSIONS', '')
}

param scaling = {
  instanceMemoryMB: 512
  maximumInstanceCount: 40
  httpConcurrency: 50
  alwaysReadyHttp: 0
  alwaysReadyDurable: 0
  zoneRedundant: false
}

param data = {
  redundancy: 'Standard_LRS'
  deleteLock: false
}

param watch = {
  retentionDays: 30
  dailyCapGb: 1
  alertEmails: []
  serverErrorPercent: 5
  latencyMilliseconds: 5000
  backlogProtections: 0
  availabilitySeconds: 900
  throttledRequests: 0
}
