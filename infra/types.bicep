// What the parameters of main.bicep may be.

@export()
@description('Tags of a resource.')
type tags = {
  @description('The value of a tag.')
  *: string
}

@export()
@description('Trust whoever this OIDC authority signs tokens for; its keys are looked up, and renewed as it rotates them.')
@sealed()
type tokensOfAuthority = {
  @description('Says that an authority is trusted.')
  kind: 'authority'

  @description('The authority, beginning with https://; its discovery document is at .well-known/openid-configuration below it.')
  @minLength(9)
  authority: string

  @description('The audience that a token must be for.')
  @minLength(1)
  audience: string
}

@export()
@description('Trust tokens that are signed with one of these keys.')
@sealed()
type tokensOfKeys = {
  @description('Says that keys are trusted.')
  kind: 'keys'

  @description('A JWK set of public keys, as JSON. The app does not start with a private one.')
  @minLength(2)
  jwks: string

  @description('The issuer that a token must name.')
  @minLength(1)
  issuer: string

  @description('The audience that a token must be for.')
  @minLength(1)
  audience: string
}

@export()
@description('Whose tokens the app trusts.')
@discriminator('kind')
type trustedTokens = tokensOfAuthority | tokensOfKeys

@export()
@description('The app\'s own settings. Durations are [days.]hours:minutes:seconds; where one is absent, the default of the app holds.')
@sealed()
type appSettings = {
  @description('Who takes and removes snapshots.')
  Capture__Provider: 'Simulated' | 'Aws'

  @description('A run that takes longer ends with what it has. From 00:00:01 to 30.00:00:00.')
  Capture__TimeLimit: string?

  @description('Calls to AWS for one protection at once. From 1 to 1000.')
  Capture__MaxConcurrency: string?

  @description('Between two looks at captures, at first. Up to 00:01:00.')
  Capture__PollInterval: string?

  @description('The role in AWS that the app assumes with its identity, before a customer\'s role. Empty as absent: the app has no way into AWS.')
  Aws__HubRoleArn: string?

  @description('The Application ID URI of the app registration that the identity\'s token for AWS is issued for. With Aws__HubRoleArn, and only with it.')
  Aws__WebIdentity__Audience: string?

  @description('The one endpoint of EC2 and STS, such as a proxy that serves both. Absent: those of each assembly\'s region.')
  Aws__ServiceUrl: string?

  @description('How long a snapshot that was asked for may take to show in EC2. From 00:00:10 to 01:00:00.')
  Aws__SettleWindow: string?

  @description('Whether the tags of a volume are copied to its snapshots.')
  Aws__CopyTagsFromSource: 'true' | 'false'?

  @description('The claim that names the account of a token. Empty as absent: account_id.')
  Auth__Claims__AccountId: string?

  @description('The claim that names the projects of a token. Empty as absent: projects.')
  Auth__Claims__Projects: string?

  @description('The claim that names the permissions of a token, such as roles with Entra ID. Empty as absent: permissions.')
  Auth__Claims__Permissions: string?

  @description('The origins whose pages may call the API from a browser, with commas between, such as https://console.example.com. Absent: none.')
  Cors__AllowedOrigins: string?

  @description('How long a protection is kept where neither request nor assembly says.')
  Retention__Default: string?

  @description('Before what could not be removed is tried again, at first. Up to 1.00:00:00.')
  Retention__PruneRetryInterval: string?

  @description('Requests of one caller in a minute to one instance of the app. From 0 to 1000000; 0: no limit.')
  RateLimit__RequestsPerMinute: string?

  @description('How long a protection may make no step before the watchdog asks whether anything drives it. From 00:00:01 to 1.00:00:00.')
  Watchdog__Patience: string?

  @description('How long the task hub keeps an orchestration that has ended. From 01:00:00 to 365.00:00:00.')
  Watchdog__HistoryRetention: string?

  @description('The table endpoint of an account that is not made here, such as one that has failed over from another region. The app\'s role on it is assigned by hand.')
  Storage__TablesEndpoint: string?

  @description('How long each simulated step takes. Up to 1.00:00:00.')
  Simulation__StepTime: string?
}

@export()
@description('How the app is scaled.')
@sealed()
type scale = {
  @description('Memory of an instance, in MB.')
  instanceMemoryMB: 512 | 2048 | 4096

  @description('The most instances at once. Every function of the app counts towards it.')
  @minValue(1)
  @maxValue(1000)
  maximumInstanceCount: int

  @description('HTTP requests that one instance serves at once, before another is started.')
  @minValue(1)
  @maxValue(1000)
  httpConcurrency: int

  @description('Instances that always wait for HTTP requests: with one, no request meets a cold start.')
  @minValue(0)
  @maxValue(100)
  alwaysReadyHttp: int

  @description('Instances that always wait for orchestrations and activities.')
  @minValue(0)
  @maxValue(100)
  alwaysReadyDurable: int

  @description('Whether instances are spread over zones. The region must offer it, storage must be ZRS or GZRS, and two instances of each group of functions are then always ready, and billed.')
  zoneRedundant: bool
}

@export()
@description('Copies of what an account holds: in one data centre (LRS), over three (ZRS), or with a copy in the paired region (GRS, GZRS).')
type redundancy = 'Standard_LRS' | 'Standard_ZRS' | 'Standard_GRS' | 'Standard_GZRS'

@export()
@description('How the data is kept.')
@sealed()
type durability = {
  @description('Copies of the data.')
  redundancy: redundancy

  @description('Copies of what the Functions host and Durable Functions keep, in an account of their own. Absent: they share the account of the data.')
  hubRedundancy: redundancy?

  @description('Whether the data and the logs are locked against deletion.')
  deleteLock: bool
}

@export()
@description('What the app is watched with.')
@sealed()
type monitoring = {
  @description('Days that logs are kept.')
  @minValue(30)
  @maxValue(730)
  retentionDays: int

  @description('Gigabytes of logs a day, after which no more are taken in; -1 is without limit. The alerts are blind from then on.')
  @minValue(-1)
  dailyCapGb: int

  @description('Who is told of an alert, by e-mail.')
  @maxLength(20)
  alertEmails: string[]

  @description('Server errors in hundred requests, above which an alert is raised.')
  @minValue(0)
  @maxValue(100)
  serverErrorPercent: int

  @description('Milliseconds, above which the 95th percentile of an operation raises an alert; status lookups that wait for news are not counted.')
  @minValue(1)
  latencyMilliseconds: int

  @description('Protections that have been accepted for a quarter of an hour and have made no step, above which an alert is raised.')
  @minValue(0)
  backlogProtections: int

  @description('Seconds between two availability tests of the app, from each of five places.')
  availabilitySeconds: 300 | 600 | 900

  @description('Requests that storage throttled within five minutes, above which an alert is raised.')
  @minValue(0)
  throttledRequests: int
}

@export()
@description('What can be reached from where: everything from everywhere, with a token each (public); storage and scheduler from the virtual network alone (private-data); the app as well (private).')
type networking = 'public' | 'private-data' | 'private'

@export()
@description('What host.json says of Durable Functions, as far as the infrastructure must agree with it.')
type durableTask = {
  @description('The task hub.')
  @minLength(3)
  @maxLength(45)
  hubName: string

  @description('Where the state is.')
  storageProvider: {
    @description('Queues, tables and blobs of the storage account, or the Durable Task Scheduler.')
    type: 'AzureStorage' | 'azureManaged'

    @description('The setting that tells where the scheduler is.')
    connectionStringName: string?
  }
}
