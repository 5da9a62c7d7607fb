using System.Globalization;
using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Policies;
using CloudRewind.Domain.Protections;
using Microsoft.AspNetCore.Http;

namespace CloudRewind.Functions.Http;

/// <summary>The paths below the route prefix of <c>host.json</c>. No constraints: the app parses the parameters itself, and has an answer for each error.</summary>
internal static class Routes
{
    public const string Version = "v1";
    public const string RevokedTokens = Version + "/accounts/{accountId}/revoked-tokens";
    public const string Assemblies = Version + "/accounts/{accountId}/projects/{projectId}/aws/cloud-assemblies";
    public const string Assembly = Assemblies + "/{cloudAssemblyId}";
    public const string Preview = Assembly + "/preview";
    public const string Protections = Assembly + "/protections";
    public const string ProtectionStatus = Protections + "/status";
    public const string ProtectionTimeline = Protections + "/timeline";
    public const string PruneProtection = Protections + "/prune";
    public const string CancelProtection = Protections + "/cancel";
    public const string LockProtection = Protections + "/lock";
    public const string UnlockProtection = Protections + "/unlock";
    public const string Policies = Assembly + "/protection-policies";
    public const string Policy = Policies + "/{protectionPolicyId}";
    public const string NextRuns = Policy + "/next-runs";
    public const string MissedRuns = Policy + "/missed-runs";
    public const string HealthLive = "health/live";
    public const string HealthReady = "health/ready";
    public const string OpenApi = "openapi.yaml";
    public const string Docs = "docs";
    public const string DocsFile = Docs + "/{file}";
    public const string Everything = "{*path}";

    /// <summary>The absolute URL of a protection's status, on the host and below the prefix that the request came to.</summary>
    public static string StatusUrl(HttpRequest request, ProtectionId id) =>
        $"{Url(request, ProtectionStatus, id.Assembly)}?protection_id={Uri.EscapeDataString(id.ToString())}";

    /// <summary>The absolute URL of a route of a policy, on the host and below the prefix that the request came to.</summary>
    public static string Url(HttpRequest request, string route, PolicyKey key) => Url(request, Fill(route, "{protectionPolicyId}", key.PolicyId), key.Assembly);

    /// <summary>The absolute URL of a route of an assembly, on the host and below the prefix that the request came to.</summary>
    public static string Url(HttpRequest request, string route, AssemblyKey key) => Url(request, Fill(route, "{cloudAssemblyId}", key.CloudAssemblyId), key.AccountId, key.ProjectId);

    /// <summary>The absolute URL of a route of a project, on the host and below the prefix that the request came to.</summary>
    public static string Url(HttpRequest request, string route, long accountId, string projectId) =>
        Url(request, route.Replace("{projectId}", Uri.EscapeDataString(projectId), StringComparison.Ordinal), accountId);

    /// <summary>The absolute URL of a route of an account, on the host and below the prefix that the request came to.</summary>
    public static string Url(HttpRequest request, string route, long accountId)
    {
        var path = Fill(route, "{accountId}", accountId);
        var prefix = request.Path.Value![..request.Path.Value!.IndexOf("/v1/", StringComparison.OrdinalIgnoreCase)];
        return $"{request.Scheme}://{request.Host.ToUriComponent()}{request.PathBase}{prefix}/{path}";
    }

    private static string Fill(string route, string parameter, long value) => route.Replace(parameter, value.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
}
