// A storage account: for the app's tables, for what the Functions host and Durable Functions keep, or for both.
// Durable Functions makes its own tables, queues and containers: their names are its own business.

import { redundancy, tags as tagsType } from '../types.bicep'

@description('Name of the account, unique in the world.')
@minLength(3)
@maxLength(24)
param name string

@description('The region.')
@minLength(3)
param location string

@description('Tags.')
param tags tagsType

@description('Copies of what it holds.')
param skuName redundancy

@description('Whether the account is reached through private endpoints alone.')
param isPrivate bool

@description('Whether it holds the app\'s tables.')
param hasTables bool

@description('The container that the app is deployed from; absent where that is in another account.')
@minLength(3)
@maxLength(63)
param packageContainer string?

@description('Whether it is locked against deletion.')
param deleteLock bool

@description('The app\'s tables, by the names that the code gives them.')
var appTables = [
  'Protections'
  'CloudAssemblies'
  'DuePolicies'
  'WorkList'
  'RevokedTokens'
]

resource account 'Microsoft.Storage/storageAccounts@2025-06-01' = {
  name: name
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: { name: skuName }
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

  resource blobs 'blobServices' = if (packageContainer != null) {
    name: 'default'

    resource packages 'containers' = {
      name: packageContainer ?? 'none'
    }
  }

  resource tables 'tableServices' = if (hasTables) {
    name: 'default'

    resource all 'tables' = [for table in appTables: { name: table }]
  }
}

resource lock 'Microsoft.Authorization/locks@2020-05-01' = if (deleteLock) {
  scope: account
  name: 'keep'
  properties: {
    level: 'CanNotDelete'
    notes: 'It holds every protection and every transition.'
  }
}

@description('Its id.')
output id string = account.id
