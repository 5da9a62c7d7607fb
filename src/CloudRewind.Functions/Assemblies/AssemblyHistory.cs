using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Protections;

namespace CloudRewind.Functions.Assemblies;

/// <summary>Finds out whether the last protection of an assembly went well, and how old its newest good copy is: two point reads, however much there is.</summary>
public sealed class AssemblyHistory(IProtectionStore protections)
{
    private const int ReadsAtOnce = 16;

    /// <summary>The last protection and the newest good copy; null where there is none.</summary>
    public async Task<(Protection? Last, GoodCopy? NewestGood)> ReadAsync(AssemblyKey key, CancellationToken cancellationToken)
    {
        var summary = await protections.GetSummaryAsync(key, cancellationToken);
        return (summary.Latest is { } latest ? await protections.FindAsync(latest, cancellationToken) : null, summary.NewestGood);
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
