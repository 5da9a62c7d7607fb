using System.Diagnostics;
using CloudRewind.TestSupport;

namespace CloudRewind.DevStack.Tests;

/// <summary>The first <c>dotnet run</c> downloads and builds for minutes; it says so at the terminal, which here is a file.</summary>
public sealed class FirstBuildTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Only_the_first_build_says_at_the_terminal_that_it_takes_minutes(bool isFirst)
    {
        using var folder = new TemporaryFolder();
        var (terminal, assets) = (Path.Combine(folder.Path, "terminal"), Path.Combine(folder.Path, "project.assets.json"));
        if (!isFirst)
            await File.WriteAllTextAsync(assets, "{}");
        var project = Path.Combine(Repository.Root, "src", "CloudRewind.Functions", "CloudRewind.Functions.csproj");
        var start = new ProcessStartInfo(
            "dotnet", ["msbuild", project, "-nologo", "-t:AnnounceFirstBuild", $"-p:Terminal={terminal}", $"-p:ProjectAssetsFile={assets}"])
        {
            RedirectStandardOutput = true,
        };

        using var build = Process.Start(start)!;
        var output = await build.StandardOutput.ReadToEndAsync();
        await build.WaitForExitAsync();

        Assert.True(build.ExitCode == 0, output);
        Assert.Equal(
            isFirst,
            File.Exists(terminal) && (await File.ReadAllTextAsync(terminal)).Contains("takes some minutes", StringComparison.Ordinal));
    }
}
