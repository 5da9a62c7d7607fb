// A private DNS zone, which a virtual network resolves names in. There is one for each part, however many endpoints have names in it.

import { tags as tagsType } from '../types.bicep'

@description('Name of the zone.')
@minLength(3)
@maxLength(63)
param name string

@description('Tags.')
param tags tagsType

@description('The network that names are resolved in.')
@minLength(1)
param virtualNetworkId string

resource zone 'Microsoft.Network/privateDnsZones@2024-06-01' = {
  name: name
  location: 'global'
  tags: tags

  resource link 'virtualNetworkLinks' = {
    name: 'app'
    location: 'global'
    tags: tags
    properties: {
      registrationEnabled: false
      virtualNetwork: { id: virtualNetworkId }
    }
  }
}
