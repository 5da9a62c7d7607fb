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

@description('Application Insights.')
@minLength(1)
@maxLength(255)
param insightsName string

@description('The storage accounts.')
@minLength(1)
param storageNames string[]

@description('The host name that the API answers under.')
@minLength(1)
param hostName string

@description('Whether the app is reached through a private endpoint alone: no availability test gets there.')
param isPrivate bool

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
    name: 'protection-incomplete'
    description: 'A protection captured only some of its resources, or found none although the one before had some.'
    severity: 2
    query: loadTextContent('../monitoring/protection-incomplete.kql')
    splitBy: 'To'
    threshold: 0
    window: 'P2D' // the outcome before a nightly one is a day old
  }
  {
    name: 'protection-stalled'
    description: 'A protection stands still, or something else has driven the protection.'
    severity: 1
    query: loadTextContent('../monitoring/protection-stalled.kql')
    threshold: 0
    window: 'PT15M'
  }
  {
    name: 'orchestration-restarts'
    description: 'An orchestration has been started again three times within an hour: it fails again and again.'
    severity: 1
    query: loadTextContent('../monitoring/orchestration-restarts.kql')
    threshold: 0
    window: 'PT1H'
  }
  {
    name: 'deletion-stalled'
    description: 'The deletion of a cloud assembly stands still.'
    severity: 2
    query: loadTextContent('../monitoring/deletion-stalled.kql')
    threshold: 0
    window: 'PT15M'
  }
  {
    name: 'watchdog-silent'
    description: 'The watchdog, which looks every minute, has not ended a look: the app is dead, or its logs do not arrive.'
    severity: 0
    query: loadTextContent('../monitoring/watchdog-silent.kql')
    threshold: 0
    window: 'PT15M'
  }
  {
    name: 'copy-overdue'
    description: 'The newest full copy of a cloud assembly is older than its policy allows, or there is none, or nothing looks at the schedule at all.'
    severity: 1
    query: loadTextContent('../monitoring/copy-overdue.kql')
    splitBy: 'Assembly'
    threshold: 0
    window: 'PT30M' // one that is overdue is told of every fifteen minutes
  }
  {
    name: 'due-time-missed'
    description: 'A protection that was due was not made, because nothing ran or another protection was in the way.'
    severity: 2
    query: loadTextContent('../monitoring/due-time-missed.kql')
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
    splitBy: 'Operation'
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

resource inLogs 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [
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

resource storage 'Microsoft.Storage/storageAccounts@2025-06-01' existing = [for name in storageNames: { name: name }]

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: insightsName
}

resource throttling 'Microsoft.Insights/metricAlerts@2018-03-01' = [
  for (name, index) in storageNames: {
    name: 'storage-throttling-${name}'
    location: 'global'
    tags: tags
    properties: {
      description: 'Storage turns requests away because there are too many.'
      severity: 2
      enabled: true
      scopes: [storage[index].id]
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
]

resource availabilityTest 'Microsoft.Insights/webtests@2022-06-15' = if (!isPrivate) {
  name: 'availability-${suffix}'
  location: location
  tags: union(tags, { 'hidden-link:${insights.id}': 'Resource' })
  kind: 'standard'
  properties: {
    SyntheticMonitorId: 'availability-${suffix}'
    Name: 'availability-${suffix}'
    Description: 'Whether the app is ready, asked from five places.'
    Kind: 'standard'
    Enabled: true
    Frequency: watch.availabilitySeconds
    Timeout: 30
    RetryEnabled: true
    Locations: [
      { Id: 'emea-nl-ams-azr' }
      { Id: 'emea-gb-db3-azr' }
      { Id: 'us-va-ash-azr' }
      { Id: 'us-ca-sjc-azr' }
      { Id: 'apac-sg-sin-azr' }
    ]
    Request: {
      RequestUrl: 'https://${hostName}/api/health/ready'
      HttpVerb: 'GET'
      ParseDependentRequests: false
    }
    ValidationRules: {
      ExpectedHttpStatusCode: 200
      SSLCheck: true
      SSLCertRemainingLifetimeCheck: 7
    }
  }
}

resource availability 'Microsoft.Insights/metricAlerts@2018-03-01' = if (!isPrivate) {
  name: 'availability-${suffix}'
  location: 'global'
  tags: tags
  properties: {
    description: 'The app is not ready, or cannot be reached, from most of the places that it is asked from.'
    severity: 0
    enabled: true
    scopes: [availabilityTest.id, insights.id]
    evaluationFrequency: 'PT1M'
    windowSize: watch.availabilitySeconds == 300 ? 'PT5M' : 'PT15M' // each place has asked once by then
    autoMitigate: true
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.WebtestLocationAvailabilityCriteria'
      webTestId: availabilityTest.id
      componentId: insights.id
      failedLocationCount: 3
    }
    actions: [{ actionGroupId: people.id }]
  }
}
