// What somebody must be told of. docs/operations.md says, for each, what it means and what to do.

import { monitoring, tags as tagsType } from '../types.bicep'

@description('Ends the names.')
@minLength(1)
@maxLength(40)
param suffix string

@description('The region.')
@minLength(3)
param location string

@description('Tags.')
param tags tagsType

@description('Who is told, and from when on.')
param watch monitoring

@description('The workspace with the logs.')
@minLength(1)
param workspaceId string

@description('The storage account.')
@minLength(1)
param storageId string

@description('An alert that a query of the logs raises: by how many rows it has, or by the greatest value in a column of them.')
@sealed()
type logAlert = {
  @description('Its name.')
  name: string

  @description('What has happened.')
  description: string

  @description('0 is the worst, 4 the mildest.')
  @minValue(0)
  @maxValue(4)
  severity: int

  @description('The query.')
  query: string

  @description('The column whose greatest value counts; absent where the rows are counted.')
  column: string?

  @description('The column that tells one cause from another, each with an alert of its own.')
  splitBy: string?

  @description('Above which it is raised.')
  threshold: int

  @description('How far back it looks: an ISO 8601 duration.')
  window: string
}

@description('What is looked for in the logs, every five minutes.')
var logAlerts logAlert[] = [
  {
    name: 'protection-failed'
    description: 'A protection has failed, or what it captured could not be removed.'
    severity: 2
    query: loadTextContent('../monitoring/protection-failed.kql')
    splitBy: 'To'
    threshold: 0
    window: 'PT15M'
  }
  {
    name: 'protection-stalled'
    description: 'The orchestration of a protection is alive and yet stands still, or something else has driven the protection.'
    severity: 1
    query: loadTextContent('../monitoring/protection-stalled.kql')
    threshold: 0
    window: 'PT15M'
  }
  {
    name: 'orchestration-backlog'
    description: 'Protections have been accepted and nothing begins on them.'
    severity: 1
    query: loadTextContent('../monitoring/orchestration-backlog.kql')
    threshold: watch.backlogProtections
    window: 'P1D' // as long as nothing begins on them, and not for an hour only
  }
  {
    name: 'server-errors'
    description: 'Too many requests are answered with 500 and above.'
    severity: 1
    query: loadTextContent('../monitoring/server-errors.kql')
    column: 'Percent'
    threshold: watch.serverErrorPercent
    window: 'PT15M'
  }
  {
    name: 'latency'
    description: 'One request in twenty to an operation takes too long; those that wait because their client wants to are not counted.'
    severity: 2
    query: loadTextContent('../monitoring/latency.kql')
    column: 'Milliseconds'
    splitBy: 'Name'
    threshold: watch.latencyMilliseconds
    window: 'PT15M'
  }
]

resource people 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: 'ag-${suffix}'
  location: 'global'
  tags: tags
  properties: {
    groupShortName: 'cloudrewind'
    enabled: true
    emailReceivers: map(watch.alertEmails, address => {
      name: address
      emailAddress: address
      useCommonAlertSchema: true
    })
  }
}

resource inLogs 'Microsoft.Insights/scheduledQueryRules@2026-03-01' = [
  for alert in logAlerts: {
    name: '${alert.name}-${suffix}'
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: alert.name
      description: alert.description
      severity: alert.severity
      enabled: true
      scopes: [workspaceId]
      evaluationFrequency: 'PT5M'
      windowSize: alert.window
      autoMitigate: true
      skipQueryValidation: true // in a new workspace the tables are there only once something has been logged
      criteria: {
        allOf: [
          {
            query: alert.query
            timeAggregation: alert.?column == null ? 'Count' : 'Maximum'
            metricMeasureColumn: alert.?column
            dimensions: alert.?splitBy == null ? [] : [{ name: alert.splitBy!, operator: 'Include', values: ['*'] }]
            operator: 'GreaterThan'
            threshold: alert.threshold
            failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 }
          }
        ]
      }
      actions: { actionGroups: [people.id] }
    }
  }
]

resource throttling 'Microsoft.Insights/metricAlerts@2026-01-01' = {
  name: 'storage-throttling-${suffix}'
  location: 'global'
  tags: tags
  properties: {
    description: 'Storage turns requests away because there are too many.'
    severity: 2
    enabled: true
    scopes: [storageId]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT5M'
    autoMitigate: true
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          criterionType: 'StaticThresholdCriterion'
          name: 'throttled'
          metricName: 'Transactions'
          dimensions: [
            {
              name: 'ResponseType'
              operator: 'Include'
              values: [
                'ClientThrottlingError'
                'ClientAccountRequestThrottlingError'
                'ClientAccountBandwidthThrottlingError'
                'ServerBusyError'
              ]
            }
          ]
          timeAggregation: 'Total'
          operator: 'GreaterThan'
          threshold: watch.throttledRequests
        }
      ]
    }
    actions: [{ actionGroupId: people.id }]
  }
}
