using CloudRewind.Domain.Protections;

namespace CloudRewind.Domain.Capture;

/// <summary>Removes what a protection holds: its snapshots first, and each inventory entry only when its snapshots are gone.</summary>
public sealed class PruneRun(IResourceInventory inventory, ICaptureProvider provider, CaptureLimits limits)
{
    /// <summary>The resources that one round tries, so that a round stays short however many there are.</summary>
    public const int ResourcesPerRound = 200;

    /// <summary>Tries to remove the next resources.</summary>
    /// <param name="id">A protection that has its outcome.</param>
    /// <param name="assembly">Its assembly; null where that is gone.</param>
    /// <param name="skip">How many entries to pass over: those that this attempt has tried already, and had to keep.</param>
    /// <param name="cancellationToken">Stops the round between two steps.</param>
    public async Task<PruneRound> AdvanceAsync(ProtectionId id, Assemblies.CloudAssembly? assembly, int skip, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(skip);
        var entries = await inventory.ReadAsync(id, cancellationToken);
        var share = entries.Skip(skip).Take(ResourcesPerRound).ToList();
        var failures = new string?[share.Count];

        await Parallel.ForEachAsync(
            Enumerable.Range(0, share.Count),
            new ParallelOptions { MaxDegreeOfParallelism = limits.MaxConcurrency, CancellationToken = cancellationToken },
            async (index, token) => failures[index] = await RemoveAsync(share[index], token));

        var kept = failures.Count(failure => failure is not null);
        return new PruneRound(share.Count - kept, kept, Math.Max(0, entries.Count - skip - share.Count), failures.FirstOrDefault(failure => failure is not null));

        async Task<string?> RemoveAsync(ProtectedResource entry, CancellationToken token)
        {
            if (assembly is null)
                return $"{entry.ResourceId}: the cloud assembly is gone, and with it the connection to AWS.";
            try
            {
                if (await provider.RemoveAsync(new CaptureTarget(id, assembly, entry.ResourceId), token) is { } failure)
                    return ReasonText.Cut($"{entry.ResourceId}: {failure}");
            }
            catch (Exception error) when (!error.EndsRound(token))
            {
                return ReasonText.Cut($"{entry.ResourceId}: {error.Message}");
            }

            await inventory.RemoveAsync(id, entry, token);
            return null;
        }
    }
}
