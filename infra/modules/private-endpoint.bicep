// An address in the virtual network for one part of a resource, and its name in a private DNS zone.

import { tags as tagsType } from '../types.bicep'

@description('Name of the endpoint.')
@minLength(2)
@maxLength(64)
param name string

@description('The region.')
@minLength(3)
param location string

@description('Tags.')
param tags tagsType

@description('The subnet of the endpoint.')
@minLength(1)
param subnetId string

@description('The resource that it leads to.')
@minLength(1)
param resourceId string

@description('The part of the resource.')
@allowed(['blob', 'queue', 'table', 'scheduler', 'sites'])
param groupId string

@description('The private DNS zone of that part, which is there.')
@minLength(3)
@maxLength(63)
param zoneName string

resource zone 'Microsoft.Network/privateDnsZones@2024-06-01' existing = {
  name: zoneName
}

resource endpoint 'Microsoft.Network/privateEndpoints@2025-01-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    subnet: { id: subnetId }
    privateLinkServiceConnections: [
      {
        name: groupId
        properties: {
          privateLinkServiceId: resourceId
          groupIds: [groupId]
        }
      }
    ]
  }

  resource records 'privateDnsZoneGroups' = {
    name: 'default'
    properties: {
      privateDnsZoneConfigs: [
        {
          name: groupId
          properties: { privateDnsZoneId: zone.id }
        }
      ]
    }
  }
}
