// The Durable Task Scheduler, in place of queues, tables and blobs as the state of Durable Functions.

import { tags as tagsType } from '../types.bicep'

@description('Name of the scheduler.')
@minLength(3)
@maxLength(64)
param name string

@description('The region.')
@minLength(3)
param location string

@description('Tags.')
param tags tagsType

@description('How it is billed: by what is done, or by what is kept ready.')
@allowed(['Consumption', 'Dedicated'])
param skuName string

@description('Whether it is reached through a private endpoint alone.')
param isPrivate bool

@description('The task hub, as host.json names it.')
@minLength(3)
@maxLength(64)
param hubName string

@description('Only a dedicated scheduler has a size.')
var sku = skuName == 'Dedicated' ? { name: skuName, capacity: 1 } : { name: skuName }

resource scheduler 'Microsoft.DurableTask/schedulers@2026-02-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    sku: sku
    ipAllowlist: isPrivate ? [] : ['0.0.0.0/0']
    publicNetworkAccess: isPrivate ? 'Disabled' : 'Enabled'
  }

  resource hub 'taskHubs' = {
    name: hubName
  }
}

@description('Its id.')
output id string = scheduler.id

@description('What the app connects with, less the identity.')
output connection string = 'Endpoint=${scheduler.properties.endpoint};Authentication=ManagedIdentity'
