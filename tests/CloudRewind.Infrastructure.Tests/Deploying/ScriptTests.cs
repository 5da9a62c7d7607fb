using CloudRewind.Infrastructure.Tests.Support;
using CloudRewind.TestSupport;

namespace CloudRewind.Infrastructure.Tests.Deploying;

/// <summary>Shell scripts, read by shellcheck.</summary>
public sealed class ScriptTests
{
    [SkippableTheory]
    [InlineData("infra/check-package.sh")]
    [InlineData("infra/deploy.sh")]
    [InlineData("infra/smoke-test.sh")]
    [InlineData(".ci/run")]
    public async Task Shellcheck_has_nothing_to_remark_on(string script)
    {
        Skip.IfNot(Shell.Finds("shellcheck"), "shellcheck is not installed; CI installs it.");

        var run = await Shell.RunAsync("shellcheck", [Path.Combine(Repository.Root, script)]);

        Assert.True(run.ExitCode == 0, run.Output);
    }

    [Fact]
    public void Every_script_is_among_them() => Assert.Equal(
        ["check-package.sh", "deploy.sh", "smoke-test.sh"],
        Directory.EnumerateFiles(Path.Combine(Repository.Root, "infra"), "*.sh", SearchOption.AllDirectories).Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal));
}
