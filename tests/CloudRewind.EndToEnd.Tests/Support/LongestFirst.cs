using Xunit.Abstractions;

namespace CloudRewind.EndToEnd.Tests.Support;

/// <summary>Begins with the tests that wait longest: for messages of killed processes, for leases, for the watchdog.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly string[] Longest =
        [nameof(Crashes.ChaosTests), nameof(Crashes.KillTests), nameof(Crashes.QueueOutageTests), nameof(Aws.AwsCaptureTests), nameof(Crashes), nameof(ConfiguredApp)];

    /// <inheritdoc/>
    public IEnumerable<ITestCollection> OrderTestCollections(IEnumerable<ITestCollection> testCollections) =>
        testCollections.OrderBy(collection => Array.FindIndex(Longest, name => collection.DisplayName.Contains(name, StringComparison.Ordinal)) switch
        {
            < 0 => Longest.Length,
            var rank => rank,
        });
}
