// Who the app is to everything that it uses.

import { tags as tagsType } from '../types.bicep'

@description('Name of the identity.')
@minLength(3)
@maxLength(128)
param name string

@description('The region.')
@minLength(3)
param location string

@description('Tags.')
param tags tagsType

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: name
  location: location
  tags: tags
}

@description('Its resource id.')
output id string = identity.id

@description('Its client id, by which code asks for its tokens.')
output clientId string = identity.properties.clientId

@description('Its object id, to which roles are assigned.')
output principalId string = identity.properties.principalId
