namespace CloudRewind.EndToEnd.Tests.Startup;

/// <summary>Senseless settings stop the start, with a message for whoever set them.</summary>
public sealed class RefusedStartTests
{
    [OwnProcessTheory]
    [InlineData("Capture__MaxConcurrency", "0")]
    [InlineData("Capture__Provider", "Foo")]
    [InlineData("Capture__TimeLimit", "-00:00:01")]
    [InlineData("Simulation__StepTime", "abc")]
    [InlineData("Retention__Default", "forever")]
    [InlineData("Watchdog__Patience", "5")]
    [InlineData("Auth__Jwks", "not JSON")]
    [InlineData("Auth__Jwks", "{}")]
    [InlineData("Storage__TablesEndpoint", "nowhere")]
    [InlineData("Storage__ConnectionString", "nothing")]
    public async Task A_senseless_value_is_refused_by_its_name(string name, string value) => await IsRefusedAsync([(name, value)], name);

    [OwnProcessFact]
    public async Task Several_faults_are_named_at_once() => await IsRefusedAsync(
        [("Capture__MaxConcurrency", "0"), ("Capture__Provider", "Foo"), ("Simulation__StepTime", "abc"), ("Auth__Audience", "")],
        "Capture__MaxConcurrency",
        "Capture__Provider",
        "Simulation__StepTime",
        "Auth__Audience");

    [OwnProcessFact]
    public async Task Outside_of_development_somebody_must_say_whose_tokens_to_trust() => await IsRefusedAsync(
        [("Auth__Jwks", ""), ("Auth__Issuer", ""), ("Auth__Audience", "")], "Auth__Authority", "Auth__Jwks", "Auth__Audience");

    [OwnProcessFact]
    public async Task An_authority_elsewhere_without_encryption_is_refused() => await IsRefusedAsync(
        [("Auth__Jwks", ""), ("Auth__Issuer", ""), ("Auth__Authority", "http://login.example.com")], "Auth__Authority");

    [OwnProcessFact]
    public async Task A_private_key_is_refused_and_not_repeated()
    {
        const string Secret = "c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2U";

        var said = await IsRefusedAsync(
            [("Auth__Jwks", $$"""{"keys":[{"kty":"EC","crv":"P-256","x":"{{Secret}}","y":"{{Secret}}","d":"{{Secret}}"}]}""")], "Auth__Jwks");

        Assert.DoesNotContain(Secret, said, StringComparison.Ordinal);
    }

    private static async Task<string> IsRefusedAsync((string Name, string Value)[] settings, params string[] names)
    {
        var tokens = Tokens.WithNewKey("https://issuer.example.com", "cloud-rewind");
        using var app = new AppProcess(
        [
            ("AZURE_FUNCTIONS_ENVIRONMENT", "Production"),
            ("AzureWebJobsStorage", "DefaultEndpointsProtocol=http;AccountName=none;AccountKey=bm9uZQ==;TableEndpoint=http://127.0.0.1:9/none;"),
            ("Auth__Jwks", tokens.Jwks),
            ("Auth__Issuer", tokens.Issuer),
            ("Auth__Audience", tokens.Audience),
            .. settings,
        ]);

        var exitCode = await app.RunToEndAsync();

        Assert.Equal(1, exitCode);
        Assert.All(names, name => Assert.Contains(name, app.Output, StringComparison.Ordinal));
        Assert.DoesNotContain("   at ", app.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", app.Output, StringComparison.Ordinal);
        return app.Output;
    }
}
