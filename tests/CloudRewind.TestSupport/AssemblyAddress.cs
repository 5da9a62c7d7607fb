using System.Globalization;

namespace CloudRewind.TestSupport;

/// <summary>Where an assembly is.</summary>
public sealed record AssemblyAddress(long AccountId, string ProjectId, long CloudAssemblyId)
{
    /// <summary>The path below the app's address.</summary>
    public string Path => PathOf(
        AccountId.ToString(CultureInfo.InvariantCulture), Uri.EscapeDataString(ProjectId), CloudAssemblyId.ToString(CultureInfo.InvariantCulture));

    /// <summary>One that no other test has, in this run or in any other.</summary>
    public static AssemblyAddress New(string? projectId = null) =>
        new(NewId(), projectId ?? $"project-{Guid.NewGuid():N}", NewId());

    public static long NewId() => Random.Shared.NextInt64(1, long.MaxValue);

    /// <summary>The path for parameters as they are, good or not.</summary>
    public static string PathOf(string accountId, string projectId, string cloudAssemblyId) =>
        $"/api/v1/accounts/{accountId}/projects/{projectId}/aws/cloud-assemblies/{cloudAssemblyId}";

    /// <summary>The id that a protection of it has.</summary>
    public string ProtectionId(long milliseconds = 1_700_000_000_000) =>
        string.Create(CultureInfo.InvariantCulture, $"t{AccountId}:{ProjectId}:{CloudAssemblyId}:0:{milliseconds}");
}
