using CloudRewind.Domain.Capture;
using CloudRewind.Domain.Protections;
using CloudRewind.Domain.Tests.Protections;
using Microsoft.Extensions.Time.Testing;

namespace CloudRewind.Domain.Tests.Capture;

/// <summary>A run that was asked to end starts nothing more, and keeps what it has.</summary>
public sealed class CancelledRunTests
{
    private readonly FakeTimeProvider time = new();
    private readonly InMemoryInventory inventory = new();
    private readonly ScriptedProvider provider;
    private readonly Protection running;

    public CancelledRunTests()
    {
        provider = new ScriptedProvider(time);
        running = Sample.InProgress(time.GetUtcNow());
    }

    [Fact]
    public async Task What_has_not_ended_is_given_up_and_what_has_stays()
    {
        inventory.With("a", "b", "c");
        await AdvanceAsync(running, limit: 2);
        provider.Complete("a");

        var round = await AdvanceAsync(running.RequestCancel(ProtectionSummary.None, time.GetUtcNow(), Copies.Person).Protection);

        Assert.Equal(new ResourceCounts(3, 1, 2), round.Progress.Counts);
        Assert.Equal("Cancelled by alice.", round.Cancel!.Reason);
        Assert.StartsWith("Cancelled by alice.", inventory["b"].Reason, StringComparison.Ordinal);
        Assert.Equal((ResourceState.Captured, ResourceState.Failed), (inventory["a"].State, inventory["b"].State));
        Assert.NotNull(inventory["b"].SnapshotId); // which the prune removes
    }

    [Fact]
    public async Task A_round_that_is_at_work_starts_nothing_more()
    {
        using var cancelled = new CancellationTokenSource();
        inventory.With([.. Enumerable.Range(0, 20).Select(number => $"v{number}")]);
        provider.OnStart = async group =>
        {
            await cancelled.CancelAsync();
            return provider.Take(group);
        };

        await new CaptureRun(inventory, provider, new CaptureLimits(TimeSpan.FromHours(6), 1), time).AdvanceAsync(running, Sample.Assembly, cancelled.Token, CancellationToken.None);

        Assert.Single(provider.Started);
    }

    private Task<CaptureRound> AdvanceAsync(Protection protection, int limit = 8) =>
        new CaptureRun(inventory, provider, new CaptureLimits(TimeSpan.FromHours(6), limit), time).AdvanceAsync(protection, Sample.Assembly, CancellationToken.None, CancellationToken.None);
}
