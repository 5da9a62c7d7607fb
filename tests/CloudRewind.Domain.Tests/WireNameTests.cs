using CloudRewind.Domain.Protections;

namespace CloudRewind.Domain.Tests;

/// <summary>The whole table of names is in WireNameTableTests, beside the contract.</summary>
public sealed class WireNameTests
{
    [Fact]
    public void Each_name_is_parsed_to_its_value() =>
        Assert.All(Enum.GetValues<ProtectionStatus>(), status => Assert.Equal(status, WireName.Parse<ProtectionStatus>(status.ToWireName())));

    [Theory]
    [InlineData("")]
    [InlineData("Created")]
    [InlineData("inprogress")]
    [InlineData("in-progress ")]
    [InlineData("0")]
    public void Another_name_is_refused_with_the_valid_names(string name)
    {
        var error = Assert.Throws<FormatException>(() => WireName.Parse<ProtectionStatus>(name));

        Assert.False(WireName.TryParse<ProtectionStatus>(name, out _));
        Assert.Contains($"'{name}'", error.Message, StringComparison.Ordinal);
        Assert.Contains("preparation-completed", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_name_is_refused() => Assert.False(WireName.TryParse<ProtectionStatus>(null, out _));

    [Fact]
    public void An_undefined_value_has_no_name() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => ((ProtectionStatus)99).ToWireName());
}
