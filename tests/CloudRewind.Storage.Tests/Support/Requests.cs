using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Protections;

namespace CloudRewind.Storage.Tests.Support;

/// <summary>What tests ask of the store.</summary>
internal static class Requests
{
    public static readonly DateTimeOffset Now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    public static NewProtection New(AssemblyKey assembly, string? key = null, string fingerprint = "same", DateTimeOffset? at = null) => new(
        assembly, 0, "Nightly", TimeSpan.FromDays(30), at ?? Now, key is null ? null : new IdempotencyKey(key, fingerprint));

    public static async Task<Protection> CreatedAsync(this IProtectionStore store, NewProtection request) =>
        Assert.IsType<CreateResult.Accepted>(await store.CreateAsync(request, CancellationToken.None)).Protection;

    /// <summary>Records the transitions that lead through these states.</summary>
    public static async Task<Protection> MovedAsync(this IProtectionStore store, Protection protection, params ProtectionStatus[] states)
    {
        foreach (var state in states)
        {
            var transition = protection.Next(state, protection.UpdatedAt.AddSeconds(1), $"to {state}", new ResourceCounts(2, 1, 1));
            var (result, moved, _) = await store.RecordAsync(transition, known: null, inventory: null, CancellationToken.None);
            Assert.Equal(RecordResult.Recorded, result);
            protection = moved!;
        }

        return protection;
    }
}
