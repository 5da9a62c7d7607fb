
namespace CloudRewind.EndToEnd.Tests.Assemblies;

/// <summary>DeleteAwsCloudAssembly: nothing new begins, what runs ends, everything is pruned, and the record stays.</summary>
public sealed class DeletionTests(AppFixture fixture) : IClassFixture<AppFixture>
{
    private readonly App app = fixture.App;

    [Fact]
    public async Task An_assembly_is_deleted_once_the_one_that_runs_has_ended_and_every_one_is_pruned()
    {
        var client = app.NewAssembly();
        var kept = await client.ProtectAsync(["sim-ok-a", "sim-keep-b"]);
        await client.WatchAsync(kept, "success");
        var running = await client.ProtectAgainAsync();

        var answer = await DeleteAsync(client);

        Assert.Equal(202, answer.Status);
        Assert.Equal("delete-requested", StatusOf(answer));
        (await client.CreateAsync()).IsRefused(409, "assembly-being-deleted");
        (await client.PutAssemblyAsync(AssemblyBody.Of())).IsRefused(409, "assembly-being-deleted");
        await UntilDeletedAsync(client);
        foreach (var id in new[] { kept, running })
        {
            (await client.StatusAsync(id)).IsRefused(409, "assembly-being-deleted");
            Assert.Equal("elapsed", await LastOfTimelineAsync(client, id));
            Assert.Equal("elapsed", (await app.Tables.ProtectionAsync(id)).GetString("Status"));
            Assert.Empty(await app.Tables.SimulatedAsync(id));
            Assert.False(await app.Tables.IsUnfinishedAsync(id));
        }
    }

    [Fact]
    public async Task One_that_was_never_protected_is_deleted_and_leaves_the_list()
    {
        var client = app.NewAssembly();
        await client.PutAssemblyAsync();

        Assert.Equal(202, (await DeleteAsync(client)).Status);
        await UntilDeletedAsync(client);

        Assert.Equal(200, (await DeleteAsync(client)).Status);
        Assert.Equal("[]", (await client.GetAsync(client.Address.Path[..client.Address.Path.LastIndexOf('/')])).Body);
        (await client.CreateAsync()).IsRefused(409, "assembly-being-deleted");
    }

    [Fact]
    public async Task One_that_never_was_is_404() => (await DeleteAsync(app.NewAssembly())).IsRefused(404, "cloud-assembly-not-found");

    [Fact]
    public async Task The_assemblies_of_a_project_are_listed_by_id_and_no_others()
    {
        var client = app.NewAssembly();
        var ids = new List<long>();
        for (var number = 0; number < 3; number++)
        {
            var one = client.AtAnotherAssembly();
            await one.PutAssemblyAsync();
            ids.Add(one.Address.CloudAssemblyId);
        }

        await client.At(client.Address with { ProjectId = $"{client.Address.ProjectId}2" }).PutAssemblyAsync();
        var path = client.Address.Path[..client.Address.Path.LastIndexOf('/')];

        var all = await client.GetAsync(path);
        Assert.Equal("items 1-3/3", all.Header("Content-Range"));
        Assert.Equal(ids.Order(), all.Json.EnumerateArray().Select(item => item.GetProperty("id").GetInt64()));
        Assert.Equal("items 1-2/*", (await client.GetAsync(path, ("Range", "items=1-2"))).Header("Content-Range"));
        (await client.With(new TokenClaims { AccountId = client.Address.AccountId, Projects = new[] { "other" } }).GetAsync(path)).IsRefused(403, "project-forbidden");
    }

    private static Task<Answer> DeleteAsync(ApiClient client) => client.SendAsync(HttpMethod.Delete, client.Address.Path);

    private static async Task<string?> LastOfTimelineAsync(ApiClient client, string id)
    {
        var timeline = await client.GetAsync($"{client.Address.Path}/protections/timeline?protection_id={Uri.EscapeDataString(id)}");
        Assert.True(timeline.Status == 200, timeline.ToString());
        return timeline.Json.GetProperty("transitions").EnumerateArray().Last().GetProperty("to").GetString();
    }

    private static string? StatusOf(Answer answer) => answer.Json.GetProperty("status").GetString();

    private static Task UntilDeletedAsync(ApiClient client) =>
        Eventually.GetAsync(() => client.GetAsync(client.Address.Path), answer => StatusOf(answer) == "deleted", "the assembly to be deleted");
}
