using CloudRewind.Storage.Tables;
using CsCheck;

namespace CloudRewind.Storage.Tests.Tables;

public sealed class KeyTextTests
{
    private static readonly Gen<string> Letters = Gen.Char["/=~a2F"].Array[0, 4].Select(characters => new string(characters));

    [Theory]
    [InlineData("demo-1_a.b", "demo-1_a.b")]
    [InlineData("a/b", "a=2Fb")]
    [InlineData("=", "=3D")]
    [InlineData("ü", "=C3=BC")]
    [InlineData("", "")]
    public void Characters_that_keys_cannot_hold_are_encoded(string text, string expected) => Assert.Equal(expected, KeyText.Encode(text));

    [Fact]
    public void Every_text_becomes_a_valid_key() =>
        Gen.String.Sample(text => KeyText.Encode(text) is { Length: <= 200 } key && key.All(character => char.IsAsciiLetterOrDigit(character) || "-_.=~".Contains(character, StringComparison.Ordinal)));

    [Fact]
    public void Different_texts_have_different_keys() =>
        Gen.Select(Letters, Letters).Sample((one, other) => one == other || KeyText.Encode(one) != KeyText.Encode(other));

    [Fact]
    public void A_long_text_is_cut_and_stays_distinct()
    {
        var text = new string('x', 5_000);

        Assert.InRange(KeyText.Encode(text).Length, 100, 200);
        Assert.NotEqual(KeyText.Encode(text), KeyText.Encode($"{text}x"));
    }
}
