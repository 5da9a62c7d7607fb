using CloudRewind.LocalRuntime.Http;

namespace CloudRewind.LocalRuntime.Tests.Http;

public sealed class HttpRouteTests
{
    [Theory]
    [InlineData("v1/accounts/{id}", "v1/accounts/7", "id=7")]
    [InlineData("v1/accounts/{id}", "v1/accounts/7/", "id=7")]
    [InlineData("v1/accounts/{id}", "v1/accounts/7//", null)]
    [InlineData("v1/{id}/", "v1/7", "id=7")]
    [InlineData("{*path}", "", "path=")]
    [InlineData("{*path}", "/a", null)]
    [InlineData("{*path}", "a//b/", "path=a//b/")]
    [InlineData("v1/accounts/{id}", "V1/ACCOUNTS/a%2Fb", "id=a%2Fb")]
    [InlineData("v1/accounts/{id}", "v1/accounts", null)]
    [InlineData("v1/accounts/{id}", "v1/accounts/", null)]
    [InlineData("v1/accounts/{id}", "v1/accounts/7/8", null)]
    [InlineData("v1/accounts/{id}", "v1//7", null)]
    [InlineData("{*path}", "a/b", "path=a/b")]
    [InlineData("x/{*path}", "x", "path=")]
    public void A_route_matches_by_segments(string template, string path, string? values)
    {
        var matches = new HttpRoute(template, []).Matches("GET", $"/{path}", out var found);
        Assert.Equal(values, matches ? string.Join('&', found!.Select(v => $"{v.Key}={v.Value}")) : null);
    }

    [Theory]
    [InlineData("v1/{id:long}")]
    [InlineData("v1/{id?}")]
    [InlineData("v1/a{id}")]
    [InlineData("{*path}/x")]
    public void A_route_with_more_than_names_is_refused(string template) =>
        Assert.Throws<NotSupportedException>(() => new HttpRoute(template, []));
}
