using System.Globalization;
using CloudRewind.Domain.Protections;
using Microsoft.AspNetCore.Http;

namespace CloudRewind.Functions.Http;

/// <summary>The paths below the route prefix of <c>host.json</c>. No constraints: the app parses the parameters itself, and has an answer for each error.</summary>
internal static class Routes
{
    public const string RevokedTokens = "v1/accounts/{accountId}/revoked-tokens";
    public const string Assemblies = "v1/accounts/{accountId}/projects/{projectId}/aws/cloud-assemblies";
    public const string Assembly = Assemblies + "/{cloudAssemblyId}";
    public const string Preview = Assembly + "/preview";
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

    /// <summary>The absolute URL of a protection's status, on the host and below the prefix that the request came to.</summary>
    public static string StatusUrl(HttpRequest request, ProtectionId id)
    {
        var path = ProtectionStatus
            .Replace("{accountId}", id.Assembly.AccountId.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("{projectId}", Uri.EscapeDataString(id.Assembly.ProjectId), StringComparison.Ordinal)
            .Replace("{cloudAssemblyId}", id.Assembly.CloudAssemblyId.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
        var prefix = request.Path.Value![..request.Path.Value!.IndexOf("/v1/", StringComparison.OrdinalIgnoreCase)];
        return $"{request.Scheme}://{request.Host.ToUriComponent()}{request.PathBase}{prefix}/{path}?protection_id={Uri.EscapeDataString(id.ToString())}";
    }
}
