using CloudRewind.TestSupport;

namespace CloudRewind.Functions.Tests.Builds;

/// <summary>Asks MSBuild about a project, the app's where none is named, as a build would evaluate it; nothing is restored or compiled.</summary>
internal static class Msbuild
{
    public static string Project { get; } = Path.Combine(Repository.Root, "src", "CloudRewind.Functions", "CloudRewind.Functions.csproj");

    /// <summary>The app of the conformance suite, which is built against either runtime as the app is.</summary>
    public static string ConformanceProject { get; } =
        Path.Combine(Repository.Root, "tests", "CloudRewind.Conformance.App", "CloudRewind.Conformance.App.csproj");

    public static Task<(int ExitCode, string Output)> RunAsync(params string[] arguments) => RunOnAsync(Project, arguments);

    public static async Task<(int ExitCode, string Output)> RunOnAsync(string project, params string[] arguments)
    {
        // What the test run itself was built with must not leak into the question.
        var run = await Tool.RunAsync(
            "dotnet", ["msbuild", project, "-nologo", .. arguments], folder: null, ("MSBUILDDISABLENODEREUSE", "1"), ("FunctionsRuntime", null));
        return (run.ExitCode, run.Output + run.Errors);
    }
}
