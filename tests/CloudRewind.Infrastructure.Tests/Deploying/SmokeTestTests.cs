using CloudRewind.Infrastructure.Tests.Support;
using CloudRewind.TestSupport;

namespace CloudRewind.Infrastructure.Tests.Deploying;

/// <summary>infra/smoke-test.sh.</summary>
public sealed class SmokeTestTests : IAsyncLifetime
{
    private const string Lookup =
        "/api/v1/accounts/12/projects/smoke-test/aws/cloud-assemblies/1/protections/status?protection_id=t12%3Asmoke-test%3A1%3A0%3A1";

    private StubApp app = null!;

    public async Task InitializeAsync() => app = await StubApp.StartAsync();

    public async Task DisposeAsync() => await app.DisposeAsync();

    [UnixFact]
    public async Task An_app_that_is_ready_lets_nobody_in_and_looks_up_passes()
    {
        var run = await RunAsync(StubApp.Token);

        Assert.True(run.ExitCode == 0, run.Errors);
        Assert.Equal(
            "ok: ready: 200\nok: a lookup without a token: 401 token-missing\nok: a lookup of a protection that is not there: 404 protection-not-found\n",
            run.Output);
        Assert.Equal(["/api/health/ready", Lookup, Lookup], app.Asked);
    }

    [UnixFact]
    public async Task Without_a_token_it_says_what_it_leaves_out()
    {
        var run = await RunAsync(null);

        Assert.Equal(0, run.ExitCode);
        Assert.EndsWith("left out: a lookup of a protection that is not there, because SMOKE_TOKEN is not set\n", run.Output, StringComparison.Ordinal);
    }

    [UnixFact]
    public async Task An_app_that_does_not_become_ready_fails()
    {
        app.Ready = 503;

        var run = await RunAsync(null);

        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith($"FAILED: {app.BaseUrl}/api/health/ready is not 200 after 1 attempts", run.Errors, StringComparison.Ordinal);
    }

    [UnixFact]
    public async Task An_app_that_lets_somebody_in_without_a_token_fails()
    {
        app.WithoutToken = (404, "protection-not-found");

        var run = await RunAsync(StubApp.Token);

        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith("FAILED: a lookup without a token was to be 401 token-missing", run.Errors, StringComparison.Ordinal);
    }

    [UnixFact]
    public async Task A_404_that_is_not_a_lookups_fails()
    {
        app.WithToken = (404, "operation-not-found");

        var run = await RunAsync(StubApp.Token);

        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith("FAILED: a lookup of a protection that is not there was to be 404 protection-not-found", run.Errors, StringComparison.Ordinal);
    }

    private Task<ToolRun> RunAsync(string? token) => Shell.RunAsync(
        "bash",
        [Path.Combine(Repository.Root, "infra", "smoke-test.sh"), app.BaseUrl],
        ("SMOKE_TOKEN", token),
        ("SMOKE_ACCOUNT_ID", "12"),
        ("SMOKE_ATTEMPTS", "1"));
}
