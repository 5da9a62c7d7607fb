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
            """{"totalResources":3,"totalGroups":2,"totalSizeGiB":3,"resources":[{"id":"sim-ok-a@web","type":"simulated","groupId":"@web","sizeGiB":1},"""
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

    [Fact]
    public async Task What_keeps_an_assembly_from_being_protected_is_told()
    {
        var client = app.NewAssembly();
        var body = AssemblyBody.Of();
        body["resourceFilterStrategy"] = new JsonObject { ["filterType"] = "vpc", ["vpcId"] = "vpc-0a1b2c3d4e5f60718" };
        await client.PutAssemblyAsync(body);

        var answer = await PreviewAsync(client);

        answer.IsRefused(412, "cannot-be-protected");
        Assert.Equal("The cloud assembly cannot be protected as it is: The simulated provider knows manual lists only.", answer.Json.GetProperty("message").GetString());
    }

    private static Task<Answer> PreviewAsync(ApiClient client) => client.GetAsync($"{client.Address.Path}/preview");
}
