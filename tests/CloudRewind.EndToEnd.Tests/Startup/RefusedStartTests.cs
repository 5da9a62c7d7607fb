namespace CloudRewind.EndToEnd.Tests.Startup;

/// <summary>An app with invalid settings ends at once, with a message for whoever set them. Each setting has tests of its own beside the app's; here is what a start makes of them all.</summary>
public sealed class RefusedStartTests
{
    [OwnProcessFact]
    public async Task Invalid_and_misspelt_settings_are_named_all_at_once_without_what_is_secret_in_them()
    {
        const string Secret = "c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2U";
        using var app = new AppProcess(
        [
            ("AZURE_FUNCTIONS_ENVIRONMENT", "Production"),
            ("AzureWebJobsStorage", "DefaultEndpointsProtocol=http;AccountName=none;AccountKey=bm9uZQ==;BlobEndpoint=http://127.0.0.1:9/none;QueueEndpoint=http://127.0.0.1:9/none;TableEndpoint=http://127.0.0.1:9/none;"),
            ("Auth__Jwks", $$"""{"keys":[{"kty":"EC","crv":"P-256","x":"{{Secret}}","y":"{{Secret}}","d":"{{Secret}}"}]}"""),
            ("Capture__MaxConcurrency", "0"),
            ("Capture__TimeLimits", "01:00:00"),
            ("Cors__AllowedOrigins", "*"),
            ("Retention__Default", "forever"),
            ("Simulation__StepTime", "abc"),
            ("Storage__TablesEndpoint", "nowhere"),
            ("Watchdog__Patience", "5"),
        ]);

        var exitCode = await app.RunToEndAsync();

        Assert.Equal(1, exitCode);
        Assert.All(
            (string[])
            [
                "Auth__Audience is missing", "Auth__Issuer is missing", "Auth__Jwks holds a private key", "Capture__MaxConcurrency is '0'",
                "Capture__TimeLimits is not a setting; did you mean Capture__TimeLimit?", "Cors__AllowedOrigins is '*'", "Retention__Default is 'forever'",
                "Simulation__StepTime is 'abc'", "Storage__TablesEndpoint is 'nowhere'", "Watchdog__Patience is '5'",
            ],
            error => Assert.Contains($"Error in the settings: {error}", app.Output, StringComparison.Ordinal));
        Assert.DoesNotContain(Secret, app.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", app.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", app.Output, StringComparison.Ordinal);
    }
}
