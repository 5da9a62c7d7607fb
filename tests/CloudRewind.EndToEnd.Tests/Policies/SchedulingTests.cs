using System.Text.Json;

namespace CloudRewind.EndToEnd.Tests.Policies;

/// <summary>What is due is made by the app itself, once.</summary>
public sealed class SchedulingTests(AppFixture fixture) : IClassFixture<AppFixture>
{
    private readonly App app = fixture.App;

    [SkippableFact]
    public async Task What_is_due_is_made_and_what_was_due_when_nothing_ran_is_recorded_as_missed()
    {
        Skip.If(OutsideApp.IsGiven, OwnProcessFactAttribute.Reason); // it writes to the app's tables
        var client = app.NewAssembly();
        await client.PutAssemblyAsync("sim-ok-a");
        var paused = client.AtAnotherAssembly();
        await paused.PutAssemblyAsync("sim-ok-a");
        var body = PolicyBody.DueSoon("quarterly", out var dueAt);
        Assert.Equal(201, (await client.SendAsync(HttpMethod.Post, $"{client.Address.Path}/protection-policies", body.ToJsonString())).Status);
        body["status"] = "paused";
        Assert.Equal(201, (await paused.SendAsync(HttpMethod.Post, $"{paused.Address.Path}/protection-policies", body.ToJsonString())).Status);
        await app.Tables.SetNextDueAsync(client.Address, policyId: 1, dueAt.AddMinutes(-45)); // as if nothing had run since

        var list = await Eventually.GetAsync(
            () => client.GetAsync($"{client.Address.Path}/protections"), answer => answer.Json.GetArrayLength() > 0, "the protection that is due");

        var made = Assert.Single(list.Json.EnumerateArray().ToArray());
        var id = made.GetProperty("id").GetString()!;
        Assert.Equal($":1:{dueAt.ToUnixTimeMilliseconds()}", id[id.IndexOf(":1:", id.IndexOf(client.Address.ProjectId, StringComparison.Ordinal), StringComparison.Ordinal)..]);
        Assert.Equal(("quarterly", 1), (made.GetProperty("protectionPolicyName").GetString(), made.GetProperty("protectionPolicyId").GetInt64()));
        Assert.False(made.TryGetProperty("expiresAt", out _));
        await client.WatchAsync(id, "success");
        var timeline = await client.TimelineAsync(id);
        Assert.All(timeline.GetProperty("transitions").EnumerateArray(), transition => Assert.Equal("scheduler", transition.GetProperty("by").GetProperty("actor").GetString()));
        Assert.False(timeline.GetProperty("transitions")[0].GetProperty("by").TryGetProperty("tokenId", out _));

        var missed = await MissedAsync(client);
        Assert.Equal([dueAt.AddMinutes(-15), dueAt.AddMinutes(-30), dueAt.AddMinutes(-45)], missed.Select(run => run.GetProperty("dueAt").GetDateTimeOffset()));
        Assert.All(missed, run => Assert.Equal("down", run.GetProperty("reason").GetString()));
        var pausedRun = Assert.Single(await MissedAsync(paused));
        Assert.Equal((dueAt, "policy-paused"), (pausedRun.GetProperty("dueAt").GetDateTimeOffset(), pausedRun.GetProperty("reason").GetString()));
        Assert.Equal(0, (await paused.GetAsync($"{paused.Address.Path}/protections")).Json.GetArrayLength());
        Assert.Equal(dueAt.AddMinutes(15), (await client.GetAsync($"{client.Address.Path}/protection-policies/1")).Json.GetProperty("nextRunAt").GetDateTimeOffset());
    }

    private static async Task<JsonElement[]> MissedAsync(ApiClient client) => await Eventually.GetAsync(
        async () => (await client.GetAsync($"{client.Address.Path}/protection-policies/1/missed-runs")).Json.EnumerateArray().ToArray(), missed => missed.Length > 0, "what was missed");
}
