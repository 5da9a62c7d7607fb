// What the app may do, and nothing else may be added to it elsewhere.

@description('The object id of the app\'s identity. It names the assignments, too: an identity that is made again under its name gets new ones.')
@minLength(1)
param principalId string

@description('The storage account with the app\'s tables.')
@minLength(3)
@maxLength(24)
param storageName string

@description('The storage account of the Functions host and Durable Functions, where that is another one.')
@minLength(3)
@maxLength(24)
param hubStorageName string?

@description('Application Insights.')
@minLength(1)
@maxLength(255)
param insightsName string

@description('The Durable Task Scheduler, where there is one.')
@minLength(3)
@maxLength(64)
param schedulerName string?

@description('Its task hub.')
@minLength(3)
@maxLength(45)
param hubName string

@description('Roles on the account that the host works with. The host\'s locks and packages, and large messages, are blobs: the host is documented to need their owner.')
var storageRoles = {
  blobDataOwner: 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'
  queueDataContributor: '974c5e8b-45b9-4653-ba55-5f855dd0fb88'
  tableDataContributor: '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3'
}

@description('Lets the app send what it measures, and read nothing.')
var monitoringMetricsPublisher = '3913510d-42f4-4e42-8a64-420c390055eb'

@description('Lets the app work on one task hub.')
var durableTaskDataContributor = '0ad04412-c4d5-4796-b79c-f76d14c8d402'

resource storage 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: storageName
}

resource hubStorage 'Microsoft.Storage/storageAccounts@2025-06-01' existing = if (hubStorageName != null) {
  name: hubStorageName ?? 'none'
}

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: insightsName
}

resource scheduler 'Microsoft.DurableTask/schedulers@2026-02-01' existing = if (schedulerName != null) {
  name: schedulerName ?? 'none'

  resource hub 'taskHubs' existing = {
    name: hubName
  }
}

resource onStorage 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for role in hubStorageName == null ? items(storageRoles) : [{ value: storageRoles.tableDataContributor }]: {
    scope: storage
    name: guid(storage.id, principalId, role.value)
    properties: {
      principalId: principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role.value)
    }
  }
]

resource onHubStorage 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for role in hubStorageName == null ? [] : items(storageRoles): {
    scope: hubStorage
    name: guid(hubStorage.id, principalId, role.value)
    properties: {
      principalId: principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role.value)
    }
  }
]

resource onInsights 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: insights
  name: guid(insights.id, principalId, monitoringMetricsPublisher)
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', monitoringMetricsPublisher)
  }
}

resource onHub 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (schedulerName != null) {
  scope: scheduler::hub
  name: guid(scheduler::hub.id, principalId, durableTaskDataContributor)
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', durableTaskDataContributor)
  }
}
