using System.Text;

namespace CloudRewind.EndToEnd.Tests.Creating;

/// <summary>A create that is repeated with its <c>Idempotency-Key</c> is one create.</summary>
public sealed class IdempotencyTests(AppFixture fixture) : IClassFixture<AppFixture>
{
    private readonly App app = fixture.App;

    [Fact]
    public async Task The_same_request_again_gives_the_same_protection()
    {
        var client = await NewAsync();

        var first = await CreateAsync(client, "k", """{"name":"a","retention":"P1D"}""");
        var second = await CreateAsync(client, "k", """{"retention":"PT24H","name":"a"}""");

        Assert.Equal(ApiClient.IdOf(first), ApiClient.IdOf(second));
        Assert.Equal(first.Header("Location"), second.Header("Location"));
        Assert.Single(await app.Tables.ProtectionsOfAsync(client.Address));
    }

    [Fact]
    public async Task The_same_request_after_the_outcome_gives_the_same_protection_as_it_is_then()
    {
        var client = await NewAsync();
        var id = ApiClient.IdOf(await CreateAsync(client, "k"));
        await client.WatchAsync(id, "success");

        var again = await CreateAsync(client, "k");

        Assert.Equal((id, "success"), (ApiClient.IdOf(again), again.Json.GetProperty("status").GetString()));
        await app.Tables.HasTimelineAsync(id, [.. TimelineAssert.Captured, "success"]);
    }

    [Fact]
    public async Task The_same_request_after_the_end_gives_the_same_protection_and_starts_nothing()
    {
        var client = await NewAsync();
        var id = ApiClient.IdOf(await CreateAsync(client, "k", """{"retention":"PT1S"}"""));
        await client.WatchAsync(id, "elapsed");

        var again = await CreateAsync(client, "k", """{"retention":"PT1S"}""");

        Assert.Equal((id, "elapsed"), (ApiClient.IdOf(again), again.Json.GetProperty("status").GetString()));
        Assert.Single(await app.Tables.ProtectionsOfAsync(client.Address));
    }

    [Fact]
    public async Task The_same_key_with_another_body_is_409()
    {
        var client = await NewAsync();
        ApiClient.IdOf(await CreateAsync(client, "k", """{"name":"a"}"""));

        (await CreateAsync(client, "k", """{"name":"b"}""")).IsRefused(409, "idempotency-key-reused");
    }

    [Fact]
    public async Task The_same_request_after_the_assembly_was_disabled_gives_the_same_protection()
    {
        var client = await NewAsync("sim-slow-a");
        var id = ApiClient.IdOf(await CreateAsync(client, "k"));
        var body = AssemblyBody.Of("sim-slow-a");
        body["status"] = "disabled";
        await client.PutAssemblyAsync(body);

        Assert.Equal(id, ApiClient.IdOf(await CreateAsync(client, "k")));
        (await CreateAsync(client, "l")).IsRefused(412, "assembly-disabled");
        (await CreateAsync(client, "k", """{"name":"another"}""")).IsRefused(412, "assembly-disabled");
        Assert.Single(await app.Tables.ProtectionsOfAsync(client.Address));
    }

    [Fact]
    public async Task The_same_request_while_the_assembly_is_being_deleted_gives_the_same_protection()
    {
        var client = await NewAsync("sim-slow-a");
        var id = ApiClient.IdOf(await CreateAsync(client, "k"));
        Assert.Equal(202, (await client.SendAsync(HttpMethod.Delete, client.Address.Path)).Status);

        Assert.Equal(id, ApiClient.IdOf(await CreateAsync(client, "k")));
        (await CreateAsync(client, "l")).IsRefused(409, "assembly-being-deleted");
    }

    [Fact]
    public async Task Another_key_while_a_protection_runs_is_409()
    {
        var client = await NewAsync("sim-slow-a");
        ApiClient.IdOf(await CreateAsync(client, "k"));

        (await CreateAsync(client, "l")).IsRefused(409, "protection-running");
    }

    [Fact]
    public async Task A_key_is_an_assemblys_own()
    {
        var client = await NewAsync();
        var other = client.AtAnotherAssembly();
        await other.PutAssemblyAsync("sim-ok-a");

        Assert.NotEqual(ApiClient.IdOf(await CreateAsync(client, "k")), ApiClient.IdOf(await CreateAsync(other, "k")));
    }

    [Fact]
    public async Task Keys_that_differ_only_in_case_are_two()
    {
        var client = await NewAsync();
        var id = ApiClient.IdOf(await CreateAsync(client, "k"));
        await client.WatchAsync(id, "success");

        Assert.NotEqual(id, ApiClient.IdOf(await CreateAsync(client, "K")));
    }

    [Fact]
    public async Task Twenty_requests_at_once_with_one_key_are_one_protection()
    {
        for (var round = 0; round < 3; round++)
        {
            var client = await NewAsync("sim-slow-a");

            var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => CreateAsync(client, "k")));

            var id = Assert.Single(answers.Select(ApiClient.IdOf).Distinct());
            Assert.Equal(id, Assert.Single(await app.Tables.ProtectionsOfAsync(client.Address)).GetString("Id"));
        }
    }

    [SkippableTheory]
    [InlineData("")]
    [InlineData("with space")]
    [InlineData("käse")]
    public async Task A_key_that_is_not_visible_ascii_is_412(string key)
    {
        Skip.If(OutsideApp.IsGiven && !Ascii.IsValid(key), PlatformAssert.Reason);
        var client = await NewAsync();

        (await CreateAsync(client, key)).IsRefused(412, "invalid-request", "Idempotency-Key");
    }

    [Fact]
    public async Task A_key_of_256_characters_is_412_and_one_of_255_is_not()
    {
        var client = await NewAsync();

        (await CreateAsync(client, new string('k', 256))).IsRefused(412, "invalid-request", "Idempotency-Key");
        ApiClient.IdOf(await CreateAsync(client, new string('~', 255)));
    }

    [Fact]
    public async Task Two_keys_at_once_are_412()
    {
        var client = await NewAsync();

        (await client.CreateAsync(null, ("Idempotency-Key", "a"), ("Idempotency-Key", "b"))).IsRefused(412, "invalid-request", "Idempotency-Key");
    }

    [Fact]
    public async Task A_request_that_was_refused_does_not_use_up_its_key()
    {
        var client = app.NewAssembly();
        (await CreateAsync(client, "k")).IsRefused(404, "cloud-assembly-not-found");
        await client.PutAssemblyAsync("sim-ok-a");

        ApiClient.IdOf(await CreateAsync(client, "k", """{"name":"another"}"""));
    }

    private async Task<ApiClient> NewAsync(params string[] resources)
    {
        var client = app.NewAssembly();
        await client.PutAssemblyAsync(resources.Length == 0 ? ["sim-ok-a"] : resources);
        return client;
    }

    private static Task<Answer> CreateAsync(ApiClient client, string key, string body = "{}") => client.CreateAsync(body, ("Idempotency-Key", key));
}
