namespace CloudRewind.Functions.Http;

/// <summary>The addresses below the route prefix of <c>host.json</c>. Plain segments: what they hold is parsed by the app, which has an answer for each fault.</summary>
internal static class Routes
{
    public const string RevokedTokens = "v1/accounts/{accountId}/revoked-tokens";
    public const string Assemblies = "v1/accounts/{accountId}/projects/{projectId}/aws/cloud-assemblies";
    public const string Assembly = Assemblies + "/{cloudAssemblyId}";
    public const string Protections = Assembly + "/protections";
    public const string ProtectionStatus = Protections + "/status";
    public const string ProtectionTimeline = Protections + "/timeline";
    public const string PruneProtection = Protections + "/prune";
    public const string HealthLive = "health/live";
    public const string HealthReady = "health/ready";
    public const string OpenApi = "openapi.yaml";
    public const string Docs = "docs";
    public const string DocsFile = Docs + "/{file}";
    public const string Everything = "{*path}";
}
