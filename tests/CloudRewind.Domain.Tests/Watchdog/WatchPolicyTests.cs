using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Protections;
using CloudRewind.Domain.Watchdog;
using static CloudRewind.Domain.Protections.ProtectionStatus;

namespace CloudRewind.Domain.Tests.Watchdog;

public sealed class WatchPolicyTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Retention = TimeSpan.FromDays(30);
    private readonly WatchPolicy policy = new(TimeSpan.FromMinutes(5), TimeSpan.FromHours(6));

    [Theory]
    [InlineData(Created)]
    [InlineData(Preparing)]
    [InlineData(PreparationCompleted)]
    [InlineData(InProgress)]
    [InlineData(PruningFailed)]
    public void An_unfinished_protection_is_asked_about_when_patience_ends(ProtectionStatus status) =>
        Assert.Equal(Start + policy.Patience, policy.AskFrom(In(status)));

    [Theory]
    [InlineData(Success)]
    [InlineData(PartiallyProtected)]
    [InlineData(Skipped)]
    [InlineData(Failed)]
    public void A_protection_with_its_outcome_is_asked_about_after_its_retention(ProtectionStatus status) =>
        Assert.Equal(Start + Retention + policy.Patience, policy.AskFrom(In(status)));

    [Fact]
    public void A_protection_to_be_pruned_early_is_asked_about_then() =>
        Assert.Equal(
            Start + TimeSpan.FromDays(1) + policy.Patience,
            policy.AskFrom(In(Success) with { Prune = new Request(Start + TimeSpan.FromDays(1), Actor.Retention(""), "") }));

    [Fact]
    public void A_copy_that_is_kept_is_asked_about_after_a_day() =>
        Assert.Equal(
            Start + Retention + WatchPolicy.LongestKept + policy.Patience,
            policy.AskFrom(In(Success) with { Kept = new KeptCopy(Start + Retention, "It is the newest.") }));

    [Fact]
    public void A_copy_that_a_count_ends_is_neither_asked_about_nor_stalled()
    {
        var copy = In(Success) with { ExpiresAt = null };
        Assert.Null(policy.AskFrom(copy));
        Assert.Null(policy.StalledFrom(copy));
        Assert.Null(policy.StalledFrom(copy with { Kept = new KeptCopy(Start, "It is locked.") }));
    }

    [Fact]
    public void A_protection_that_expired_before_its_outcome_is_asked_about_from_its_outcome() =>
        Assert.Equal(Start + policy.Patience, policy.AskFrom(In(Success) with { ExpiresAt = Start - Retention }));

    [Fact]
    public void A_run_is_stalled_only_after_its_time_limit() =>
        Assert.True(policy.StalledFrom(In(InProgress)) > Start + policy.RunTimeLimit);

    [Fact]
    public void A_protection_that_cannot_be_pruned_is_never_stalled() => Assert.Null(policy.StalledFrom(In(PruningFailed)));

    [Theory]
    [InlineData(Created)]
    [InlineData(Preparing)]
    [InlineData(InProgress)]
    [InlineData(Success)]
    public void A_protection_is_asked_about_before_it_is_stalled(ProtectionStatus status) =>
        Assert.True(policy.AskFrom(In(status)) < policy.StalledFrom(In(status)));

    private static Protection In(ProtectionStatus status) => new()
    {
        Id = new ProtectionId(new AssemblyKey(1, "demo", 7), 0, 1),
        Name = "Demo",
        Status = status,
        Sequence = 1,
        CreatedAt = Start,
        UpdatedAt = Start,
        ExpiresAt = Start + Retention,
        Counts = ResourceCounts.None,
    };
}
