using System.Text;
using CloudRewind.Functions.Http;
using CsCheck;

namespace CloudRewind.Functions.Tests.Http;

public sealed class JsonBodyTests
{
    private static readonly string[] Parts =
        ["{", "}", "[", "]", "\"", ":", ",", "1", "-", "null", "\\", "\\u", "\\ud800", "\\udfff", "\\u0000", "name", "retention", "\"name\":", "\"a\":{", "\"\\ud800\":", " ", "\t", "\0", "é", "🚀", "1e999"];

    private static readonly Gen<byte[]> Rubbish =
        from parts in Gen.Frequency(
            (9, Gen.Int[0, Parts.Length - 1].Select(index => Encoding.UTF8.GetBytes(Parts[index]))),
            (1, Gen.Byte.Array[1, 3])).Array[0, 12]
        select parts.SelectMany(part => part).ToArray();

    // Objects in objects, whose names and values are rubbish within their quotation marks.
    private static readonly Gen<byte[]> Objects =
        from members in (from name in Rubbish from value in Rubbish from nested in Gen.Bool select Member(name, value, nested)).Array[0, 4]
        select (byte[])[.. "{"u8, .. members.SelectMany((member, index) => index == 0 ? member : [(byte)',', .. member]), .. "}"u8];

    [Fact]
    public void Whatever_the_bytes_are_they_are_read_or_refused() => Gen.OneOf(Rubbish, Objects).Sample(
        bytes =>
        {
            try
            {
                var errors = new FieldErrors();
                var body = new JsonMembers(JsonBody.Parse(bytes), "", errors);
                body.Text("name", 10, required: false);
                body.Duration("retention", TimeSpan.Zero, TimeSpan.MaxValue);
                body.Members("a")?.RefuseOthers();
                body.RefuseOthers();
                errors.ThrowIfAny();
            }
            catch (ApiException error)
            {
                Assert.Equal(412, error.StatusCode);
            }
        },
        iter: 20_000);

    [Theory]
    [InlineData("""{"\ud800":1}""")]
    [InlineData("""{"a":{"b\udfffc":1}}""")]
    [InlineData("""{"a":[{"b":1},[{"\ud800":1}]]}""")]
    [InlineData("""{"\ud800":1,"\ud800":2}""")]
    public void A_name_with_half_a_surrogate_pair_is_invalid(string json) => IsInvalid(Encoding.UTF8.GetBytes(json));

    [Fact]
    public void A_name_that_is_not_UTF_8_is_invalid()
    {
        IsInvalid([.. "{\""u8, 0xFF, .. "\":1}"u8]);
        IsInvalid([.. "{\"a\":{\""u8, 0xC3, .. "\":1}}"u8]);
    }

    private static void IsInvalid(byte[] bytes) => Assert.Equal("body-invalid", Assert.Throws<ApiException>(() => JsonBody.Parse(bytes)).Code);

    private static byte[] Member(byte[] name, byte[] value, bool nested) => nested
        ? [.. "\"a\":{\""u8, .. name, .. "\":\""u8, .. value, .. "\"}"u8]
        : [.. "\""u8, .. name, .. "\":\""u8, .. value, .. "\""u8];
}
