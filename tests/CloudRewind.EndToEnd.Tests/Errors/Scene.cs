namespace CloudRewind.EndToEnd.Tests.Errors;

/// <summary>An assembly in a certain state, and a protection of it. Refused requests change nothing, so that many share one.</summary>
internal sealed record Scene(AssemblyAddress Address, string ProtectionId)
{
    /// <summary>The key under which <see cref="ReadyAsync"/> got its protection.</summary>
    public const string UsedKey = "used-before";

    private static readonly Lock Gate = new();
    private static readonly Dictionary<(App App, string Name), Task<Scene>> Known = [];

    /// <summary>Enabled, with a policy; its protection has its outcome.</summary>
    public static Task<Scene> ReadyAsync(App app) => Once(app, nameof(ReadyAsync), async client =>
    {
        await client.PutAssemblyAsync();
        var id = ApiClient.IdOf(await client.CreateAsync("""{"name":"first"}""", ("Idempotency-Key", UsedKey)));
        await client.WatchAsync(id, "skipped");
        await CreatePolicyAsync(client);
        return id;
    });

    /// <summary>Enabled, without a policy.</summary>
    public static Task<Scene> WithoutPolicyAsync(App app) => Once(app, nameof(WithoutPolicyAsync), client => client.ProtectAsync([]));

    /// <summary>Enabled; its protection has its outcome, and is locked.</summary>
    public static Task<Scene> LockedAsync(App app) => Once(app, nameof(LockedAsync), async client =>
    {
        var id = await client.ProtectAsync([]);
        await client.WatchAsync(id, "skipped");
        Assert.Equal(200, (await client.ActAsync("lock", id)).Status);
        return id;
    });

    /// <summary>Enabled; the run of its protection is cancelled.</summary>
    public static Task<Scene> CancelledAsync(App app) => Once(app, nameof(CancelledAsync), async client =>
    {
        var id = await client.ProtectAsync(["sim-stuck-a"]);
        Assert.Equal(202, (await client.ActAsync("cancel", id)).Status);
        return id;
    });

    /// <summary>Enabled; its protection is gone.</summary>
    public static Task<Scene> ElapsedAsync(App app) => Once(app, nameof(ElapsedAsync), async client =>
    {
        var id = await client.ProtectAsync([], "PT1S");
        await client.WatchAsync(id, "elapsed");
        return id;
    });

    /// <summary>Enabled; its protection runs, and goes on running.</summary>
    public static Task<Scene> RunningAsync(App app) => Once(app, nameof(RunningAsync), client => client.ProtectAsync(["sim-stuck-a"]));

    /// <summary>Disabled while its protection runs.</summary>
    public static Task<Scene> DisabledAsync(App app) => Once(app, nameof(DisabledAsync), async client =>
    {
        var id = await client.ProtectAsync(["sim-stuck-a"]);
        var body = AssemblyBody.Of("sim-stuck-a");
        body["status"] = "disabled";
        Assert.Equal(200, (await client.PutAssemblyAsync(body)).Status);
        return id;
    });

    /// <summary>Deleted, and its protection with it.</summary>
    public static Task<Scene> DeletedAsync(App app) => Once(app, nameof(DeletedAsync), async client =>
    {
        var id = await client.ProtectAsync([]);
        await client.WatchAsync(id, "skipped");
        await CreatePolicyAsync(client);
        await client.SendAsync(HttpMethod.Delete, client.Address.Path);
        await CloudRewind.TestSupport.Eventually.GetAsync(
            () => client.GetAsync(client.Address.Path), answer => answer.Json.GetProperty("status").GetString() == "deleted", "the deletion");
        return id;
    });

    private static async Task CreatePolicyAsync(ApiClient client) =>
        Assert.Equal(201, (await client.SendAsync(HttpMethod.Post, $"{client.Address.Path}/protection-policies", PolicyBody.Of().ToJsonString())).Status);

    private static Task<Scene> Once(App app, string name, Func<ApiClient, Task<string>> arrange)
    {
        lock (Gate)
        {
            if (!Known.TryGetValue((app, name), out var scene))
                Known[(app, name)] = scene = ArrangeAsync();
            return scene;
        }

        async Task<Scene> ArrangeAsync()
        {
            var client = app.NewAssembly();
            return new Scene(client.Address, await arrange(client));
        }
    }
}
