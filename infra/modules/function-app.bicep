// The plan and the app: Flex Consumption, .NET isolated worker.

import { appSettings, scale, tags as tagsType, trustedTokens } from '../types.bicep'

@description('Name of the app, unique in the world.')
@minLength(2)
@maxLength(60)
param name string

@description('Name of the plan.')
@minLength(1)
@maxLength(40)
param planName string

@description('The region.')
@minLength(3)
param location string

@description('Tags.')
param tags tagsType

@description('How the app is scaled.')
param scaling scale

@description('Whose tokens the app trusts.')
param tokens trustedTokens

@description('The app\'s own settings.')
param app appSettings

@description('The resource id of the app\'s identity.')
@minLength(1)
param identityId string

@description('Its client id.')
@minLength(36)
@maxLength(36)
param identityClientId string

@description('The storage account of the Functions host and Durable Functions.')
@minLength(3)
@maxLength(24)
param storageName string

@description('The storage account with the app\'s tables, where that is another one.')
@minLength(3)
@maxLength(24)
param tablesStorageName string?

@description('The container that the app is deployed from.')
@minLength(3)
@maxLength(63)
param packageContainer string

@description('Application Insights.')
@minLength(1)
@maxLength(255)
param insightsName string

@description('What the app connects to the Durable Task Scheduler with, less the identity; absent where there is none.')
@minLength(1)
param schedulerConnection string?

@description('The setting in which host.json looks for it.')
@minLength(1)
@maxLength(128)
param schedulerConnectionName string?

@description('The subnet that the app is in, where it is in one.')
@minLength(1)
param subnetId string?

@description('Whether the app is reached through a private endpoint alone.')
param isPrivate bool

resource storage 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: storageName
}

resource tablesStorage 'Microsoft.Storage/storageAccounts@2025-06-01' existing = if (tablesStorageName != null) {
  name: tablesStorageName ?? 'none'
}

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: insightsName
}

@description('Which identity the app\'s libraries ask for.')
var identitySettings = { AZURE_CLIENT_ID: identityClientId }

@description('The host has a page of its own at `/`, which says nothing of the app.')
var hostSettings = { AzureWebJobsDisableHomepage: 'true' }

@description('How the Functions host, Durable Functions and the app reach storage.')
var storageSettings = {
  AzureWebJobsStorage__credential: 'managedidentity'
  AzureWebJobsStorage__clientId: identityClientId
  AzureWebJobsStorage__blobServiceUri: storage.properties.primaryEndpoints.blob
  AzureWebJobsStorage__queueServiceUri: storage.properties.primaryEndpoints.queue
  AzureWebJobsStorage__tableServiceUri: storage.properties.primaryEndpoints.table
}

@description('Where the app\'s tables are, if not there.')
var tablesSettings = tablesStorageName == null
  ? {}
  : { Storage__TablesEndpoint: tablesStorage!.properties.primaryEndpoints.table }

@description('Where to send what is measured. The connection string says where, and opens nothing: local authentication is off.')
var telemetrySettings = {
  APPLICATIONINSIGHTS_CONNECTION_STRING: insights.properties.ConnectionString
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identityClientId};Authorization=AAD'
  // All of it: the exporter's own default keeps five traces a second, and drops the log lines of the others, which alerts read.
  OTEL_TRACES_SAMPLER: 'microsoft.fixed_percentage'
  OTEL_TRACES_SAMPLER_ARG: '1'
}

@description('Whose tokens are trusted.')
var authSettings = tokens.kind == 'authority'
  ? { Auth__Authority: tokens.authority, Auth__Audience: tokens.audience }
  : { Auth__Jwks: tokens.jwks, Auth__Issuer: tokens.issuer, Auth__Audience: tokens.audience }

@description('How Durable Functions reaches the scheduler.')
var schedulerSettings = schedulerConnection == null
  ? {}
  : { '${schedulerConnectionName!}': '${schedulerConnection};ClientID=${identityClientId}' }

resource plan 'Microsoft.Web/serverfarms@2025-03-01' = {
  name: planName
  location: location
  tags: tags
  kind: 'functionapp'
  sku: { name: 'FC1', tier: 'FlexConsumption' }
  properties: {
    reserved: true
    zoneRedundant: scaling.zoneRedundant
  }
}

resource site 'Microsoft.Web/sites@2025-03-01' = {
  name: name
  location: location
  tags: union(tags, { 'azd-service-name': 'functions' })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: { '${identityId}': {} }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    publicNetworkAccess: isPrivate ? 'Disabled' : 'Enabled'
    virtualNetworkSubnetId: subnetId
    siteConfig: {
      minTlsVersion: '1.2'
      scmMinTlsVersion: '1.2'
      http20Enabled: true
    }
    functionAppConfig: {
      runtime: { name: 'dotnet-isolated', version: '10.0' }
      deployment: {
        storage: {
          type: 'blobContainer'
          value: '${storage.properties.primaryEndpoints.blob}${packageContainer}'
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identityId
          }
        }
      }
      scaleAndConcurrency: {
        instanceMemoryMB: scaling.instanceMemoryMB
        maximumInstanceCount: scaling.maximumInstanceCount
        alwaysReady: concat(
          scaling.alwaysReadyHttp > 0 ? [{ name: 'http', instanceCount: scaling.alwaysReadyHttp }] : [],
          scaling.alwaysReadyDurable > 0 ? [{ name: 'durable', instanceCount: scaling.alwaysReadyDurable }] : []
        )
        triggers: { http: { perInstanceConcurrency: scaling.httpConcurrency } }
      }
    }
  }

  resource settings 'config' = {
    name: 'appsettings'
    properties: union(
      app,
      identitySettings,
      hostSettings,
      storageSettings,
      tablesSettings,
      telemetrySettings,
      authSettings,
      schedulerSettings
    )
  }

  resource ftpPasswords 'basicPublishingCredentialsPolicies' = {
    name: 'ftp'
    properties: { allow: false }
  }

  resource scmPasswords 'basicPublishingCredentialsPolicies' = {
    name: 'scm'
    properties: { allow: false }
  }
}

@description('Its id.')
output id string = site.id

@description('Its name.')
output name string = site.name

@description('The host name that the API answers under.')
output hostName string = site.properties.defaultHostName
