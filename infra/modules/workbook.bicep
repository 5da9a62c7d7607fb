// Protections by state over time, and what has become of each.

import { tags as tagsType } from '../types.bicep'

@description('The region.')
@minLength(3)
param location string

@description('Tags.')
param tags tagsType

@description('The workspace with the logs.')
@minLength(1)
param workspaceId string

resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  name: guid(resourceGroup().id, 'protections')
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    displayName: 'Protections'
    category: 'workbook'
    sourceId: workspaceId
    version: '1.0'
    serializedData: string(loadJsonContent('../monitoring/protections.workbook.json'))
  }
}
