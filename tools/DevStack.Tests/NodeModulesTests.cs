using CloudRewind.FunctionsHost;
using CloudRewind.TestSupport;

namespace CloudRewind.DevStack.Tests;

/// <summary>With a script in npm's place. What the real one does is what every test stands on that starts Azurite.</summary>
public sealed class NodeModulesTests : IDisposable
{
    private const string Pinned =
        """{"packages":{"":{},"node_modules/a":{"version":"2.0.0"},"node_modules/not-here":{"version":"1.0.0","optional":true}}}""";
    private const string Installed = """{"packages":{"node_modules/a":{"version":"2.0.0"}}}""";
    private const string Install =
        $"mkdir -p node_modules/a && echo new > node_modules/a/index.js && echo '{Installed}' > node_modules/.package-lock.json";

    private readonly TemporaryFolder folder = new();

    public NodeModulesTests()
    {
        folder.Write("{}", "package.json");
        folder.Write(Pinned, "package-lock.json");
    }

    private int Installations => File.Exists(folder["installations"]) ? File.ReadAllLines(folder["installations"]).Length : 0;

    public void Dispose() => folder.Dispose();

    [SkippableTheory]
    [InlineData(null)]
    [InlineData("""{"packages":{}}""")]
    [InlineData("""{"packages":{"node_modules/a":{"version":"1.0.0"}}}""")]
    [InlineData("""{"packages":{"node_modules/a":""")]
    public async Task What_is_not_whole_is_replaced_once(string? record)
    {
        folder.Write("old", "node_modules", "a", "index.js");
        folder.Write("old", "node_modules", "b", "index.js");
        folder.Write("left", ".local", "npm-left", "node_modules", "a", "index.js");
        if (record is not null)
            folder.Write(record, "node_modules", ".package-lock.json");

        await EnsureAsync(Install);
        await EnsureAsync(Install);

        Assert.Equal(1, Installations);
        Assert.Equal("new\n", File.ReadAllText(folder["node_modules", "a", "index.js"]));
        Assert.False(Directory.Exists(folder["node_modules", "b"]));
        AssertNothingIsLeft();
    }

    [SkippableFact]
    public async Task What_a_user_has_installed_is_accepted()
    {
        folder.Write(Installed, "node_modules", ".package-lock.json");
        await EnsureAsync(Install);
        Assert.Equal(0, Installations);
    }

    [SkippableTheory]
    [InlineData("echo 'no network' >&2; exit 1")]
    [InlineData("mkdir node_modules; echo 'no network'")]
    public async Task A_failure_has_the_words_of_npm_and_changes_nothing(string script)
    {
        folder.Write("old", "node_modules", "a", "index.js");
        var error = await Assert.ThrowsAsync<HostStartException>(() => EnsureAsync(script));
        Assert.Contains("no network", error.Message, StringComparison.Ordinal);
        Assert.True(File.Exists(folder["node_modules", "a", "index.js"]));
        AssertNothingIsLeft();
    }

    [SkippableFact]
    public async Task An_installation_that_is_cancelled_ends_npm_and_leaves_nothing()
    {
        using var cancellationToken = new CancellationTokenSource();
        var ensuring = EnsureAsync("mkdir node_modules && echo $$ > ../../pid; sleep 600", cancellationToken.Token);
        var pid = await Eventually.GetAsync(
            () => Task.FromResult(File.Exists(folder["pid"]) && int.TryParse(File.ReadAllText(folder["pid"]), out var pid) ? pid : 0),
            pid => pid > 0,
            "npm");

        await cancellationToken.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ensuring.WaitAsync(Eventually.Limit));
        Assert.False(RunningProcess.Exists(pid));
        Assert.False(Directory.Exists(folder["node_modules"]));
        AssertNothingIsLeft();
    }

    [SkippableFact]
    public async Task Two_take_turns_and_one_installs()
    {
        await Task.WhenAll(EnsureAsync(Install), EnsureAsync(Install));
        Assert.Equal(1, Installations);
    }

    [SkippableFact]
    public async Task An_installer_that_is_killed_does_not_block_the_next()
    {
        Skip.If(OperatingSystem.IsWindows(), "It sends a signal.");
        await using var other = OtherProcess.StartLock(folder[".local", "npm.lock"]);
        await other.SaysAsync(OtherProgram.Ready);
        var ensuring = EnsureAsync(Install);
        Assert.False(ensuring.IsCompleted);

        await other.EndAsync("KILL");

        await ensuring.WaitAsync(Eventually.Limit);
        Assert.Equal(1, Installations);
    }

    [Fact]
    public async Task Without_Node_the_message_says_what_to_install()
    {
        var modules = new NodeModules(folder.Path, folder[".local"]) { Npm = folder["no-npm"] };
        var error = await Assert.ThrowsAsync<HostStartException>(() => modules.EnsureAsync(_ => { }, default));
        Assert.Contains("needs Node.js 20 or later", error.Message, StringComparison.Ordinal);
    }

    private Task EnsureAsync(string script, CancellationToken cancellationToken = default)
    {
        Skip.If(OperatingSystem.IsWindows(), "A shell script stands for npm.");
        if (!File.Exists(folder["npm"]))
            folder.Write($"#!/bin/bash\necho 1 >> ../../installations\n{script}\n", "npm");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(folder["npm"], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return new NodeModules(folder.Path, folder[".local"]) { Npm = folder["npm"] }.EnsureAsync(_ => { }, cancellationToken);
    }

    private void AssertNothingIsLeft() =>
        Assert.Equal([folder[".local", "npm.lock"]], Directory.EnumerateFileSystemEntries(folder[".local"]));
}
