namespace CloudRewind.EndToEnd.Tests.Status;

/// <summary>Each refusal of Get AWS Protection Status, and which comes first where there is more than one reason. The 500s: <c>StorageOutageTests</c>.</summary>
public sealed class StatusRefusalTests(AppFixture fixture) : IClassFixture<AppFixture>
{
    private readonly App app = fixture.App;

    [Fact]
    public async Task Without_a_token_it_is_401()
    {
        var client = app.NewAssembly();

        (await client.With((string?)null).StatusAsync(client.Address.ProtectionId())).IsRefused(401, "token-missing");
    }

    [Fact]
    public async Task With_a_token_of_another_account_it_is_403()
    {
        var client = app.NewAssembly();

        (await client.With(app.NewAssembly().Token).StatusAsync(client.Address.ProtectionId())).IsRefused(403, "account-forbidden");
    }

    [Fact]
    public async Task A_protection_that_is_not_there_is_404()
    {
        var client = app.NewAssembly();
        await client.PutAssemblyAsync();

        (await client.StatusAsync(client.Address.ProtectionId())).IsRefused(404, "protection-not-found");
    }

    [Theory]
    [InlineData("x")]
    [InlineData("t1:2:3")]
    [InlineData("T1:p:3:0:4")]
    [InlineData("t01:p:3:0:4")]
    [InlineData("t1:p:3:0:-4")]
    [InlineData("t1:p:3:0:99999999999999999999")]
    [InlineData("t1:p/../q:3:0:4")]
    [InlineData("' or PartitionKey ne '")]
    public async Task An_id_that_names_no_protection_is_404(string id) =>
        (await app.NewAssembly().StatusAsync(id)).IsRefused(404, "protection-not-found");

    [Fact]
    public async Task A_protection_whose_assembly_is_being_deleted_is_409()
    {
        var client = app.NewAssembly();
        var id = await client.ProtectAsync([]);
        await client.WatchAsync(id, "skipped");
        await app.Tables.MarkAssemblyIsBeingDeletedAsync(id);

        (await client.StatusAsync(id)).IsRefused(409, "assembly-being-deleted");
    }

    [Fact]
    public async Task A_protection_whose_assembly_is_being_deleted_is_409_to_a_client_that_has_the_latest_too()
    {
        var client = app.NewAssembly();
        var id = await client.ProtectAsync([]);
        await client.WatchAsync(id, "skipped");
        await app.Tables.MarkAssemblyIsBeingDeletedAsync(id);

        (await client.StatusAsync(id, ("If-None-Match", "*"))).IsRefused(409, "assembly-being-deleted");
    }

    [Theory]
    [InlineData("")]
    [InlineData("?protection_id")]
    [InlineData("?protection_id=")]
    [InlineData("?protection_id=%20")]
    public async Task A_missing_protection_id_is_412(string query)
    {
        var client = app.NewAssembly();

        (await client.GetAsync($"{client.Address.Path}/protections/status{query}")).IsRefused(412, "invalid-request", "protection_id");
    }

    [Fact]
    public async Task An_id_under_another_name_is_412_for_both_parameters()
    {
        var client = app.NewAssembly();

        (await client.GetAsync($"{client.Address.Path}/protections/status?other=t1:p:3:0:4"))
            .IsRefused(412, "invalid-request", "protection_id", "other");
    }

    [Fact]
    public async Task A_repeated_protection_id_is_412_even_if_both_are_the_same()
    {
        var client = app.NewAssembly();
        var id = Uri.EscapeDataString(client.Address.ProtectionId());

        (await client.GetAsync($"{client.Address.Path}/protections/status?protection_id={id}&protection_id={id}"))
            .IsRefused(412, "invalid-request", "protection_id");
    }

    [Theory]
    [InlineData("abc")]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData("1.0")]
    [InlineData("1e3")]
    [InlineData("%201")]
    [InlineData("0x10")]
    [InlineData("9223372036854775808")]
    [InlineData("%D9%A1")]
    public async Task An_account_id_that_is_no_int64_is_412(string accountId)
    {
        var client = app.NewAssembly();

        (await client.GetAsync($"{AssemblyAddress.PathOf(accountId, "p", "7")}/protections/status?protection_id=t1:p:7:0:4"))
            .IsRefused(412, "invalid-request", "accountId");
    }

    [Theory]
    [InlineData("abc")]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("9223372036854775808")]
    public async Task A_cloud_assembly_id_that_is_no_int64_is_412(string cloudAssemblyId)
    {
        var client = app.NewAssembly();

        (await client.GetAsync($"{AssemblyAddress.PathOf($"{client.Address.AccountId}", "p", cloudAssemblyId)}/protections/status?protection_id=t1:p:7:0:4"))
            .IsRefused(412, "invalid-request", "cloudAssemblyId");
    }

    [Fact]
    public async Task All_that_is_wrong_is_named_at_once() =>
        (await app.NewAssembly().GetAsync($"{AssemblyAddress.PathOf("a", "p", "b")}/protections/status"))
            .IsRefused(412, "invalid-request", "accountId", "cloudAssemblyId", "protection_id");

    [Fact]
    public async Task A_missing_token_comes_before_everything_else() =>
        (await app.NewAssembly().With((string?)null).GetAsync($"{AssemblyAddress.PathOf("a", "p", "b")}/protections/status")).IsRefused(401, "token-missing");

    [Fact]
    public async Task A_missing_permission_comes_before_a_malformed_request()
    {
        var client = app.NewAssembly();

        var answer = await client.With(new TokenClaims { AccountId = client.Address.AccountId, Permissions = [] })
            .GetAsync($"{AssemblyAddress.PathOf("a", "p", "b")}/protections/status");

        answer.IsRefused(403, "permission-missing");
    }

    [Fact]
    public async Task Another_account_comes_before_a_malformed_request()
    {
        var client = app.NewAssembly();

        (await client.With(app.NewAssembly().Token).GetAsync($"{client.Address.Path}/protections/status")).IsRefused(403, "account-forbidden");
    }

    [Fact]
    public async Task Another_project_comes_before_a_malformed_request()
    {
        var client = app.NewAssembly();

        (await client.With(new TokenClaims { AccountId = client.Address.AccountId, Projects = new[] { "another" } })
            .GetAsync($"{client.Address.Path}/protections/status")).IsRefused(403, "project-forbidden");
    }

    [Fact]
    public async Task A_malformed_request_comes_before_an_assembly_that_is_not_there()
    {
        var client = app.NewAssembly();

        (await client.GetAsync($"{client.Address.Path}/protections/status")).IsRefused(412, "invalid-request", "protection_id");
    }

    [Fact]
    public async Task An_id_of_another_assembly_comes_before_a_deletion()
    {
        var client = app.NewAssembly();
        var id = await client.ProtectAsync([]);
        await client.WatchAsync(id, "skipped");
        await app.Tables.MarkAssemblyIsBeingDeletedAsync(id);

        (await client.AtAnotherAssembly().StatusAsync(id)).IsRefused(404, "protection-not-found");
    }
}
