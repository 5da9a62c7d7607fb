using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Protections;

namespace CloudRewind.Functions.Assemblies;

/// <summary>Reads the last protection of an assembly and its newest good copy: three point reads at most, however much there is.</summary>
public sealed class AssemblyHistory(IProtectionStore protections)
{
    private const int ReadsAtOnce = 16;

    /// <summary>The last protection and the newest good copy; null where there is none.</summary>
    public async Task<(Protection? Last, Protection? NewestGood)> ReadAsync(AssemblyKey key, CancellationToken cancellationToken)
    {
        var summary = await protections.GetSummaryAsync(key, cancellationToken);
        var last = FindAsync(summary.Latest);
        var newestGood = summary.NewestGood?.Id == summary.Latest ? last : FindAsync(summary.NewestGood?.Id);
        return (await last, await newestGood);

        Task<Protection?> FindAsync(ProtectionId? id) => id is null ? Task.FromResult<Protection?>(null) : protections.FindAsync(id, cancellationToken);
    }

    /// <summary>The same of each of several assemblies.</summary>
    internal async Task<IReadOnlyList<AssemblyResponse>> DescribeAsync(IReadOnlyList<CloudAssembly> assemblies, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(assemblies);
        var answers = new AssemblyResponse[assemblies.Count];
        await Parallel.ForAsync(0, assemblies.Count, new ParallelOptions { MaxDegreeOfParallelism = ReadsAtOnce, CancellationToken = cancellationToken }, async (index, token) =>
        {
            var (last, newestGood) = await ReadAsync(assemblies[index].Key, token);
            answers[index] = AssemblyResponse.From(assemblies[index], last, newestGood);
        });
        return answers;
    }
}
