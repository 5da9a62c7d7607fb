namespace CloudRewind.Functions.Http;

/// <summary>The parameters of an assembly's path, as they came.</summary>
/// <param name="AccountId">Not parsed yet.</param>
/// <param name="ProjectId">Not decoded yet.</param>
/// <param name="CloudAssemblyId">Not parsed yet.</param>
public sealed record AssemblyPath(string AccountId, string ProjectId, string CloudAssemblyId);
