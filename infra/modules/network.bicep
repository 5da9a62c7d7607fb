// The network through which the app reaches what is closed to the world, and its one way out: AWS and the tokens' authority are out there.

import { tags as tagsType } from '../types.bicep'

@description('Ends the names.')
@minLength(1)
@maxLength(40)
param suffix string

@description('The region.')
@minLength(3)
param location string

@description('Tags.')
param tags tagsType

resource address 'Microsoft.Network/publicIPAddresses@2025-01-01' = {
  name: 'pip-${suffix}'
  location: location
  tags: tags
  sku: { name: 'Standard' }
  properties: { publicIPAllocationMethod: 'Static' }
}

resource wayOut 'Microsoft.Network/natGateways@2025-01-01' = {
  name: 'nat-${suffix}'
  location: location
  tags: tags
  sku: { name: 'Standard' }
  properties: { publicIpAddresses: [{ id: address.id }] }
}

resource network 'Microsoft.Network/virtualNetworks@2025-01-01' = {
  name: 'vnet-${suffix}'
  location: location
  tags: tags
  properties: {
    addressSpace: { addressPrefixes: ['10.80.0.0/16'] }
    subnets: [
      {
        name: 'app'
        properties: {
          addressPrefix: '10.80.0.0/24'
          defaultOutboundAccess: false
          natGateway: { id: wayOut.id }
          delegations: [
            {
              name: 'flex'
              properties: { serviceName: 'Microsoft.App/environments' }
            }
          ]
        }
      }
      {
        name: 'endpoints'
        properties: {
          addressPrefix: '10.80.1.0/24'
          defaultOutboundAccess: false
          privateEndpointNetworkPolicies: 'Enabled'
        }
      }
    ]
  }

  resource app 'subnets' existing = {
    name: 'app'
  }

  resource endpoints 'subnets' existing = {
    name: 'endpoints'
  }
}

@description('The id of the network.')
output id string = network.id

@description('The subnet that the app is in.')
output appSubnetId string = network::app.id

@description('The subnet that the private endpoints are in.')
output endpointSubnetId string = network::endpoints.id
