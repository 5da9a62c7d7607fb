using CloudRewind.Functions.Orchestrations.Watchdog;
using CloudRewind.Functions.Tests.Support;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Time.Testing;
using static Microsoft.DurableTask.Client.OrchestrationRuntimeStatus;

namespace CloudRewind.Functions.Tests.Orchestrations;

public sealed class HistoryPurgeTests
{
    private static readonly TimeSpan Retention = TimeSpan.FromDays(7);

    private readonly FakeTimeProvider time = new(ProtectionScene.Start);
    private readonly RecordedOrchestrations orchestrations = new();
    private readonly CollectedLog<HistoryPurge> log = new();
    private readonly HistoryPurge purge;

    public HistoryPurgeTests() => purge = new HistoryPurge(new WatchdogOptions(TimeSpan.FromMinutes(5), Retention), time, log);

    [Theory]
    [InlineData(Completed, 7.1, true)]
    [InlineData(Failed, 7.1, true)]
    [InlineData(Terminated, 7.1, true)]
    [InlineData(Completed, 6.9, false)]
    [InlineData(Running, 400, false)] // it waits for the end of a retention
    [InlineData(Pending, 400, false)]
    [InlineData(Suspended, 400, false)]
    public async Task What_ended_longer_ago_than_the_setting_is_purged_and_nothing_else(OrchestrationRuntimeStatus status, double days, bool isPurged)
    {
        Add("one", status, ProtectionScene.Start.AddDays(-days));

        Assert.Equal(isPurged ? 1 : 0, await purge.RunAsync(orchestrations, CancellationToken.None));

        Assert.Equal(isPurged ? ["one"] : [], orchestrations.Purged);
    }

    [Fact]
    public async Task What_was_created_long_ago_and_has_just_ended_stays()
    {
        orchestrations.Instances.Add(new OrchestrationMetadata("ProtectionLifecycle", "one")
        {
            RuntimeStatus = Completed,
            CreatedAt = ProtectionScene.Start.AddDays(-400),
            LastUpdatedAt = ProtectionScene.Start.AddHours(-1),
        });

        Assert.Equal(0, await purge.RunAsync(orchestrations, CancellationToken.None));
    }

    [Fact]
    public async Task A_purge_that_takes_too_long_ends_and_leaves_the_rest_to_the_next()
    {
        for (var number = 0; number < 20; number++)
            Add($"{number}", Completed, ProtectionScene.Start.AddDays(-8));
        orchestrations.IsSilent = true;

        var running = purge.RunAsync(orchestrations, CancellationToken.None);
        Assert.False(running.IsCompleted);
        time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(0, await running);
        Assert.Contains(log.Lines, line => line.Contains("next run", StringComparison.Ordinal));
    }

    private void Add(string id, OrchestrationRuntimeStatus status, DateTimeOffset endedAt) => orchestrations.Instances.Add(
        new OrchestrationMetadata("ProtectionLifecycle", id) { RuntimeStatus = status, CreatedAt = endedAt.AddMinutes(-5), LastUpdatedAt = endedAt });
}
