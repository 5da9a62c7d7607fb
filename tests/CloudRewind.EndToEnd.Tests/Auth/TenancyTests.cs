using System.Text.Json;

namespace CloudRewind.EndToEnd.Tests.Auth;

/// <summary>A token is good for its own account and projects, and no answer tells what there is in another's.</summary>
public sealed class TenancyTests(AppFixture fixture) : IClassFixture<AppFixture>
{
    private readonly App app = fixture.App;

    [Fact]
    public async Task A_token_of_another_account_is_403_for_every_operation() =>
        await IsForbiddenAsync(app.NewAssembly().Token!, "account-forbidden");

    [Fact]
    public async Task A_token_for_another_project_of_the_account_is_403_for_every_operation()
    {
        var client = app.NewAssembly();

        await IsForbiddenAsync(
            app.Tokens.Issue(new TokenClaims { AccountId = client.Address.AccountId, Projects = new[] { "another", $"{client.Address.ProjectId}x" } }),
            "project-forbidden",
            client);
    }

    [Fact]
    public async Task A_token_for_no_project_is_403()
    {
        var client = app.NewAssembly();

        (await client.With(new TokenClaims { AccountId = client.Address.AccountId, Projects = Array.Empty<string>() })
            .StatusAsync(client.Address.ProtectionId())).IsRefused(403, "project-forbidden");
    }

    [Fact]
    public async Task A_project_is_another_if_only_its_case_is()
    {
        var client = app.NewAssembly();

        (await client.With(new TokenClaims { AccountId = client.Address.AccountId, Projects = new[] { client.Address.ProjectId.ToUpperInvariant() } })
            .StatusAsync(client.Address.ProtectionId())).IsRefused(403, "project-forbidden");
    }

    [Fact]
    public async Task A_token_that_names_the_project_is_let_in()
    {
        var client = app.NewAssembly();
        var id = await client.ProtectAsync([]);

        var answer = await client.With(new TokenClaims { AccountId = client.Address.AccountId, Projects = new[] { "another", client.Address.ProjectId } })
            .StatusAsync(id);

        Assert.Equal(200, answer.Status);
    }

    [Theory]
    [InlineData("GET", "/protections/status?protection_id=x", "aws-protections.read")]
    [InlineData("POST", "/protections", "aws-protections.create")]
    [InlineData("GET", "", "aws-assemblies.read")]
    [InlineData("PUT", "", "aws-assemblies.write")]
    public async Task A_token_without_the_permission_is_403_and_the_permission_is_named(string method, string path, string permission)
    {
        var client = app.NewAssembly();
        var claims = new TokenClaims { AccountId = client.Address.AccountId, Permissions = [.. Tokens.EveryPermission.Except([permission])] };

        var answer = await client.With(claims).SendAsync(new HttpMethod(method), client.Address.Path + path);

        answer.IsRefused(403, "permission-missing");
        Assert.Equal([permission], answer.Json.GetProperty("requiredPermissions").EnumerateArray().Select(name => name.GetString()!));
    }

    [Fact]
    public async Task Another_account_sees_no_difference_between_a_protection_that_is_there_and_one_that_is_not()
    {
        var client = app.NewAssembly();
        var id = await client.ProtectAsync([]);
        var stranger = client.With(app.NewAssembly().Token);

        AreAlike(await stranger.StatusAsync(id), await stranger.StatusAsync(Never(id)));
    }

    [Fact]
    public async Task Another_project_sees_no_difference_between_a_protection_that_is_there_and_one_that_is_not()
    {
        var client = app.NewAssembly();
        var id = await client.ProtectAsync([]);
        var stranger = client.With(new TokenClaims { AccountId = client.Address.AccountId, Projects = new[] { "another" } });

        AreAlike(await stranger.StatusAsync(id), await stranger.StatusAsync(Never(id)));
    }

    [Fact]
    public async Task An_id_of_another_account_is_a_404_like_one_that_never_was()
    {
        var theirs = app.NewAssembly();
        await NamesNothingAsync(app.NewAssembly(), await theirs.ProtectAsync([]));
    }

    [Fact]
    public async Task An_id_of_another_project_is_a_404_like_one_that_never_was()
    {
        var theirs = app.NewAssembly();
        await NamesNothingAsync(theirs.At(theirs.Address with { ProjectId = "another" }), await theirs.ProtectAsync([]));
    }

    [Fact]
    public async Task An_id_of_another_assembly_is_a_404_like_one_that_never_was()
    {
        var theirs = app.NewAssembly();
        await NamesNothingAsync(theirs.AtAnotherAssembly(), await theirs.ProtectAsync([]));
    }

    [Fact]
    public async Task An_assembly_of_another_project_is_a_404_like_one_that_never_was()
    {
        var theirs = app.NewAssembly();
        await theirs.PutAssemblyAsync();
        var ours = theirs.At(theirs.Address with { ProjectId = "another" });

        (await ours.GetAsync(ours.Address.Path)).IsRefused(404, "cloud-assembly-not-found");
    }

    private async Task IsForbiddenAsync(string token, string code, ApiClient? of = null)
    {
        var client = of ?? app.NewAssembly();
        var id = await client.ProtectAsync([]);
        var stranger = client.With(token);

        (await stranger.StatusAsync(id)).IsRefused(403, code);
        (await stranger.CreateAsync()).IsRefused(403, code);
        (await stranger.GetAsync(client.Address.Path)).IsRefused(403, code);
        (await stranger.PutAssemblyAsync(AssemblyBody.Of())).IsRefused(403, code);
    }

    private static async Task NamesNothingAsync(ApiClient client, string id)
    {
        var answer = await client.StatusAsync(id);

        answer.IsRefused(404, "protection-not-found");
        var never = Never(id);
        AreAlike(answer with { Body = answer.Body.Replace(Quoted(id), Quoted(never), StringComparison.Ordinal) }, await client.StatusAsync(never));
    }

    // Of the same form and length, and a time at which nobody created anything.
    private static string Never(string id) => $"{id[..(id.LastIndexOf(':') + 1)]}1000000000000";

    private static string Quoted(string id) => JsonSerializer.Serialize(id).Trim('"');

    private static void AreAlike(Answer one, Answer other)
    {
        Assert.Equal((one.Status, one.Body), (other.Status, other.Body));
        Assert.Equal(Lasting(one), Lasting(other));
    }

    private static IEnumerable<string> Lasting(Answer answer) => answer.Headers
        .Where(header => !header.Key.Equals("x-correlation-id", StringComparison.OrdinalIgnoreCase) && !header.Key.Equals("Date", StringComparison.OrdinalIgnoreCase))
        .Select(header => $"{header.Key}: {header.Value}")
        .Order(StringComparer.Ordinal);
}
