using CloudRewind.Functions.Clock;
using CloudRewind.Functions.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace CloudRewind.Functions.Tests.Clock;

public sealed class BoundedClockTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider machine = new(Start);
    private readonly CollectedLog<BoundedClock> log = new();
    private readonly BoundedClock clock;

    public BoundedClockTests() => clock = new BoundedClock(machine, log);

    [Fact]
    public void Until_storage_has_answered_the_machines_clock_counts() => Assert.Equal(Start, clock.GetUtcNow());

    [Theory]
    [InlineData(0)]
    [InlineData(-4)]
    [InlineData(-5)]
    [InlineData(100)]
    public void A_clock_that_is_hardly_ahead_or_behind_counts(int storageAheadMinutes)
    {
        clock.Observe(Start.AddMinutes(storageAheadMinutes));

        Assert.Equal(Start, clock.GetUtcNow());
        Assert.Empty(log.Lines);
    }

    [Fact]
    public void While_the_machines_clock_is_ahead_storages_time_goes_on_and_that_is_logged_once()
    {
        clock.Observe(Start.AddDays(-40));

        Assert.Equal(Start.AddDays(-40), clock.GetUtcNow());
        machine.Advance(TimeSpan.FromMinutes(3));
        Assert.Equal(Start.AddDays(-40).AddMinutes(3), clock.GetUtcNow());
        Assert.Contains("2026-01-01T00:00:00", Assert.Single(log.Lines), StringComparison.Ordinal);

        clock.Observe(machine.GetUtcNow());
        Assert.Equal(machine.GetUtcNow(), clock.GetUtcNow());
        Assert.Equal(2, log.Lines.Count);
    }
}
