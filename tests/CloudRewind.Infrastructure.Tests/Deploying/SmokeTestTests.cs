using CloudRewind.Infrastructure.Tests.Support;
using CloudRewind.TestSupport;

namespace CloudRewind.Infrastructure.Tests.Deploying;

/// <summary>infra/smoke-test.sh, and infra/smoke-test.ps1, which does the same.</summary>
public sealed class SmokeTestTests : IAsyncLifetime
{
    private const string Lookup =
        "/api/v1/accounts/12/projects/smoke-test/aws/cloud-assemblies/1/protections/status?protection_id=t12%3Asmoke-test%3A1%3A0%3A1";

    private StubApp app = null!;

    public async Task InitializeAsync() => app = await StubApp.StartAsync();

    public async Task DisposeAsync() => await app.DisposeAsync();

    [UnixTheory]
    [InlineData("smoke-test.sh")]
    [InlineData("smoke-test.ps1")]
    public async Task An_app_that_is_ready_lets_nobody_in_and_looks_up_passes(string script)
    {
        var run = await RunAsync(script, StubApp.Token);

        Assert.True(run.ExitCode == 0, run.Errors);
        Assert.Equal(
            "ok: ready: 200\nok: a lookup without a token: 401 token-missing\nok: a lookup of a protection that is not there: 404 protection-not-found\n",
            run.Output);
        Assert.Equal(["/api/health/ready", Lookup, Lookup], app.Asked);
    }

    [UnixTheory]
    [InlineData("smoke-test.sh")]
    [InlineData("smoke-test.ps1")]
    public async Task Without_a_token_it_says_what_it_leaves_out(string script)
    {
        var run = await RunAsync(script, null);

        Assert.Equal(0, run.ExitCode);
        Assert.EndsWith("left out: a lookup of a protection that is not there, because SMOKE_TOKEN is not set\n", run.Output, StringComparison.Ordinal);
    }

    [UnixTheory]
    [InlineData("smoke-test.sh")]
    [InlineData("smoke-test.ps1")]
    public async Task An_app_that_does_not_become_ready_fails(string script)
    {
        app.Ready = 503;

        var run = await RunAsync(script, null);

        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith($"FAILED: {app.BaseUrl}/api/health/ready is not 200 after 1 attempts", run.Errors, StringComparison.Ordinal);
    }

    [UnixTheory]
    [InlineData("smoke-test.sh")]
    [InlineData("smoke-test.ps1")]
    public async Task An_app_that_lets_somebody_in_without_a_token_fails(string script)
    {
        app.WithoutToken = (404, "protection-not-found");

        var run = await RunAsync(script, StubApp.Token);

        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith("FAILED: a lookup without a token was to be 401 token-missing", run.Errors, StringComparison.Ordinal);
    }

    [UnixTheory]
    [InlineData("smoke-test.sh")]
    [InlineData("smoke-test.ps1")]
    public async Task A_404_that_is_not_a_lookups_fails(string script)
    {
        app.WithToken = (404, "operation-not-found");

        var run = await RunAsync(script, StubApp.Token);

        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith("FAILED: a lookup of a protection that is not there was to be 404 protection-not-found", run.Errors, StringComparison.Ordinal);
    }

    private Task<ToolRun> RunAsync(string script, string? token)
    {
        var (program, arguments) = Shell.Script(Path.Combine(Repository.Root, "infra", script), app.BaseUrl);
        return Shell.RunAsync(program, arguments, ("SMOKE_TOKEN", token), ("SMOKE_ACCOUNT_ID", "12"), ("SMOKE_ATTEMPTS", "1"));
    }
}
