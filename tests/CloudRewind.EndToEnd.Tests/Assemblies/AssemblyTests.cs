using System.Text.Json.Nodes;

namespace CloudRewind.EndToEnd.Tests.Assemblies;

/// <summary>PutAwsCloudAssembly and GetAwsCloudAssembly.</summary>
public sealed class AssemblyTests(AppFixture fixture) : IClassFixture<AppFixture>
{
    private readonly App app = fixture.App;

    [Fact]
    public async Task The_first_put_is_201_and_the_next_is_200()
    {
        var client = app.NewAssembly();

        var first = await client.PutAssemblyAsync(AssemblyBody.Of());
        var second = await client.PutAssemblyAsync(AssemblyBody.Of());

        Assert.Equal((201, "\"1\""), (first.Status, first.Header("ETag")));
        Assert.Equal((200, "\"2\""), (second.Status, second.Header("ETag")));
    }

    [Fact]
    public async Task A_hundred_puts_at_once_are_each_written_or_refused_and_none_is_an_error()
    {
        var client = app.NewAssembly();

        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => client.PutAssemblyAsync(AssemblyBody.Of())));

        Assert.All(answers, answer => Assert.True(answer.Status is 200 or 201 or 409 or 412, answer.ToString()));
        Assert.Single(answers, answer => answer.Status == 201);
        var written = answers.Where(answer => answer.Status is 200 or 201).Select(answer => answer.Header("ETag")).ToArray();
        Assert.Equal(written.Length, written.Distinct().Count());
        Assert.Equal($"\"{written.Length}\"", (await client.GetAsync(client.Address.Path)).Header("ETag"));
    }

    [Theory]
    [InlineData("""{"filterType":"manual","resources":["sim-ok-a","sim-ok-Größe 🚀@a:b/c"]}""")]
    [InlineData("""{"filterType":"manual","resources":[]}""")]
    [InlineData("""{"filterType":"vpc","vpcId":"vpc-0a1b2c3d4e5f60718"}""")]
    [InlineData("""{"filterType":"tags","tags":[{"key":"app","value":"shop"},{"key":"env","value":""}],"conditions":"match-any-tags"}""")]
    public async Task What_was_put_is_what_is_got(string filter)
    {
        var client = app.NewAssembly();
        var body = AssemblyBody.Of();
        body["name"] = "Größe \"42\" 🚀";
        body["description"] = "For <all> & nothing";
        body["retention"] = "P7D";
        body["resourceFilterStrategy"] = JsonNode.Parse(filter);
        var put = await client.PutAssemblyAsync(body);

        var got = await client.GetAsync(client.Address.Path);

        Assert.Equal((201, 200), (put.Status, got.Status));
        var shown = JsonNode.Parse(got.Body)!.AsObject();
        Assert.True(shown.Remove("changes"));
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(put.Body), shown), $"{put.Body} is not {got.Body}");
        Assert.Equal(client.Address.CloudAssemblyId, got.Json.GetProperty("id").GetInt64());
        body["cloudConnection"]!["hasExternalId"] = false;
        Assert.All(body, member => Assert.True(
            JsonNode.DeepEquals(member.Value, JsonNode.Parse(got.Json.GetProperty(member.Key).GetRawText())), $"{member.Key} is another: {got.Body}"));
    }

    [Fact]
    public async Task An_external_id_is_kept_and_never_shown()
    {
        const string Secret = "a-secret/42";
        var client = app.NewAssembly();
        var body = AssemblyBody.Of();
        body["cloudConnection"]!["externalId"] = Secret;
        List<Answer> answers = [await client.PutAssemblyAsync(body)];

        body["cloudConnection"]!.AsObject().Remove("externalId");
        body["name"] = "Second";
        answers.Add(await client.PutAssemblyAsync(body));
        answers.Add(await client.GetAsync(client.Address.Path));
        answers.Add(await client.GetAsync(client.Address.Path[..client.Address.Path.LastIndexOf('/')]));

        Assert.All(answers, answer => Assert.Contains("\"hasExternalId\":true", answer.Body, StringComparison.Ordinal));
        Assert.All(answers, answer => Assert.DoesNotContain(Secret, answer.Body, StringComparison.Ordinal));
        body["cloudConnection"]!["roleArn"] = "arn:aws:iam::123456789012:role/another";
        Assert.Contains("\"hasExternalId\":false", (await client.PutAssemblyAsync(body)).Body, StringComparison.Ordinal);
        if (!OutsideApp.IsGiven)
            Assert.DoesNotContain(Secret, app.Process.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_put_replaces_all_of_it_but_the_time_of_its_creation()
    {
        var client = app.NewAssembly();
        var body = AssemblyBody.Of("sim-ok-a");
        body["description"] = "the first";
        var first = (await client.PutAssemblyAsync(body)).Json;
        await client.PutAssemblyAsync("sim-ok-b");

        var got = (await client.GetAsync(client.Address.Path)).Json;

        Assert.False(got.TryGetProperty("description", out _));
        Assert.Equal("sim-ok-b", Assert.Single(got.GetProperty("resourceFilterStrategy").GetProperty("resources").EnumerateArray()).GetString());
        Assert.Equal(first.GetProperty("createdAt").GetDateTime(), got.GetProperty("createdAt").GetDateTime());
        Assert.True(got.GetProperty("updatedAt").GetDateTime() >= got.GetProperty("createdAt").GetDateTime());
    }

    [Fact]
    public async Task Who_changed_what_is_on_record_and_the_external_id_is_not()
    {
        var client = app.NewAssembly();
        var body = AssemblyBody.Of("sim-ok-a", "sim-ok-b");
        body["cloudConnection"]!["externalId"] = "the-first-secret";
        await client.PutAssemblyAsync(body, ("x-correlation-id", "assembly-create"));
        body = AssemblyBody.Of();
        body["cloudConnection"]!["externalId"] = "the-second-secret";
        body["status"] = "disabled";
        await client.PutAssemblyAsync(body, ("x-correlation-id", "assembly-disable"));
        Assert.Equal(202, (await client.SendAsync(HttpMethod.Delete, client.Address.Path, headers: ("x-correlation-id", "assembly-delete"))).Status);

        var changes = await Eventually.GetAsync(
            async () => (await client.GetAsync(client.Address.Path)).Json.GetProperty("changes").EnumerateArray().Reverse().ToArray(),
            changes => changes[^1].GetProperty("kind").GetString() == "deleted",
            "the deletion");

        Assert.Equal(["created", "replaced", "deletion-requested", "deletion-started", "deleted"], changes.Select(change => change.GetProperty("kind").GetString()));
        Assert.Equal(
            ["assembly-create", "assembly-disable", "assembly-delete"], changes.Take(3).Select(change => change.GetProperty("by").GetProperty("correlationId").GetString()));
        Assert.All(changes, change => Assert.Equal("end-to-end-tests", change.GetProperty("by").GetProperty("actor").GetString()));
        Assert.Equal(
            """[{"field":"cloudConnection.externalId","from":"(not shown)","to":"(not shown)"},{"field":"resourceFilterStrategy.resources","from":"sim-ok-a, sim-ok-b"},{"field":"status","from":"enabled","to":"disabled"}]""",
            changes[1].GetProperty("fields").GetRawText());
        Assert.DoesNotContain("secret", string.Concat(changes), StringComparison.Ordinal);
    }

    [OwnProcessFact]
    public async Task A_change_is_logged_with_its_actor()
    {
        var client = app.NewAssembly();
        await client.PutAssemblyAsync();
        var body = AssemblyBody.Of();
        body["status"] = "disabled";

        await client.PutAssemblyAsync(body);

        await Eventually.GetAsync(
            () => Task.FromResult(app.Process.Output),
            said => said.Contains($"Cloud assembly {client.Address.AccountId}:{client.Address.ProjectId}:{client.Address.CloudAssemblyId} was replaced by end-to-end-tests", StringComparison.Ordinal)
                && said.Contains("status: enabled -> disabled", StringComparison.Ordinal),
            "the change to be logged");
    }

    [Fact]
    public async Task An_assembly_that_is_not_there_is_404()
    {
        var client = app.NewAssembly();

        (await client.GetAsync(client.Address.Path)).IsRefused(404, "cloud-assembly-not-found");
    }

    [Fact]
    public async Task A_client_that_has_the_version_gets_304()
    {
        var client = app.NewAssembly();
        await client.PutAssemblyAsync();

        var answer = await client.GetAsync(client.Address.Path, ("If-None-Match", "\"1\""));

        Assert.Equal((304, "", "\"1\""), (answer.Status, answer.Body, answer.Header("ETag")));
    }

    [Fact]
    public async Task A_change_of_an_assembly_changes_no_protection_that_has_its_resources()
    {
        var client = app.NewAssembly();
        var id = await client.ProtectAsync(["sim-slow-a"]);
        await client.WatchAsync(id, "in-progress", "success");

        await client.PutAssemblyAsync("sim-fail-b");

        await client.WatchAsync(id, "success");
        Assert.Equal(["sim-slow-a"], await app.Tables.SnapshotsAsync(id));
    }

    [Theory]
    [InlineData("\"1\"", 200)]
    [InlineData("*", 200)]
    [InlineData("\"7\", \"1\"", 200)]
    [InlineData("\"2\"", 412)]
    [InlineData("W/\"1\"", 412)]
    [InlineData("rubbish", 412)]
    public async Task If_Match_guards_a_version(string tags, int status)
    {
        var client = app.NewAssembly();
        await client.PutAssemblyAsync();

        var answer = await client.PutAssemblyAsync(AssemblyBody.Of(), ("If-Match", tags));

        if (status == 412)
            answer.IsRefused(412, "precondition-failed");
        Assert.Equal(status, answer.Status);
    }

    [Theory]
    [InlineData("*")]
    [InlineData("\"1\"")]
    public async Task If_Match_is_412_where_there_is_nothing(string tags)
    {
        var client = app.NewAssembly();

        (await client.PutAssemblyAsync(AssemblyBody.Of(), ("If-Match", tags))).IsRefused(412, "precondition-failed");
        (await client.GetAsync(client.Address.Path)).IsRefused(404, "cloud-assembly-not-found");
    }

    [Fact]
    public async Task If_None_Match_of_anything_lets_only_the_first_in()
    {
        var client = app.NewAssembly();

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => client.PutAssemblyAsync(AssemblyBody.Of(), ("If-None-Match", "*"))));

        Assert.Single(answers, answer => answer.Status == 201);
        Assert.All(answers.Where(answer => answer.Status != 201), answer => answer.IsRefused(412, "precondition-failed"));
    }

    [Fact]
    public async Task Puts_at_once_that_name_the_same_version_let_only_one_in()
    {
        var client = app.NewAssembly();
        await client.PutAssemblyAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => client.PutAssemblyAsync(AssemblyBody.Of(), ("If-Match", "\"1\""))));

        Assert.Single(answers, answer => answer.Status == 200);
        Assert.All(answers.Where(answer => answer.Status != 200), answer => answer.IsRefused(412, "precondition-failed"));
    }

    [Fact]
    public async Task Puts_at_once_that_name_no_version_each_make_one()
    {
        var client = app.NewAssembly();

        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => client.PutAssemblyAsync(AssemblyBody.Of())));

        Assert.Equal(["\"1\"", "\"2\"", "\"3\"", "\"4\"", "\"5\"", "\"6\""], answers.Select(answer => answer.Header("ETag")!).Order(StringComparer.Ordinal));
        Assert.Single(answers, answer => answer.Status == 201);
    }

    [Fact]
    public async Task The_largest_ids_are_as_good_as_others()
    {
        var client = app.NewAssembly();
        var largest = client.At(client.Address with { CloudAssemblyId = long.MaxValue });
        var id = await largest.ProtectAsync([]);

        await largest.WatchAsync(id, "skipped");
        Assert.Equal(long.MaxValue, (await largest.GetAsync(largest.Address.Path)).Json.GetProperty("id").GetInt64());
    }
}
