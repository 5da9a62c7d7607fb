using CloudRewind.TestSupport;

namespace CloudRewind.Infrastructure.Tests.Deploying;

/// <summary>The workflow that tests and deploys, read with GitHub's own parser and schema.</summary>
public sealed class WorkflowTests
{
    private static readonly string File = Path.Combine(Repository.Root, ".github", "workflows", "deploy.yml");

    [Fact]
    public async Task It_is_what_github_understands()
    {
        var run = await NodeTools.RunAsync("check-workflow.mjs", File);

        Assert.True(run.ExitCode == 0, run.Errors);
    }

    [Theory]
    [InlineData("runs-on: ubuntu-latest", "runs_on: ubuntu-latest", "runs_on")]
    [InlineData("needs: test", "needs: tests", "unknown job 'tests'")]
    [InlineData("github.event_name == 'push'", "github.event_name === 'push'", "===")]
    public async Task What_github_would_refuse_is_found(string right, string wrong, string named)
    {
        var text = await System.IO.File.ReadAllTextAsync(File);
        Assert.Contains(right, text, StringComparison.Ordinal);
        var folder = Directory.CreateTempSubdirectory("workflow-");
        try
        {
            var broken = Path.Combine(folder.FullName, "deploy.yml");
            await System.IO.File.WriteAllTextAsync(broken, text.Replace(right, wrong, StringComparison.Ordinal));

            var run = await NodeTools.RunAsync("check-workflow.mjs", broken);

            Assert.Equal(1, run.ExitCode);
            Assert.Contains(named, run.Errors, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(true);
        }
    }

    [Fact]
    public async Task It_logs_in_without_a_secret_and_asks_for_no_more_than_it_needs()
    {
        var text = await System.IO.File.ReadAllTextAsync(File);

        Assert.DoesNotContain("secrets.", text, StringComparison.Ordinal);
        Assert.DoesNotContain("write-all", text, StringComparison.Ordinal);
        Assert.Contains("id-token: write", text, StringComparison.Ordinal);
        Assert.Contains("environment: ${{ matrix.environment }}", text, StringComparison.Ordinal);
    }
}
