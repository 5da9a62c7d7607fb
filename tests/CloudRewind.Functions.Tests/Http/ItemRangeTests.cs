using CloudRewind.Functions.Http;
using Microsoft.AspNetCore.Http;

namespace CloudRewind.Functions.Tests.Http;

public sealed class ItemRangeTests
{
    [Theory]
    [InlineData("items=1-1", 0, 1)]
    [InlineData("items=2-1001", 1, 1_000)]
    [InlineData("Items=999001-1000000", 999_000, 1_000)]
    [InlineData(null, 0, 100)]
    public void A_range_of_items_is_read(string? text, int skip, int take)
    {
        var range = ItemRange.Read(Request(text), new FieldErrors());

        Assert.Equal((skip, take), (range.Skip, range.Take));
    }

    [Theory]
    [InlineData("")]
    [InlineData("items=0-1")]
    [InlineData("items=2-1")]
    [InlineData("items=-5")]
    [InlineData("items=5-")]
    [InlineData("items=1-1001")]
    [InlineData("items=1000001-1000001")]
    [InlineData("items=1-2,4-5")]
    [InlineData("items=1-9223372036854775808")]
    [InlineData("items=1-5\0")]
    [InlineData("items=١-٢")]
    [InlineData("bytes=1-2")]
    [InlineData("rubbish")]
    public void What_is_none_or_too_much_is_invalid(string text)
    {
        var errors = new FieldErrors();

        ItemRange.Read(Request(text), errors);

        Assert.Throws<ApiException>(errors.ThrowIfAny);
    }

    private static HttpRequest Request(string? range)
    {
        var request = new DefaultHttpContext().Request;
        request.Headers.Range = range;
        return request;
    }
}
