using CloudRewind.Functions.Http;

namespace CloudRewind.Functions.Tests.Http;

public sealed class IsoDurationTests
{
    [Theory]
    [InlineData("P30D", "30.00:00:00")]
    [InlineData("PT12H", "12:00:00")]
    [InlineData("P1DT2H3M4S", "1.02:03:04")]
    [InlineData("PT90M", "01:30:00")]
    [InlineData("PT0.5S", "00:00:00.5")]
    [InlineData("P2W", "14.00:00:00")]
    public void Weeks_days_and_time_are_read(string text, string expected)
    {
        Assert.True(IsoDuration.TryParse(text, out var duration));
        Assert.Equal(TimeSpan.Parse(expected), duration);
    }

    [Theory]
    [InlineData("")]
    [InlineData("P")]
    [InlineData("PT")]
    [InlineData("P1DT")]
    [InlineData("30D")]
    [InlineData("p30d")]
    [InlineData("-P1D")]
    [InlineData("P1Y")]
    [InlineData("P1M")]
    [InlineData("P1W2D")]
    [InlineData(" P1D")]
    [InlineData("P1D\n")]
    [InlineData("P1.5D")]
    [InlineData("PT1H ")]
    [InlineData("P٣D")]
    [InlineData("P99999999999999999999D")]
    [InlineData("30.00:00:00")]
    public void What_is_none_or_depends_on_the_calendar_is_refused(string text) => Assert.False(IsoDuration.TryParse(text, out _));
}
