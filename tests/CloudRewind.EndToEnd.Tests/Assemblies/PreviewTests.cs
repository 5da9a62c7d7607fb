using System.Text.Json.Nodes;

namespace CloudRewind.EndToEnd.Tests.Assemblies;

/// <summary>PreviewAwsCloudAssembly: what a protection would capture, without one.</summary>
public sealed class PreviewTests(AppFixture fixture) : IClassFixture<AppFixture>
{
    private readonly App app = fixture.App;

    [Fact]
    public async Task It_shows_each_resource_with_its_group_and_begins_nothing()
    {
        var client = app.NewAssembly();
        await client.PutAssemblyAsync("sim-ok-a@web", "sim-ok-b@web", "sim-slow-c");

        var answer = await PreviewAsync(client);

        Assert.Equal((200, "no-store"), (answer.Status, answer.Header("Cache-Control")));
        Assert.Equal(
            """{"provider":"Simulated","totalResources":3,"totalGroups":2,"totalSizeGiB":3,"resources":[{"id":"sim-ok-a@web","type":"simulated","groupId":"@web","sizeGiB":1},"""
            + """{"id":"sim-ok-b@web","type":"simulated","groupId":"@web","sizeGiB":1},{"id":"sim-slow-c","type":"simulated","groupId":"sim-slow-c","sizeGiB":1}],"""
            + "\"leftOut\":[],\"missingPermissions\":[]}",
            answer.Body);
        Assert.Empty(await app.Tables.ProtectionsOfAsync(client.Address));
        ApiClient.IdOf(await client.CreateAsync()); // the assembly is free
    }

    [Theory]
    [InlineData("enabled")]
    [InlineData("disabled")]
    public async Task An_assembly_without_resources_has_a_preview_too_and_a_disabled_one(string status)
    {
        var client = app.NewAssembly();
        var body = AssemblyBody.Of();
        body["status"] = status;
        await client.PutAssemblyAsync(body);

        var answer = await PreviewAsync(client);

        Assert.Equal(200, answer.Status);
        Assert.Equal(0, answer.Json.GetProperty("totalResources").GetInt32());
        Assert.Empty(answer.Json.GetProperty("resources").EnumerateArray());
    }

    [Fact]
    public async Task It_works_while_a_protection_runs()
    {
        var client = app.NewAssembly();
        var id = await client.ProtectAsync(["sim-slow-a"]);

        Assert.Equal(1, (await PreviewAsync(client)).Json.GetProperty("totalResources").GetInt32());

        await client.WatchAsync(id, "success");
        Assert.Equal(["sim-slow-a"], await app.Tables.SnapshotsAsync(id));
    }

    [Theory]
    [InlineData("""{"filterType":"vpc","vpcId":"vpc-0a1b2c3d4e5f60718"}""", 6, 3)]
    [InlineData("""{"filterType":"tags","tags":[{"key":"environment","value":"production"},{"key":"application","value":"web-shop"}]}""", 6, 3)]
    [InlineData("""{"filterType":"tags","tags":[{"key":"tier","value":"db"},{"key":"environment","value":"staging"}],"conditions":"match-any-tags"}""", 3, 2)]
    [InlineData("""{"filterType":"tags","tags":[{"key":"environment","value":"*"}]}""", 0, 0)]
    public async Task The_filters_of_AWS_select_from_a_made_up_account(string filter, int resources, int groups)
    {
        var client = app.NewAssembly();
        var body = AssemblyBody.Of();
        body["resourceFilterStrategy"] = JsonNode.Parse(filter);
        await client.PutAssemblyAsync(body);

        var preview = (await PreviewAsync(client)).Json;

        Assert.Equal((resources, groups), (preview.GetProperty("totalResources").GetInt32(), preview.GetProperty("totalGroups").GetInt32()));
    }

    private static Task<Answer> PreviewAsync(ApiClient client) => client.GetAsync($"{client.Address.Path}/preview");
}
