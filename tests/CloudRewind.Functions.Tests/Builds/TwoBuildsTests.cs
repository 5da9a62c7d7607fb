using System.Text.Json;
using CloudRewind.TestSupport;

namespace CloudRewind.Functions.Tests.Builds;

public sealed class TwoBuildsTests
{
    private static readonly string[] AzurePackages =
    [
        "Microsoft.Azure.Functions.Worker",
        "Microsoft.Azure.Functions.Worker.Extensions.DurableTask",
        "Microsoft.Azure.Functions.Worker.Extensions.Http",
        "Microsoft.Azure.Functions.Worker.Extensions.Http.AspNetCore",
        "Microsoft.Azure.Functions.Worker.Extensions.Timer",
        "Microsoft.Azure.Functions.Worker.Sdk",
        "Microsoft.DurableTask.Client",
        "Microsoft.DurableTask.Worker",
    ];

    private const string SchedulerPackage = "Microsoft.Azure.Functions.Worker.Extensions.DurableTask.AzureManaged";

    [Fact]
    public async Task The_azure_build_takes_the_functions_packages_and_nothing_of_the_local_runtime()
    {
        var build = await EvaluateAsync("Azure");

        Assert.Equal(AzurePackages, build.Packages.Where(IsOfFunctions).Order(StringComparer.Ordinal));
        Assert.DoesNotContain(build.Projects, project => project.Contains("LocalRuntime", StringComparison.Ordinal));
        Assert.DoesNotContain(build.Sources, IsLocal);
        Assert.Equal("v4", build.FunctionsVersion);
    }

    [Fact]
    public async Task Where_host_json_asks_for_the_scheduler_the_azure_build_takes_its_package_too()
    {
        var host = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(host, """{"extensions":{"durableTask":{"storageProvider":{"type":"azureManaged"}}}}""");
            using var json = await AskAsync("Azure", "-getItem:PackageReference,Compile", $"-p:HostJson={host}");

            Assert.Equal(
                AzurePackages.Append(SchedulerPackage).Order(StringComparer.Ordinal),
                Identities(json.RootElement.GetProperty("Items"), "PackageReference").Where(IsOfFunctions).Order(StringComparer.Ordinal));
        }
        finally
        {
            File.Delete(host);
        }
    }

    [Fact]
    public async Task The_default_build_asks_a_feed_for_no_functions_package()
    {
        var build = await EvaluateAsync(null);

        Assert.DoesNotContain(build.Packages, IsOfFunctions);
        Assert.Contains(build.Projects, project => project.Contains("LocalRuntime", StringComparison.Ordinal));
        Assert.Contains(build.Sources, IsLocal);
        Assert.Equal("", build.FunctionsVersion);
    }

    [Fact]
    public async Task Both_builds_compile_the_same_functions()
    {
        var local = await EvaluateAsync("Local");
        var azure = await EvaluateAsync("Azure");

        Assert.Equal(local.Sources.Where(source => !IsLocal(source)).Order(), azure.Sources.Order());
    }

    [Fact]
    public async Task The_conformance_suites_app_is_built_against_the_same_as_the_app()
    {
        var local = await EvaluateAsync("Local", Msbuild.ConformanceProject);
        Assert.DoesNotContain(local.Packages, IsOfFunctions);
        var project = Assert.Single(local.Projects);
        Assert.True(File.Exists(Path.Combine(Path.GetDirectoryName(Msbuild.ConformanceProject)!, project)), project);
        Assert.EndsWith("src/CloudRewind.LocalRuntime/CloudRewind.LocalRuntime.csproj", Path.GetFullPath(project), StringComparison.Ordinal);

        var azure = await EvaluateAsync("Azure", Msbuild.ConformanceProject);
        Assert.Equal(AzurePackages, azure.Packages.Order(StringComparer.Ordinal));
        Assert.Empty(azure.Projects);
        Assert.Equal(local.Sources.Order(), azure.Sources.Order());
    }

    [Fact]
    public async Task A_local_build_of_the_conformance_suites_app_for_func_is_told_how_to_build_that_one()
    {
        var (exitCode, output) = await Msbuild.RunOnAsync(Msbuild.ConformanceProject, "-t:CheckFunctionsRuntime", "-p:PublishDir=bin/publish/");

        Assert.NotEqual(0, exitCode);
        Assert.Contains("dotnet publish tests/CloudRewind.Conformance.App -c Release -p:FunctionsRuntime=Azure", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_functions_package_has_a_central_version()
    {
        var versions = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "Directory.Packages.props"));

        Assert.All(AzurePackages.Append(SchedulerPackage), package => Assert.Contains($"Include=\"{package}\" Version=", versions, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_runtime_that_does_not_exist_is_refused_by_name()
    {
        var (exitCode, output) = await Msbuild.RunAsync("-t:CheckFunctionsRuntime", "-p:FunctionsRuntime=Docker");

        Assert.NotEqual(0, exitCode);
        Assert.Contains("FunctionsRuntime is 'Docker'; it must be 'Local' (the default) or 'Azure'.", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("OutDir", "bin/output/")]
    [InlineData("PublishDir", "bin/publish/")]
    [InlineData("OutDir", "../../output/")]
    public async Task A_local_build_into_a_folder_that_func_deploys_stops_and_says_what_to_do(string property, string folder)
    {
        var (exitCode, output) = await Msbuild.RunAsync("-t:CheckFunctionsRuntime", $"-p:{property}={folder}");

        Assert.NotEqual(0, exitCode);
        Assert.Contains("dotnet publish src/CloudRewind.Functions -c Release -p:FunctionsRuntime=Azure -o src/CloudRewind.Functions/bin/publish", output, StringComparison.Ordinal);
        Assert.Contains("--no-build", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_azure_build_may_go_there()
    {
        var (exitCode, output) = await Msbuild.RunAsync("-t:CheckFunctionsRuntime", "-p:FunctionsRuntime=Azure", "-p:PublishDir=bin/publish/");

        Assert.True(exitCode == 0, output);
    }

    [Fact]
    public void One_file_alone_reads_the_property()
    {
        var readers = new[] { ("src", "*.cs"), ("src", "*.props"), ("src", "*.targets"), ("src", "*.csproj"), ("tests", "*.props"), ("tests", "*.targets"), ("tests", "*.csproj") }
            .SelectMany(where => Directory.EnumerateFiles(Path.Combine(Repository.Root, where.Item1), where.Item2, SearchOption.AllDirectories))
            .Concat(Directory.EnumerateFiles(Repository.Root, "*.props"))
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .Where(file => File.ReadAllText(file).Contains("$(FunctionsRuntime)", StringComparison.Ordinal))
            .Select(Path.GetFileName);

        Assert.Equal(["FunctionsRuntime.props"], readers);
    }

    [Fact]
    public async Task Published_are_the_hosts_settings_and_never_the_local_ones()
    {
        using var json = await AskAsync("Azure", "-getItem:None");
        var files = json.RootElement.GetProperty("Items").GetProperty("None").EnumerateArray().ToList();

        var host = Assert.Single(files, file => NameOf(file) == "host.json");
        Assert.Equal("PreserveNewest", host.GetProperty("CopyToPublishDirectory").GetString());
        Assert.All(
            files.Where(file => NameOf(file) == "local.settings.json"),
            file => Assert.Equal("Never", file.GetProperty("CopyToPublishDirectory").GetString()));
    }

    private static async Task<Evaluation> EvaluateAsync(string? runtime, string? project = null)
    {
        using var json = await AskOfAsync(project ?? Msbuild.Project, runtime, "-getItem:PackageReference,ProjectReference,Compile", "-getProperty:AzureFunctionsVersion,FunctionsRuntime");
        var items = json.RootElement.GetProperty("Items");
        return new Evaluation(
            Identities(items, "PackageReference"),
            Identities(items, "ProjectReference"),
            Identities(items, "Compile"),
            json.RootElement.GetProperty("Properties").GetProperty("AzureFunctionsVersion").GetString()!);
    }

    private static Task<JsonDocument> AskAsync(string? runtime, params string[] questions) => AskOfAsync(Msbuild.Project, runtime, questions);

    private static async Task<JsonDocument> AskOfAsync(string project, string? runtime, params string[] questions)
    {
        var (exitCode, output) = await Msbuild.RunOnAsync(project, runtime is null ? questions : [$"-p:FunctionsRuntime={runtime}", .. questions]);
        Assert.True(exitCode == 0, output);
        return JsonDocument.Parse(output);
    }

    private static List<string> Identities(JsonElement items, string kind) =>
        [.. items.GetProperty(kind).EnumerateArray().Select(item => item.GetProperty("Identity").GetString()!.Replace('\\', '/'))];

    private static string NameOf(JsonElement file) => Path.GetFileName(file.GetProperty("Identity").GetString()!);

    private static bool IsLocal(string source) => source.StartsWith("Local/", StringComparison.Ordinal);

    private static bool IsOfFunctions(string package) =>
        package.StartsWith("Microsoft.Azure.Functions.", StringComparison.Ordinal) || package.StartsWith("Microsoft.DurableTask.", StringComparison.Ordinal);

    private sealed record Evaluation(List<string> Packages, List<string> Projects, List<string> Sources, string FunctionsVersion);
}
