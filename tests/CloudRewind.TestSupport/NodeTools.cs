using CloudRewind.DevStack;

namespace CloudRewind.TestSupport;

/// <summary>The Node packages of <c>tests/tools</c>, which check files of this repository. The app needs none of them, so that only a test installs them.</summary>
public static class NodeTools
{
    /// <summary>Where they are.</summary>
    public static readonly string Folder = Path.Combine(Repository.Root, "tests", "tools");

    private static readonly Lazy<Task> Installation = new(() =>
        new NodeModules(Folder, Path.Combine(Repository.Root, ".local")).EnsureAsync(_ => { }, CancellationToken.None));

    /// <summary>Installs what <c>tests/tools/package-lock.json</c> pins, where that has not been done. Test projects take turns.</summary>
    public static Task InstallAsync() => Installation.Value;

    /// <summary>Runs a script with Node.js, at the repository's root, after what it needs is installed.</summary>
    /// <param name="script">Its path below <c>tests/tools</c>, such as <c>node_modules/PACKAGE/bin.js</c>.</param>
    /// <param name="arguments">What it is given.</param>
    public static async Task<ToolRun> RunAsync(string script, params string[] arguments)
    {
        await InstallAsync();
        return await Tool.RunAsync("node", [Path.Combine(Folder, script), .. arguments], Repository.Root);
    }
}
