// One account: the app's tables, the packages it is deployed from, and what Durable Functions and the Functions host keep.

import { durability, tags as tagsType } from '../types.bicep'

@description('Name of the account, unique in the world.')
@minLength(3)
@maxLength(24)
param name string

@description('The region.')
@minLength(3)
param location string

@description('Tags.')
param tags tagsType

@description('How the data is kept.')
param data durability

@description('The container that the app is deployed from.')
@minLength(3)
@maxLength(63)
param packageContainer string

@description('Whether the account is reached through private endpoints alone.')
param isPrivate bool

@description('The task hub, as host.json names it.')
@minLength(3)
@maxLength(45)
param hubName string

@description('Its control queues; 0 where the task hub is not in storage.')
@minValue(0)
@maxValue(16)
param hubPartitions int

@description('The app\'s tables, by the names that the code gives them.')
var appTables = [
  'Protections'
  'CloudAssemblies'
  'UnfinishedProtections'
  'RevokedTokens'
  'SimulatedSnapshots'
]

@description('The names that Durable Functions gives to its tables.')
var hubTables = hubPartitions == 0 ? [] : ['${hubName}History', '${hubName}Instances', '${hubName}Partitions']

@description('The names that Durable Functions gives to its queues.')
var hubQueues = hubPartitions == 0
  ? []
  : concat(
      ['${toLower(hubName)}-workitems'],
      map(range(0, hubPartitions), partition => '${toLower(hubName)}-control-${padLeft(partition, 2, '0')}')
    )

@description('The names that Durable Functions gives to its containers.')
var hubContainers = hubPartitions == 0 ? [] : ['${toLower(hubName)}-leases', '${toLower(hubName)}-largemessages']

@description('Whether blobs can be set back, for which every version of them is kept.')
var hasPointInTime = data.?pointInTimeDays != null

resource account 'Microsoft.Storage/storageAccounts@2026-06-01' = {
  name: name
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: { name: data.redundancy }
  properties: {
    accessTier: 'Hot'
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    allowSharedKeyAccess: false
    allowedCopyScope: 'AAD'
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    publicNetworkAccess: isPrivate ? 'Disabled' : 'Enabled'
    networkAcls: {
      defaultAction: isPrivate ? 'Deny' : 'Allow'
      bypass: 'None'
    }
  }

  resource blobs 'blobServices' = {
    name: 'default'
    properties: {
      deleteRetentionPolicy: { enabled: true, days: data.softDeleteDays }
      containerDeleteRetentionPolicy: { enabled: true, days: data.softDeleteDays }
      isVersioningEnabled: hasPointInTime
      changeFeed: hasPointInTime ? { enabled: true, retentionInDays: data.softDeleteDays } : { enabled: false }
      restorePolicy: hasPointInTime ? { enabled: true, days: data.pointInTimeDays! } : { enabled: false }
    }

    resource containers 'containers' = [
      for container in concat([packageContainer], hubContainers): {
        name: container
        properties: { publicAccess: 'None' }
      }
    ]
  }

  resource queues 'queueServices' = {
    name: 'default'

    resource all 'queues' = [for queue in hubQueues: { name: queue }]
  }

  resource tables 'tableServices' = {
    name: 'default'

    resource all 'tables' = [for table in concat(appTables, hubTables): { name: table }]
  }

  // The host writes small blobs for ever: without this, each version of each would be kept as long.
  resource lifecycle 'managementPolicies' = if (hasPointInTime) {
    name: 'default'
    dependsOn: [blobs]
    properties: {
      policy: {
        rules: [
          {
            name: 'old-versions'
            type: 'Lifecycle'
            enabled: true
            definition: {
              filters: { blobTypes: ['blockBlob'] }
              actions: { version: { delete: { daysAfterCreationGreaterThan: data.softDeleteDays } } }
            }
          }
        ]
      }
    }
  }
}

resource lock 'Microsoft.Authorization/locks@2020-05-01' = if (data.deleteLock) {
  scope: account
  name: 'keep'
  properties: {
    level: 'CanNotDelete'
    notes: 'It holds every protection and every transition.'
  }
}

@description('Its id.')
output id string = account.id
