using CloudRewind.Domain.Protections;
using CloudRewind.Domain.Retention;
using CloudRewind.Domain.Tests.Protections;
using CsCheck;

namespace CloudRewind.Domain.Tests.Retention;

/// <summary>What holds for any copies of an assembly.</summary>
public sealed class RetentionProperties
{
    private static readonly ProtectionStatus[] Outcomes = [.. Enum.GetValues<ProtectionStatus>().Where(status => status.IsOutcome())];

    private static readonly Gen<(RetainedCopy Copy, RetentionFacts Facts)[]> GenCopies = Gen.Select(
        Gen.Int[0, Outcomes.Length - 1].Select(index => Outcomes[index]), Gen.Int[0, 20], Gen.Bool, Gen.Bool)
        .Array[0, 12]
        .Select(copies => copies.Select((copy, number) =>
        {
            var (outcome, days, isCounted, isLocked) = copy;
            var id = new ProtectionId(Copies.Assembly, isCounted ? 1 : 0, number);
            DateTimeOffset? expiresAt = isCounted ? null : Copies.Start.AddDays(days);
            return (
                new RetainedCopy(id, outcome, Copies.Start.AddMilliseconds(number), isCounted),
                new RetentionFacts(expiresAt, HasExplicitRetention: false, isLocked, IsLatestRecoveryPoint: false));
        }).ToArray());

    [Fact]
    public void No_rule_releases_the_latest_recovery_point_or_a_locked_copy() =>
        Gen.Select(GenCopies, Gen.Int[1, 4], Gen.Int[0, 30]).Sample((copies, count, days) =>
        {
            var latest = RecoveryPoint.Latest(RecoveryPoint.BestFirst(copies.Select(copy => copy.Copy)));
            Assert.Equal(copies.Any(copy => copy.Copy.IsRecoverable), latest is not null);
            foreach (var (copy, facts) in copies)
            {
                var known = facts with { IsLatestRecoveryPoint = copy.Id == latest?.Id };
                foreach (var decision in new[] { RetentionRules.AtTime(known, Copies.Start.AddDays(days)), RetentionRules.BeyondCount(known, count) })
                    Assert.False(decision is RetentionDecision.Release && (facts.IsLocked || copy.Id == latest?.Id), $"{copy}: {decision}");
            }
        });

    [Fact]
    public void A_count_keeps_its_recovery_points_and_no_more() =>
        Gen.Select(GenCopies, Gen.Int[1, 4]).Sample((copies, count) =>
        {
            var counted = copies.Select(copy => copy.Copy).Where(copy => copy.ByCount).ToList();
            var kept = counted.Except(RetentionRules.ExceedingCount(copies.Select(copy => copy.Copy), count)).ToList();

            Assert.Equal(Math.Min(count, counted.Count(copy => copy.IsRecoverable)), kept.Count(copy => copy.IsRecoverable));
            Assert.InRange(kept.Count, 0, 2 * count);
        });
}
