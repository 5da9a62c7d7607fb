using CloudRewind.Domain.Protections;

namespace CloudRewind.Domain.Tests.Protections;

public sealed class ProtectionStatusNamesTests
{
    // As "Get AWS Protection Status" lists them.
    private static readonly string[] Documented =
    [
        "created", "preparing", "preparation-completed", "in-progress", "partially-protected", "success", "skipped", "failed", "pruning-failed", "elapsed",
    ];

    [Fact]
    public void The_names_are_the_documented_ones() =>
        Assert.Equal(Documented, Enum.GetValues<ProtectionStatus>().Select(status => status.ToWireName()));

    [Fact]
    public void Each_name_leads_back_to_its_status() =>
        Assert.All(Enum.GetValues<ProtectionStatus>(), status => Assert.Equal(status, ProtectionStatusNames.FromWireName(status.ToWireName())));

    [Theory]
    [InlineData("")]
    [InlineData("Created")]
    [InlineData("inprogress")]
    [InlineData("in-progress ")]
    public void Another_name_is_refused_with_the_names_there_are(string name)
    {
        var error = Assert.Throws<FormatException>(() => ProtectionStatusNames.FromWireName(name));

        Assert.Contains($"'{name}'", error.Message, StringComparison.Ordinal);
        Assert.Contains("preparation-completed", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_undefined_status_has_no_name() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => ((ProtectionStatus)99).ToWireName());
}
