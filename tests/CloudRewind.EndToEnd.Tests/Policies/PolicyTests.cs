using System.Text.Json.Nodes;

namespace CloudRewind.EndToEnd.Tests.Policies;

/// <summary>The operations on policies.</summary>
public sealed class PolicyTests(AppFixture fixture) : IClassFixture<AppFixture>
{
    private readonly App app = fixture.App;

    [Fact]
    public async Task A_policy_is_created_changed_and_deleted_and_it_is_on_record_who_did_that()
    {
        var client = app.NewAssembly();
        await client.PutAssemblyAsync();

        var created = await client.SendAsync(HttpMethod.Post, Policies(client), PolicyBody.Of().ToJsonString(), ("x-correlation-id", "policy-create"));
        Assert.Equal((201, "\"1\""), (created.Status, created.Header("ETag")));
        Assert.Equal(new Uri(app.Http.BaseAddress!, Policies(client) + "/1").AbsoluteUri, created.Header("Location"));
        var got = await client.GetAsync($"{Policies(client)}/1");
        Assert.Equal(PolicyBody.Of()["frequencyDetails"]!["months"]!.ToJsonString(), got.Json.GetProperty("frequencyDetails").GetProperty("months").GetRawText());
        Assert.Equal(1, (await client.GetAsync(Policies(client))).Json.GetArrayLength());

        (await client.SendAsync(HttpMethod.Put, $"{Policies(client)}/1", PolicyBody.Of().ToJsonString(), ("If-Match", "\"2\""))).IsRefused(412, "precondition-failed");
        var replaced = await client.SendAsync(HttpMethod.Put, $"{Policies(client)}/1", PolicyBody.Of(status: "paused").ToJsonString(), ("If-Match", "\"1\""), ("x-correlation-id", "policy-pause"));
        Assert.Equal((200, "\"2\"", "paused"), (replaced.Status, replaced.Header("ETag"), replaced.Json.GetProperty("status").GetString()));
        Assert.False(replaced.Json.TryGetProperty("nextRunAt", out _));
        Assert.Equal("policy-paused", replaced.Json.GetProperty("nextRunBlockedBy").GetString());

        var changes = (await client.GetAsync($"{Policies(client)}/1")).Json.GetProperty("changes").EnumerateArray().ToArray();
        Assert.Equal(["replaced", "created"], changes.Select(change => change.GetProperty("kind").GetString()));
        Assert.Equal(["policy-pause", "policy-create"], changes.Select(change => change.GetProperty("by").GetProperty("correlationId").GetString()));
        Assert.All(changes, change => Assert.Equal("end-to-end-tests", change.GetProperty("by").GetProperty("actor").GetString()));
        Assert.Equal("""[{"field":"status","from":"enabled","to":"paused"}]""", changes[0].GetProperty("fields").GetRawText());

        Assert.Equal(204, (await client.SendAsync(HttpMethod.Delete, $"{Policies(client)}/1")).Status);
        (await client.GetAsync($"{Policies(client)}/1")).IsRefused(404, "protection-policy-not-found");
        (await client.SendAsync(HttpMethod.Delete, $"{Policies(client)}/1")).IsRefused(404, "protection-policy-not-found");
        var next = await client.SendAsync(HttpMethod.Post, Policies(client), PolicyBody.Of().ToJsonString());
        Assert.Equal(2, next.Json.GetProperty("id").GetInt64());
    }

    [Fact]
    public async Task The_next_runs_are_in_UTC_and_in_the_policys_zone()
    {
        var client = app.NewAssembly();
        await client.PutAssemblyAsync();
        var body = PolicyBody.Of();
        body["frequencyType"] = "monthly";
        body["frequencyDetails"] = new JsonObject { ["daysOfMonth"] = 31, ["hours"] = 2, ["offset"] = 30 };
        body["timeZone"] = "Asia/Kolkata";
        Assert.Equal(201, (await client.SendAsync(HttpMethod.Post, Policies(client), body.ToJsonString())).Status);

        var runs = (await client.GetAsync($"{Policies(client)}/1/next-runs?count=12")).Json.GetProperty("runs").EnumerateArray().ToArray();

        Assert.Equal(12, runs.Length);
        Assert.All(runs, run =>
        {
            var (at, local) = (run.GetProperty("at").GetDateTimeOffset(), run.GetProperty("local").GetDateTimeOffset());
            Assert.Equal((at, TimeSpan.FromHours(5.5), new TimeSpan(2, 30, 0), 1), (local, local.Offset, local.TimeOfDay, local.AddDays(1).Day));
        });
    }

    [Theory]
    [InlineData("""{"name":"ab"}""", "name")]
    [InlineData("""{"name":"1st"}""", "name")]
    [InlineData("""{"name":"a b c"}""", "name")]
    [InlineData("""{"description":""}""", "description")]
    [InlineData("""{"frequencyType":"custom"}""", "frequencyType")]
    [InlineData("""{"frequencyType":"minutely"}""", "frequencyType")]
    [InlineData("""{"frequencyType":null}""", "frequencyType")]
    [InlineData("""{"timeZone":"Europe/Atlantis"}""", "timeZone")]
    [InlineData("""{"timeZone":"UTC+02:00"}""", "timeZone")]
    [InlineData("""{"timeZone":null}""", "timeZone")]
    [InlineData("""{"retentionCount":2}""", "retentionCount")]
    [InlineData("""{"retentionCount":1001}""", "retentionCount")]
    [InlineData("""{"retentionCount":3.5}""", "retentionCount")]
    [InlineData("""{"status":"off"}""", "status")]
    [InlineData("""{"other":1}""", "other")]
    [InlineData("""{"frequencyType":"daily","frequencyDetails":null}""", "frequencyDetails")]
    [InlineData("""{"frequencyType":"daily","frequencyDetails":{}}""", "frequencyDetails.hours")]
    [InlineData("""{"frequencyType":"daily","frequencyDetails":{"hours":[]}}""", "frequencyDetails.hours")]
    [InlineData("""{"frequencyType":"daily","frequencyDetails":{"hours":[24]}}""", "frequencyDetails.hours")]
    [InlineData("""{"frequencyType":"daily","frequencyDetails":{"hours":[2,2]}}""", "frequencyDetails.hours")]
    [InlineData("""{"frequencyType":"daily","frequencyDetails":{"hours":["2"]}}""", "frequencyDetails.hours")]
    [InlineData("""{"frequencyType":"daily","frequencyDetails":{"hours":[2],"daysOfWeek":["MONDAY"]}}""", "frequencyDetails.daysOfWeek")]
    [InlineData("""{"frequencyType":"daily","frequencyDetails":{"hours":[2],"offset":1440}}""", "frequencyDetails.offset")]
    [InlineData("""{"frequencyType":"daily","frequencyDetails":{"hours":[2],"minutes":5}}""", "frequencyDetails.minutes")]
    [InlineData("""{"frequencyType":"hourly","frequencyDetails":{"offset":60}}""", "frequencyDetails.offset")]
    [InlineData("""{"frequencyType":"hourly","frequencyDetails":{"offset":-1}}""", "frequencyDetails.offset")]
    [InlineData("""{"frequencyType":"hourly","frequencyDetails":{"hours":[1]}}""", "frequencyDetails.hours")]
    [InlineData("""{"frequencyType":"weekly","frequencyDetails":{"hours":[1]}}""", "frequencyDetails.daysOfWeek")]
    [InlineData("""{"frequencyType":"weekly","frequencyDetails":{"hours":[1],"daysOfWeek":["monday"]}}""", "frequencyDetails.daysOfWeek")]
    [InlineData("""{"frequencyType":"monthly","frequencyDetails":{"hours":[1]}}""", "frequencyDetails.daysOfMonth")]
    [InlineData("""{"frequencyType":"monthly","frequencyDetails":{"hours":[1],"daysOfMonth":[0]}}""", "frequencyDetails.daysOfMonth")]
    [InlineData("""{"frequencyType":"monthly","frequencyDetails":{"hours":[1],"daysOfMonth":[32]}}""", "frequencyDetails.daysOfMonth")]
    [InlineData("""{"frequencyType":"monthly","frequencyDetails":{"hours":[1],"daysOfMonth":[1],"months":["MAY"]}}""", "frequencyDetails.months")]
    [InlineData("""{"frequencyType":"yearly","frequencyDetails":{"hours":[1],"daysOfMonth":[1]}}""", "frequencyDetails.months")]
    [InlineData("""{"frequencyType":"yearly","frequencyDetails":{"hours":[1],"daysOfMonth":[1],"months":["MAI"]}}""", "frequencyDetails.months")]
    public async Task What_makes_no_sense_is_refused_by_name(string change, string field)
    {
        var client = app.NewAssembly();
        await client.PutAssemblyAsync();
        var body = PolicyBody.Of();
        foreach (var (name, value) in JsonNode.Parse(change)!.AsObject())
            body[name] = value?.DeepClone();

        (await client.SendAsync(HttpMethod.Post, Policies(client), body.ToJsonString())).IsRefused(412, "invalid-request", field);
    }

    [Theory]
    [InlineData("""{"frequencyType":"fifteen-minutes","frequencyDetails":null}""")]
    [InlineData("""{"frequencyType":"twelve-hours","frequencyDetails":{"offset":719}}""")]
    [InlineData("""{"frequencyType":"weekly","frequencyDetails":{"hours":23,"daysOfWeek":"SUNDAY","offset":1439}}""")]
    [InlineData("""{"frequencyType":"yearly","frequencyDetails":{"hours":[0,12],"daysOfMonth":[29,30],"months":["FEBRUARY"]}}""")]
    public async Task What_makes_sense_is_taken(string change)
    {
        var client = app.NewAssembly();
        await client.PutAssemblyAsync();
        var body = PolicyBody.Of();
        foreach (var (name, value) in JsonNode.Parse(change)!.AsObject())
            body[name] = value?.DeepClone();

        Assert.Equal(201, (await client.SendAsync(HttpMethod.Post, Policies(client), body.ToJsonString())).Status);
        Assert.Equal(10, (await client.GetAsync($"{Policies(client)}/1/next-runs")).Json.GetProperty("runs").GetArrayLength());
    }

    [Fact]
    public async Task An_assembly_has_at_most_fifty()
    {
        var client = app.NewAssembly();
        await client.PutAssemblyAsync();
        for (var number = 1; number <= 50; number++)
            Assert.Equal(201, (await client.SendAsync(HttpMethod.Post, Policies(client), PolicyBody.Of($"policy-{number}").ToJsonString())).Status);

        (await client.SendAsync(HttpMethod.Post, Policies(client), PolicyBody.Of("one-more").ToJsonString())).IsRefused(409, "too-many-protection-policies");
        var taken = await client.SendAsync(HttpMethod.Post, Policies(client), PolicyBody.Of("POLICY-7").ToJsonString());
        taken.IsRefused(409, "protection-policy-name-taken");
        Assert.Contains("called 'policy-7' already", taken.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("disabled", "enabled", "policy-disabled")]
    [InlineData("paused", "enabled", "policy-paused")]
    [InlineData("enabled", "disabled", "assembly-disabled")]
    [InlineData("enabled", "deleted", "assembly-deleted")]
    public async Task A_policy_that_will_not_run_has_no_next_run_and_says_why(string policy, string assembly, string block)
    {
        var client = app.NewAssembly();
        await client.PutAssemblyAsync();
        Assert.Equal(201, (await client.SendAsync(HttpMethod.Post, Policies(client), PolicyBody.Of(status: policy).ToJsonString())).Status);
        if (assembly == "disabled")
        {
            var body = AssemblyBody.Of();
            body["status"] = assembly;
            Assert.Equal(200, (await client.PutAssemblyAsync(body)).Status);
        }
        else if (assembly == "deleted")
        {
            Assert.Equal(202, (await client.SendAsync(HttpMethod.Delete, client.Address.Path)).Status);
        }

        var got = (await client.GetAsync($"{Policies(client)}/1")).Json;
        var listed = (await client.GetAsync(Policies(client))).Json[0];
        Assert.All([got, listed], shown =>
        {
            Assert.Equal(block, shown.GetProperty("nextRunBlockedBy").GetString());
            Assert.False(shown.TryGetProperty("nextRunAt", out _));
        });
        Assert.Equal($$"""{"blockedBy":"{{block}}","runs":[]}""", (await client.GetAsync($"{Policies(client)}/1/next-runs")).Body);
    }

    [Fact]
    public async Task A_policy_whose_time_zone_is_unknown_says_so_and_can_be_repaired_and_deleted()
    {
        var client = app.NewAssembly();
        await client.PutAssemblyAsync();
        foreach (var name in new[] { "first", "second" })
        {
            var id = (await client.SendAsync(HttpMethod.Post, Policies(client), PolicyBody.Of(name).ToJsonString())).Json.GetProperty("id").GetInt64();
            await app.Tables.SetTimeZoneAsync(client.Address, id, "Europe/Berlin", "Mars/Olympus");
        }

        var listed = (await client.GetAsync(Policies(client))).Json;
        Assert.All([listed[0], listed[1], (await client.GetAsync($"{Policies(client)}/1")).Json], shown =>
        {
            Assert.Equal(("Mars/Olympus", "time-zone-unknown"), (shown.GetProperty("timeZone").GetString(), shown.GetProperty("nextRunBlockedBy").GetString()));
            Assert.False(shown.TryGetProperty("nextRunAt", out _));
        });
        Assert.Equal("""{"blockedBy":"time-zone-unknown","runs":[]}""", (await client.GetAsync($"{Policies(client)}/1/next-runs")).Body);

        var repaired = await client.SendAsync(HttpMethod.Put, $"{Policies(client)}/1", PolicyBody.Of("first").ToJsonString());
        Assert.Equal(200, repaired.Status);
        Assert.True(repaired.Json.TryGetProperty("nextRunAt", out _));
        Assert.Equal(204, (await client.SendAsync(HttpMethod.Delete, $"{Policies(client)}/2")).Status);
    }

    [Fact]
    public async Task A_time_of_day_is_refused_with_the_way_to_write_it()
    {
        var client = app.NewAssembly();
        await client.PutAssemblyAsync();
        var body = PolicyBody.Of();
        body["time"] = "02:30";

        var answer = await client.SendAsync(HttpMethod.Post, Policies(client), body.ToJsonString());

        answer.IsRefused(412, "invalid-request", "time");
        Assert.Contains("""{\"hours\": [2], \"offset\": 30}""", answer.Body, StringComparison.Ordinal);
    }

    private static string Policies(ApiClient client) => $"{client.Address.Path}/protection-policies";
}
