// Everything that Cloud Rewind Functions needs in Azure: no key, no secret, one identity.
//
// What Durable Functions keeps its state in, and under which name, is read from host.json, because the platform's scale controller
// reads it from there as well: an app setting that said otherwise would be seen by the app and not by what scales it.

targetScope = 'subscription'

import {
  appSettings
  durability
  durableTask
  monitoring
  networking
  scale
  tags
  trustedTokens
} from 'types.bicep'

@description('Name of the environment, which becomes part of every name.')
@minLength(2)
@maxLength(12)
param environmentName string

@description('The region of everything; it must have Flex Consumption.')
@minLength(3)
param location string

@description('Whose tokens the app trusts.')
param tokens trustedTokens

@description('The app\'s own settings.')
param app appSettings

@description('How the app is scaled.')
param scaling scale

@description('How the data is kept.')
param data durability

@description('What the app is watched with.')
param watch monitoring

@description('What can be reached from where.')
param network networking = 'public'

@description('How the Durable Task Scheduler is billed, where host.json asks for one.')
@allowed(['Consumption', 'Dedicated'])
param schedulerSku string = 'Consumption'

@description('More tags for every resource.')
param moreTags tags = {}

@description('What Durable Functions is told: the app and the platform read the same file.')
var durable durableTask = loadJsonContent('../host.json').extensions.durableTask

@description('Whether the Durable Task Scheduler keeps the state of orchestrations; otherwise storage does.')
var hasScheduler = durable.storageProvider.type == 'azureManaged'

@description('Whether what the Functions host and Durable Functions keep is in an account of its own.')
var hasHubStorage = data.?hubRedundancy != null

@description('Makes names unique in the world, and the same at every deployment.')
var token = uniqueString(subscription().subscriptionId, environmentName, location)

@description('Ends the names that need only be unique in a resource group.')
var suffix = 'cloudrewind-${environmentName}'

@description('Names of what modules have in common.')
var names = {
  identity: 'id-${suffix}'
  storage: 'stcrw${token}'
  hubStorage: 'stcrwhub${token}'
  packages: 'packages'
  insights: 'appi-${suffix}'
  scheduler: 'dts-${suffix}-${token}'
}

@description('Tags of every resource. azd finds its resources by the first.')
var allTags = union(moreTags, { 'azd-env-name': environmentName, application: 'cloud-rewind-functions' })

@description('Whether storage and scheduler are reached through the virtual network alone.')
var isDataPrivate = network != 'public'

@description('The private DNS zones, by the parts that they are for. No function tells the last two for another cloud than the public one.')
var zoneNames = {
  blob: 'privatelink.blob.${environment().suffixes.storage}'
  queue: 'privatelink.queue.${environment().suffixes.storage}'
  table: 'privatelink.table.${environment().suffixes.storage}'
  scheduler: 'privatelink.durabletask.io'
  sites: 'privatelink.azurewebsites.net'
}

@description('The parts that are reached through private endpoints.')
var privateParts = concat(
  isDataPrivate ? ['blob', 'queue', 'table'] : [],
  isDataPrivate && hasScheduler ? ['scheduler'] : [],
  network == 'private' ? ['sites'] : []
)

resource group 'Microsoft.Resources/resourceGroups@2025-04-01' = {
  name: 'rg-${suffix}'
  location: location
  tags: allTags
}

module identity 'modules/identity.bicep' = {
  scope: group
  params: {
    name: names.identity
    location: location
    tags: allTags
  }
}

module logs 'modules/monitoring.bicep' = {
  scope: group
  params: {
    workspaceName: 'log-${suffix}'
    insightsName: names.insights
    location: location
    tags: allTags
    retentionDays: watch.retentionDays
    dailyCapGb: watch.dailyCapGb
    deleteLock: data.deleteLock
  }
}

module storage 'modules/storage.bicep' = {
  scope: group
  params: {
    name: names.storage
    location: location
    tags: allTags
    skuName: data.redundancy
    isPrivate: isDataPrivate
    hasTables: true
    packageContainer: hasHubStorage ? null : names.packages
    deleteLock: data.deleteLock
  }
}

module hubStorage 'modules/storage.bicep' = if (hasHubStorage) {
  scope: group
  params: {
    name: names.hubStorage
    location: location
    tags: allTags
    skuName: data.hubRedundancy!
    isPrivate: isDataPrivate
    hasTables: false
    packageContainer: names.packages
    deleteLock: false // nothing is lost with it: the watchdog starts orchestrations again from the app's tables
  }
}

module scheduler 'modules/scheduler.bicep' = if (hasScheduler) {
  scope: group
  params: {
    name: names.scheduler
    location: location
    tags: allTags
    skuName: schedulerSku
    isPrivate: isDataPrivate
    hubName: durable.hubName
  }
}

module access 'modules/access.bicep' = {
  scope: group
  dependsOn: [storage, hubStorage, logs, scheduler]
  params: {
    #disable-next-line what-if-short-circuiting // a what-if does not name the assignments; a deployment can repeat them after the identity was made again
    principalId: identity.outputs.principalId
    storageName: names.storage
    hubStorageName: hasHubStorage ? names.hubStorage : null
    insightsName: names.insights
    schedulerName: hasScheduler ? names.scheduler : null
    hubName: durable.hubName
  }
}

module virtualNetwork 'modules/network.bicep' = if (isDataPrivate) {
  scope: group
  params: {
    suffix: suffix
    location: location
    tags: allTags
  }
}

module functionApp 'modules/function-app.bicep' = {
  scope: group
  // It starts as soon as it is there, and must reach its storage by then.
  dependsOn: [storage, hubStorage, logs, access, storageEndpoints, tableEndpoint]
  params: {
    name: 'func-${suffix}-${token}'
    planName: 'plan-${suffix}'
    location: location
    tags: allTags
    scaling: scaling.zoneRedundant && !contains(data.?hubRedundancy ?? data.redundancy, 'ZRS')
      ? fail('zoneRedundant takes storage in three zones: ZRS or GZRS.')
      : scaling
    tokens: tokens
    app: empty(app.?Aws__HubRoleArn) == empty(app.?Aws__WebIdentity__Audience)
      ? app
      : fail('Aws__HubRoleArn and Aws__WebIdentity__Audience go together: both, or neither.')
    identityId: identity.outputs.id
    identityClientId: identity.outputs.clientId
    storageName: hasHubStorage ? names.hubStorage : names.storage
    tablesStorageName: hasHubStorage ? names.storage : null
    packageContainer: names.packages
    insightsName: names.insights
    schedulerConnection: scheduler.?outputs.connection
    schedulerConnectionName: durable.storageProvider.?connectionStringName
    subnetId: virtualNetwork.?outputs.appSubnetId
    isPrivate: network == 'private'
  }
}

module zones 'modules/private-zone.bicep' = [
  for part in privateParts: {
    scope: group
    params: {
      name: zoneNames[part]
      tags: allTags
      virtualNetworkId: virtualNetwork!.outputs.id
    }
  }
]

module storageEndpoints 'modules/private-endpoint.bicep' = [
  for part in isDataPrivate ? ['blob', 'queue', 'table'] : []: {
    scope: group
    dependsOn: [zones]
    params: {
      name: 'pe-${part}-${suffix}'
      location: location
      tags: allTags
      subnetId: virtualNetwork!.outputs.endpointSubnetId
      resourceId: hasHubStorage ? hubStorage!.outputs.id : storage.outputs.id
      groupId: part
      zoneName: zoneNames[part]
    }
  }
]

module tableEndpoint 'modules/private-endpoint.bicep' = if (isDataPrivate && hasHubStorage) {
  scope: group
  dependsOn: [zones]
  params: {
    name: 'pe-data-${suffix}'
    location: location
    tags: allTags
    subnetId: virtualNetwork!.outputs.endpointSubnetId
    resourceId: storage.outputs.id
    groupId: 'table'
    zoneName: zoneNames.table
  }
}

module schedulerEndpoint 'modules/private-endpoint.bicep' = if (isDataPrivate && hasScheduler) {
  scope: group
  dependsOn: [zones]
  params: {
    name: 'pe-scheduler-${suffix}'
    location: location
    tags: allTags
    subnetId: virtualNetwork!.outputs.endpointSubnetId
    resourceId: scheduler!.outputs.id
    groupId: 'scheduler'
    zoneName: zoneNames.scheduler
  }
}

module appEndpoint 'modules/private-endpoint.bicep' = if (network == 'private') {
  scope: group
  dependsOn: [zones]
  params: {
    name: 'pe-app-${suffix}'
    location: location
    tags: allTags
    subnetId: virtualNetwork!.outputs.endpointSubnetId
    resourceId: functionApp.outputs.id
    groupId: 'sites'
    zoneName: zoneNames.sites
  }
}

module alerts 'modules/alerts.bicep' = {
  scope: group
  dependsOn: [storage, hubStorage]
  params: {
    suffix: suffix
    location: location
    tags: allTags
    watch: watch
    workspaceId: logs.outputs.workspaceId
    insightsName: names.insights
    storageNames: hasHubStorage ? [names.storage, names.hubStorage] : [names.storage]
    hostName: functionApp.outputs.hostName
    isPrivate: network == 'private'
  }
}

module workbook 'modules/workbook.bicep' = {
  scope: group
  params: {
    location: location
    tags: allTags
    workspaceId: logs.outputs.workspaceId
  }
}

@description('The resource group.')
output AZURE_RESOURCE_GROUP string = group.name

@description('The function app, to which the build is published.')
output SERVICE_FUNCTIONS_NAME string = functionApp.outputs.name

@description('The address that the API answers under.')
output SERVICE_FUNCTIONS_URI string = 'https://${functionApp.outputs.hostName}'

@description('The storage account with the app\'s tables.')
output STORAGE_ACCOUNT_NAME string = names.storage

@description('The client id of the app\'s identity.')
output IDENTITY_CLIENT_ID string = identity.outputs.clientId

@description('The object id of the app\'s identity: the subject of its token for AWS.')
output IDENTITY_PRINCIPAL_ID string = identity.outputs.principalId

@description('The tenant that issues the token.')
output IDENTITY_TENANT_ID string = tenant().tenantId
