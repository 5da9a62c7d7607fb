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
    [InlineData("items=1 - 2")]
    [InlineData("items = 1-2")]
    [InlineData(" items=1-2")]
    [InlineData("items=1-2 ")]
    [InlineData("items=1-2\n")]
    [InlineData("items=01-2")]
    [InlineData("items=00000001-2")]
    [InlineData("items=+1-2")]
    [InlineData("items=1-+2")]
    [InlineData("items=1-2,")]
    [InlineData("bytes=1-2")]
    [InlineData("rubbish")]
    public void What_is_none_or_too_much_is_invalid(string text)
    {
        var errors = new FieldErrors();

        ItemRange.Read(Request(text), errors);

        Assert.Throws<ApiException>(errors.ThrowIfAny);
    }

    [Theory]
    [InlineData(1, 100, 100, null, "items 1-100/*", "items=101-200")]
    [InlineData(1, 100, 100, 105, "items 1-100/105", "items=101-200")]
    [InlineData(101, 200, 5, 105, "items 101-105/105", null)]
    [InlineData(1, 100, 100, 100, "items 1-100/100", null)]
    [InlineData(201, 300, 0, 105, "items */105", null)]
    [InlineData(999_501, 999_900, 400, null, "items 999501-999900/*", "items=999901-1000000")]
    [InlineData(999_901, 1_000_000, 100, null, "items 999901-1000000/*", null)]
    public void The_answer_says_which_part_it_is_and_where_the_next_one_is(int first, int last, int items, int? total, string contentRange, string? next)
    {
        var request = Request(null);

        new ItemRange(first, last).Describe(request, "https://example.com/api/v1/list", items, total);

        var headers = request.HttpContext.Response.Headers;
        Assert.Equal(contentRange, headers.ContentRange);
        Assert.Equal(next is null ? null : $"<https://example.com/api/v1/list?{next}>; rel=\"next\"", headers.Link);
    }

    [Fact]
    public void The_next_part_is_asked_for_with_the_same_parameters_and_without_the_hosts_key()
    {
        var request = Request(null);
        request.QueryString = new QueryString("?items=1-1&groupStatus=ALL&code=secret&start_time=1%262");

        new ItemRange(1, 1).Describe(request, "https://example.com/list", items: 1, total: null);

        Assert.Equal("<https://example.com/list?groupStatus=ALL&start_time=1%262&items=2-2>; rel=\"next\"", request.HttpContext.Response.Headers.Link);
    }

    [Theory]
    [InlineData("?items=2-5", null, 1, 4)]
    [InlineData("?items=2-5", "items=2-5", null, null)]
    [InlineData("?items=5-2", null, null, null)]
    [InlineData("?items=items=1-2", null, null, null)]
    [InlineData("?items=1-2&items=1-2", null, null, null)]
    [InlineData("?items", null, null, null)]
    public void A_range_may_be_in_the_address_and_is_given_once(string query, string? header, int? skip, int? take)
    {
        var request = Request(header);
        request.QueryString = new QueryString(query);
        var errors = new FieldErrors();

        var range = ItemRange.Read(request, errors);

        if (skip is null)
            Assert.Contains("items", Assert.Throws<ApiException>(errors.ThrowIfAny).Message, StringComparison.Ordinal);
        else
            Assert.Equal((skip.Value, take!.Value), (range.Skip, range.Take));
    }

    private static HttpRequest Request(string? range)
    {
        var request = new DefaultHttpContext().Request;
        request.Headers.Range = range;
        return request;
    }
}
