using System.Globalization;
using System.Text.Json;

namespace CloudRewind.EndToEnd.Tests.Creating;

/// <summary>What CreateAwsProtection answers, and what it refuses.</summary>
public sealed class CreateTests(AppFixture fixture) : IClassFixture<AppFixture>
{
    private readonly App app = fixture.App;

    [Fact]
    public async Task It_is_202_with_the_protection_as_it_begins()
    {
        var client = app.NewAssembly();
        await client.PutAssemblyAsync("sim-ok-a");
        await CreatePolicyAsync(client);

        var answer = await client.CreateAsync("""{"name":"Nightly","protectionPolicyId":1,"retention":"P1DT12H"}""");

        Assert.Equal(202, answer.Status);
        var body = answer.Json;
        Assert.Equal(
            ["id", "name", "status", "protectionPolicyId", "protectionPolicyName", "isLocked", "createdAt", "updatedAt", "expiresAt"],
            body.EnumerateObject().Select(member => member.Name));
        Assert.Equal("Nightly", body.GetProperty("name").GetString());
        Assert.Equal("created", body.GetProperty("status").GetString());
        Assert.Equal((1, "nightly"), (body.GetProperty("protectionPolicyId").GetInt64(), body.GetProperty("protectionPolicyName").GetString()));
        Assert.Equal(TimeOf(body, "createdAt"), TimeOf(body, "updatedAt"));
        Assert.Equal(TimeSpan.FromHours(36), TimeOf(body, "expiresAt") - TimeOf(body, "createdAt"));
    }

    [Fact]
    public async Task The_id_names_account_project_assembly_policy_and_time()
    {
        var client = app.NewAssembly();
        await client.PutAssemblyAsync("sim-ok-a");
        await CreatePolicyAsync(client);

        var answer = await client.CreateAsync("""{"protectionPolicyId":1}""");

        var created = new DateTimeOffset(TimeOf(answer.Json, "createdAt")).ToUnixTimeMilliseconds();
        var (account, project, assembly) = client.Address;
        Assert.Equal(string.Create(CultureInfo.InvariantCulture, $"t{account}:{project}:{assembly}:1:{created}"), ApiClient.IdOf(answer));
    }

    [Fact]
    public async Task A_policy_that_is_not_there_is_404_and_nothing_is_recorded()
    {
        var client = app.NewAssembly();
        await client.PutAssemblyAsync("sim-ok-a");

        (await client.CreateAsync("""{"protectionPolicyId":99}""")).IsRefused(404, "protection-policy-not-found");

        Assert.Equal(0, (await client.GetAsync($"{client.Address.Path}/protections")).Json.GetArrayLength());
    }

    [Fact]
    public async Task A_request_in_the_name_of_a_policy_is_repeated_although_the_policy_is_deleted()
    {
        var client = app.NewAssembly();
        await client.PutAssemblyAsync("sim-ok-a");
        await CreatePolicyAsync(client);
        var body = """{"protectionPolicyId":1}""";
        var first = ApiClient.IdOf(await client.CreateAsync(body, ("Idempotency-Key", "once")));
        Assert.Equal(204, (await client.SendAsync(HttpMethod.Delete, $"{client.Address.Path}/protection-policies/1")).Status);

        Assert.Equal(first, ApiClient.IdOf(await client.CreateAsync(body, ("Idempotency-Key", "once"))));
        (await client.CreateAsync(body, ("Idempotency-Key", "another"))).IsRefused(404, "protection-policy-not-found");
    }

    [Fact]
    public async Task The_location_is_the_absolute_address_of_the_status()
    {
        var client = app.NewAssembly();
        await client.PutAssemblyAsync("sim-ok-a");

        var answer = await client.CreateAsync();

        var location = answer.Header("Location")!;
        Assert.Equal(new Uri(app.Http.BaseAddress!, client.StatusPath(ApiClient.IdOf(answer))).AbsoluteUri, location);
        Assert.Equal(200, (await client.GetAsync(location)).Status);
    }

    [Fact]
    public async Task The_location_is_right_for_an_address_with_a_trailing_slash_too()
    {
        var client = app.NewAssembly();
        await client.PutAssemblyAsync("sim-ok-a");

        var answer = await client.SendAsync(HttpMethod.Post, $"{client.Address.Path}/protections/");

        Assert.Equal(200, (await client.GetAsync(answer.Header("Location")!)).Status);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("{}")]
    [InlineData("""{"name":null,"protectionPolicyId":null,"retention":null}""")]
    public async Task What_is_not_said_is_on_demand_named_after_the_assembly_and_kept_as_that_says(string? body)
    {
        var client = app.NewAssembly();
        var assembly = AssemblyBody.Of("sim-ok-a");
        assembly["retention"] = "P2W";
        await client.PutAssemblyAsync(assembly);

        var json = (await client.CreateAsync(body)).Json;

        Assert.Equal(0, json.GetProperty("protectionPolicyId").GetInt64());
        Assert.StartsWith("End to end ", json.GetProperty("name").GetString(), StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromDays(14), TimeOf(json, "expiresAt") - TimeOf(json, "createdAt"));
    }

    [Fact]
    public async Task The_status_is_there_as_soon_as_the_202_is()
    {
        var client = app.NewAssembly();
        var id = await client.ProtectAsync(["sim-ok-a"]);

        Assert.Equal(200, (await client.StatusAsync(id)).Status);
    }

    [Fact]
    public async Task An_assembly_that_is_not_there_is_404() =>
        (await app.NewAssembly().CreateAsync()).IsRefused(404, "cloud-assembly-not-found");

    [Fact]
    public async Task A_disabled_assembly_is_412()
    {
        var client = app.NewAssembly();
        var assembly = AssemblyBody.Of("sim-ok-a");
        assembly["status"] = "disabled";
        await client.PutAssemblyAsync(assembly);

        (await client.CreateAsync()).IsRefused(412, "assembly-disabled");
    }

    [Fact]
    public async Task A_disabled_assembly_comes_before_a_protection_that_runs()
    {
        var client = app.NewAssembly();
        await client.ProtectAsync(["sim-slow-a"]);
        var assembly = AssemblyBody.Of("sim-slow-a");
        assembly["status"] = "disabled";
        await client.PutAssemblyAsync(assembly);

        (await client.CreateAsync()).IsRefused(412, "assembly-disabled");
    }

    [Fact]
    public async Task A_protection_that_runs_is_409()
    {
        var client = app.NewAssembly();
        await client.ProtectAsync(["sim-slow-a"]);

        (await client.CreateAsync()).IsRefused(409, "protection-running");
    }

    [Fact]
    public async Task Of_creates_at_once_one_is_202_and_the_others_are_409()
    {
        var client = app.NewAssembly();
        await client.PutAssemblyAsync("sim-slow-a");

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => client.CreateAsync()));

        Assert.Single(answers, answer => answer.Status == 202);
        Assert.All(answers.Where(answer => answer.Status != 202), answer => answer.IsRefused(409, "protection-running"));
        Assert.Single(await app.Tables.ProtectionsOfAsync(client.Address));
    }

    [Fact]
    public async Task Assemblies_of_one_project_are_protected_side_by_side()
    {
        var one = app.NewAssembly();
        await one.ProtectAsync(["sim-slow-a"]);

        await one.AtAnotherAssembly().ProtectAsync(["sim-slow-a"]);
    }

    [Theory]
    [InlineData("""{"retention":"PT0S"}""", "retention")]
    [InlineData("""{"retention":"PT0.9S"}""", "retention")]
    [InlineData("""{"retention":"-P1D"}""", "retention")]
    [InlineData("""{"retention":"P36501D"}""", "retention")]
    [InlineData("""{"retention":"P1Y"}""", "retention")]
    [InlineData("""{"retention":"P1M"}""", "retention")]
    [InlineData("""{"retention":"30 days"}""", "retention")]
    [InlineData("""{"retention":""}""", "retention")]
    [InlineData("""{"retention":30}""", "retention")]
    [InlineData("""{"retention":"P99999999999999999999D"}""", "retention")]
    [InlineData("""{"protectionPolicyId":-1}""", "protectionPolicyId")]
    [InlineData("""{"protectionPolicyId":1.5}""", "protectionPolicyId")]
    [InlineData("""{"protectionPolicyId":"1"}""", "protectionPolicyId")]
    [InlineData("""{"protectionPolicyId":9223372036854775808}""", "protectionPolicyId")]
    [InlineData("""{"name":""}""", "name")]
    [InlineData("""{"name":" "}""", "name")]
    [InlineData("""{"name":7}""", "name")]
    [InlineData("""{"name":["a"]}""", "name")]
    [InlineData("""{"Name":"a"}""", "Name")]
    [InlineData("""{"more":true}""", "more")]
    [InlineData("""{"name":7,"protectionPolicyId":"x","retention":"y","more":{}}""", "name", "protectionPolicyId", "retention", "more")]
    public async Task A_member_that_is_wrong_is_412_and_is_named(string body, params string[] fields)
    {
        var client = app.NewAssembly();
        await client.PutAssemblyAsync("sim-ok-a");

        (await client.CreateAsync(body)).IsRefused(412, "invalid-request", fields);
    }

    [Theory]
    [InlineData("PT1S", 1)]
    [InlineData("P1W", 604_800)]
    [InlineData("P36500D", 3_153_600_000)]
    [InlineData("P1DT2H3M4.5S", 93_784.5)]
    public async Task A_retention_is_counted_from_creation(string retention, double seconds)
    {
        var client = app.NewAssembly();
        await client.PutAssemblyAsync();

        var body = (await client.CreateAsync(JsonSerializer.Serialize(new { retention }))).Json;

        Assert.Equal(TimeSpan.FromSeconds(seconds), TimeOf(body, "expiresAt") - TimeOf(body, "createdAt"));
    }

    [Fact]
    public async Task A_malformed_body_comes_before_an_assembly_that_is_not_there() =>
        (await app.NewAssembly().CreateAsync("{")).IsRefused(412, "body-invalid");

    private static DateTime TimeOf(JsonElement body, string name) => body.GetProperty(name).GetDateTime();

    private static async Task CreatePolicyAsync(ApiClient client) =>
        Assert.Equal(201, (await client.SendAsync(HttpMethod.Post, $"{client.Address.Path}/protection-policies", PolicyBody.Of().ToJsonString())).Status);
}
