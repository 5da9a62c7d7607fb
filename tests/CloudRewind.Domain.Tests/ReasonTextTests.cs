using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Capture;
using CloudRewind.Domain.Protections;
using CsCheck;

namespace CloudRewind.Domain.Tests;

public sealed class ReasonTextTests
{
    private static readonly string TooLong = new('x', ReasonText.MaxLength + 1);
    private static readonly string Shortened = $"{new string('x', ReasonText.MaxLength - 3)}...";

    [Fact]
    public void What_is_short_enough_stays() => Assert.Equal(TooLong[1..], ReasonText.Cut(TooLong[1..]));

    [Fact]
    public void What_is_too_long_ends_in_dots() => Assert.Equal(Shortened, ReasonText.Cut(TooLong));

    [Fact]
    public void No_character_is_cut_in_two() =>
        Gen.Int[0, 3].Sample(offset =>
        {
            var cut = ReasonText.Cut(new string('x', offset) + string.Concat(Enumerable.Repeat("😀", ReasonText.MaxLength)));
            return cut.Length is ReasonText.MaxLength or ReasonText.MaxLength - 1 && !char.IsHighSurrogate(cut[^4]);
        });

    [Fact]
    public void A_transitions_reason_is_cut_whichever_way_it_is_given()
    {
        var transition = new ProtectionTransition(
            new ProtectionId(new AssemblyKey(1, "demo", 7), 0, 1), 0, null, ProtectionStatus.Created, DateTimeOffset.UnixEpoch, TooLong, ResourceCounts.None);

        Assert.Equal(Shortened, transition.Reason);
        Assert.Equal(Shortened, (transition with { Reason = TooLong }).Reason);
    }

    [Fact]
    public void A_resources_reason_is_cut()
    {
        var resource = new ProtectedResource { ResourceId = "a", Type = "test", GroupId = "a", State = ResourceState.Failed, Reason = TooLong };

        Assert.Equal(Shortened, resource.Reason);
    }
}
