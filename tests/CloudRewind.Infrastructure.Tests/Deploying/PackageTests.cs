using CloudRewind.Infrastructure.Tests.Support;

namespace CloudRewind.Infrastructure.Tests.Deploying;

/// <summary>infra/check-package.sh, on folders that look like what a publish makes.</summary>
public sealed class PackageTests : IDisposable
{
    private readonly PackageFolder folder = new();

    public void Dispose() => folder.Dispose();

    [UnixFact]
    public async Task A_whole_package_passes_and_nothing_is_started()
    {
        var (run, asked) = await folder.CheckAsync();

        Assert.True(run.ExitCode == 0, run.Errors);
        Assert.StartsWith("ok: ", run.Output, StringComparison.Ordinal);
        Assert.Empty(asked);
    }

    [UnixTheory]
    [InlineData("host.json")]
    [InlineData(".azurefunctions/Microsoft.Azure.WebJobs.Extensions.DurableTask.dll")]
    [InlineData(".azurefunctions/DurableTask.AzureStorage.dll")]
    [InlineData(".azurefunctions/function.deps.json")]
    [InlineData("CloudRewind.Functions.dll")]
    public async Task What_the_host_looks_for_and_does_not_find_is_named(string file)
    {
        folder.Remove(file);

        var (run, _) = await folder.CheckAsync();

        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith($"FAILED: {file} is missing or empty", run.Errors, StringComparison.Ordinal);
    }

    [UnixTheory]
    [InlineData("host.json", """{ "version": "2.0" }""")]
    [InlineData("functions.metadata", "[]")]
    public async Task A_file_that_does_not_say_what_it_must_is_named(string file, string content)
    {
        folder.Write(file, content);

        var (run, _) = await folder.CheckAsync();

        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith($"FAILED: {file} is not as expected", run.Errors, StringComparison.Ordinal);
    }

    [UnixTheory]
    [InlineData("local.settings.json")]
    [InlineData("CloudRewind.FunctionsHost.dll")]
    [InlineData("CloudRewind.DevStack.dll")]
    [InlineData("runtimes/CloudRewind.FunctionsHost.runtimeconfig.json")]
    public async Task What_belongs_to_a_developers_machine_is_refused(string file)
    {
        folder.Write(file, "{}");

        var (run, _) = await folder.CheckAsync();

        Assert.Equal(1, run.ExitCode);
        Assert.Equal($"FAILED: {file} must not be deployed\n", run.Errors);
    }

    [UnixFact]
    public async Task All_faults_are_named_at_once()
    {
        folder.Remove("host.json");
        folder.Write("local.settings.json", "{}");

        var (run, _) = await folder.CheckAsync("--run");

        Assert.Equal(2, run.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Equal(1, run.ExitCode);
    }

    [UnixFact]
    public async Task It_can_be_started_asked_and_ended()
    {
        var (run, asked) = await folder.CheckAsync("--run");

        Assert.True(run.ExitCode == 0, run.Errors);
        Assert.Contains("ok: it starts under the local host: http://localhost:", run.Output, StringComparison.Ordinal);
        Assert.EndsWith("ok: it ends on SIGTERM\n", run.Output, StringComparison.Ordinal);
        Assert.Collection(
            asked,
            line => Assert.Matches(@"^dotnet tools/DevStack/bin/Release/net10.0/CloudRewind.DevStack.dll /.*/package --urls http://localhost:\d+$", line),
            line => Assert.Matches(@"^smoke-test http://localhost:\d+ with the-token of 1$", line),
            line => Assert.Equal("dotnet was told to end", line));
    }

    [UnixTheory]
    [InlineData("start", "the local host ended before it listened")]
    [InlineData("smoke-test", "the app does not answer as it should")]
    [InlineData("end", "the local host ended with 3")]
    public async Task What_goes_wrong_is_named_with_what_the_local_host_said(string failing, string message)
    {
        var (run, _) = await folder.CheckAsync("--run", failing);

        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith($"FAILED: {message}\nThe local host speaks.\n", run.Errors, StringComparison.Ordinal);
    }

    [UnixFact]
    public async Task A_folder_that_is_not_there_is_refused_by_name()
    {
        folder.RemoveAll();

        var (run, _) = await folder.CheckAsync();

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("is no folder.", run.Errors, StringComparison.Ordinal);
    }
}
