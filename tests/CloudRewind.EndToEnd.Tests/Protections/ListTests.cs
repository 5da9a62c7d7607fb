using System.Globalization;

namespace CloudRewind.EndToEnd.Tests.Protections;

/// <summary>ListAwsProtections: newest first, by range and by time.</summary>
public sealed class ListTests(AppFixture fixture) : IClassFixture<AppFixture>
{
    private readonly App app = fixture.App;

    [Fact]
    public async Task They_come_newest_first_and_a_range_says_which_and_of_how_many()
    {
        var (client, ids) = await WithThreeAsync();

        var all = await client.GetAsync(PathOf(client));
        Assert.Equal(200, all.Status);
        Assert.Equal("items 1-3/3", all.Header("Content-Range"));
        Assert.Equal("items", all.Header("Accept-Ranges"));
        Assert.Equal(ids, IdsOf(all));
        Assert.Equal(
            ["id", "name", "status", "outcome", "protectionPolicyId", "isLocked", "duration", "createdAt", "updatedAt", "expiresAt"],
            all.Json[0].EnumerateObject().Select(member => member.Name));

        var part = await client.GetAsync(PathOf(client), ("Range", "items=2-2"));
        Assert.Equal("items 2-2/*", part.Header("Content-Range"));
        Assert.Equal(ids[1..2], IdsOf(part));
        Assert.Equal(ids[2..], IdsOf(await client.GetAsync(NextOf(part)!)));

        var beyond = await client.GetAsync(PathOf(client), ("Range", "items=4-9"));
        Assert.Equal("items */3", beyond.Header("Content-Range"));
        Assert.Empty(IdsOf(beyond));
        Assert.All([all, beyond], answer => Assert.Null(NextOf(answer)));
    }

    /// <summary>Each list, read one item at a time by its links alone, whatever is in the project id and in the query.</summary>
    [Fact]
    public async Task The_links_lead_through_each_list_and_end_with_it()
    {
        var client = app.NewAssembly("a/b ü%2F:v1");
        var policies = $"{client.Address.Path}/protection-policies";
        await client.PutAssemblyAsync();
        await client.AtAnotherAssembly().PutAssemblyAsync();
        for (var number = 0; number < 2; number++)
            await client.WatchAsync(await client.ProtectAgainAsync(), "skipped");
        foreach (var name in new[] { "first", "second" })
            Assert.Equal(201, (await client.SendAsync(HttpMethod.Post, policies, PolicyBody.Of(name).ToJsonString())).Status);

        Assert.Equal(2, await CountAsync(client.Address.Path[..client.Address.Path.LastIndexOf('/')]));
        Assert.Equal(2, await CountAsync(PathOf(client)));
        Assert.Equal(2, await CountAsync($"{PathOf(client)}?sortOrder=ASC&groupStatus=ALL&start_time=1&code=key%26&"));
        Assert.Equal(2, await CountAsync(policies));
        Assert.Equal(0, await CountAsync($"{policies}/1/missed-runs"));

        async Task<int> CountAsync(string list)
        {
            var seen = new List<string>();
            for (var next = $"{list}{(list.Contains('?', StringComparison.Ordinal) ? "" : "?")}items=1-1"; next is not null;)
            {
                var page = await client.GetAsync(next);
                seen.AddRange(IdsOf(page));
                next = NextOf(page);
                Assert.DoesNotContain("code=", next ?? "", StringComparison.Ordinal);
            }

            Assert.Equal(seen.Distinct(), seen);
            return seen.Count;
        }
    }

    [Fact]
    public async Task A_range_is_given_once()
    {
        var client = app.NewAssembly();
        await client.PutAssemblyAsync();

        (await client.GetAsync($"{PathOf(client)}?items=1-5", ("Range", "items=1-5"))).IsRefused(412, "invalid-request", "items");
    }

    private static string? NextOf(Answer answer) => answer.Header("Link")?.Split(';') is [var address, _] ? address.Trim('<', '>') : null;

    [Fact]
    public async Task A_range_of_time_includes_both_its_ends()
    {
        var (client, ids) = await WithThreeAsync();
        var middle = TimeOf(ids[1]);

        Assert.Equal(ids[1..2], IdsOf(await client.GetAsync($"{PathOf(client)}?start_time={middle}&end_time={middle}")));
        Assert.Equal(ids[..2], IdsOf(await client.GetAsync($"{PathOf(client)}?start_time={middle}")));
        Assert.Equal(ids[1..], IdsOf(await client.GetAsync($"{PathOf(client)}?end_time={middle}")));
        Assert.Empty(IdsOf(await client.GetAsync($"{PathOf(client)}?start_time={TimeOf(ids[0]) + 1}")));
    }

    [Theory]
    [InlineData("items=0-5")]
    [InlineData("items=5-4")]
    [InlineData("items=1-")]
    [InlineData("items=-5")]
    [InlineData("items=1-1001")]
    [InlineData("items=1-9999999999")]
    [InlineData("bytes=1-5")]
    [InlineData("items=1-2,4-5")]
    public async Task A_range_that_is_none_is_412(string range)
    {
        var client = app.NewAssembly();
        await client.PutAssemblyAsync();

        (await client.GetAsync(PathOf(client), ("Range", range))).IsRefused(412, "invalid-request", "Range");
    }

    [Theory]
    [InlineData("start_time=-1", "start_time")]
    [InlineData("start_time=", "start_time")]
    [InlineData("start_time=now", "start_time")]
    [InlineData("start_time=1&start_time=2", "start_time")]
    [InlineData("end_time=253402300800000", "end_time")]
    [InlineData("end_time=1e3", "end_time")]
    [InlineData("start_time=5&end_time=4", "start_time")]
    public async Task A_time_that_is_none_is_412(string query, string field)
    {
        var client = app.NewAssembly();
        await client.PutAssemblyAsync();

        (await client.GetAsync($"{PathOf(client)}?{query}")).IsRefused(412, "invalid-request", field);
    }

    [Fact]
    public async Task An_assembly_that_was_never_protected_has_none_and_one_that_never_was_is_404()
    {
        var client = app.NewAssembly();
        (await client.GetAsync(PathOf(client))).IsRefused(404, "cloud-assembly-not-found");

        await client.PutAssemblyAsync();

        var none = await client.GetAsync(PathOf(client));
        Assert.Equal("[]", none.Body);
        Assert.Equal("items */0", none.Header("Content-Range"));
    }

    private async Task<(ApiClient Client, string[] Ids)> WithThreeAsync()
    {
        var client = app.NewAssembly();
        await client.PutAssemblyAsync();
        var ids = new List<string>();
        for (var number = 0; number < 3; number++)
        {
            var id = await client.ProtectAgainAsync();
            await client.WatchAsync(id, "skipped");
            ids.Insert(0, id);
        }

        return (client, [.. ids]);
    }

    private static string PathOf(ApiClient client) => $"{client.Address.Path}/protections";

    private static IEnumerable<string> IdsOf(Answer answer) => answer.Json.EnumerateArray().Select(item => item.GetProperty("id").ToString());

    private static long TimeOf(string id) => long.Parse(id.Split(':')[^1], CultureInfo.InvariantCulture);
}
