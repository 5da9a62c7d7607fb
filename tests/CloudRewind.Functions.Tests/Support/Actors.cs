using CloudRewind.Domain;
using CloudRewind.Domain.Protections;

namespace CloudRewind.Functions.Tests.Support;

/// <summary>Those who ask.</summary>
internal static class Actors
{
    public static readonly Actor Test = new("alice", "token-1", "test");

    /// <summary>A person's request to prune.</summary>
    public static Request Prune(DateTimeOffset at) => new(at, Test, "It was to be pruned.");
}
