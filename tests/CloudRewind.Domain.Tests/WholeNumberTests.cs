namespace CloudRewind.Domain.Tests;

public sealed class WholeNumberTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("007", 7)]
    [InlineData("9223372036854775807", long.MaxValue)]
    public void Digits_are_read(string text, long expected)
    {
        Assert.True(WholeNumber.TryParse(text, out var value));
        Assert.Equal(expected, value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\0")]
    [InlineData("5\0")]
    [InlineData("\u00005")]
    [InlineData("+5")]
    [InlineData("-5")]
    [InlineData(" 5")]
    [InlineData("5 ")]
    [InlineData("5\n")]
    [InlineData("1,000")]
    [InlineData("1e3")]
    [InlineData("0x1")]
    [InlineData("９")]
    [InlineData("9223372036854775808")]
    public void Anything_else_is_refused(string text) => Assert.False(WholeNumber.TryParse(text, out _));
}
