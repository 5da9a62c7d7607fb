using Xunit.Abstractions;

namespace CloudRewind.EndToEnd.Tests.Support;

/// <summary>Begins with the tests that wait for what only time brings: messages of killed processes, leases, the watchdog.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly string[] Longest = [nameof(Crashes), nameof(ConfiguredApp)];

    /// <inheritdoc/>
    public IEnumerable<ITestCollection> OrderTestCollections(IEnumerable<ITestCollection> testCollections) =>
        testCollections.OrderByDescending(collection => Longest.Any(name => collection.DisplayName.Contains(name, StringComparison.Ordinal)));
}
