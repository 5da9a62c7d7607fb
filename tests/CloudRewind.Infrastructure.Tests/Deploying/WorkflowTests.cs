using CloudRewind.Infrastructure.Tests.Support;
using CloudRewind.TestSupport;
using YamlDotNet.RepresentationModel;

namespace CloudRewind.Infrastructure.Tests.Deploying;

/// <summary>The workflow that tests and deploys, read with GitHub's own parser and schema.</summary>
public sealed class WorkflowTests
{
    private static readonly string File = Path.Combine(Repository.Root, ".github", "workflows", "deploy.yml");
    private static readonly YamlMappingNode Workflow = Yaml.Read(File);

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
        Assert.Equal(["contents: read"], Permissions(Workflow));
        Assert.Equal(["contents: read", "id-token: write"], Permissions(Job("what-if")));
        Assert.Equal(["contents: read", "id-token: write"], Permissions(Job("deploy")));
    }

    [Fact]
    public void A_pull_request_is_tested_and_only_then_told_what_it_would_change()
    {
        Assert.Contains("bash .ci/run", Runs("test"));
        Assert.StartsWith("github.event_name == 'pull_request'", Text(Job("what-if")["if"]), StringComparison.Ordinal);
        Assert.Equal("test", Text(Job("what-if")["needs"]));
        Assert.Equal(["infra/deploy.sh --what-if ${{ matrix.environment }}"], Runs("what-if"));
    }

    [UnixFact]
    public async Task What_is_tested_is_also_what_is_deployed()
    {
        var run = await Shell.RunAsync("bash", [Path.Combine(Repository.Root, "infra", "deploy.sh"), "--dry-run", "dev"]);
        var publish = run.Output.Split('\n').Single(line => line.StartsWith("+ dotnet publish ", StringComparison.Ordinal))[2..];
        var script = await System.IO.File.ReadAllTextAsync(Path.Combine(Repository.Root, ".ci", "run"));

        Assert.Contains(publish, script.Replace("\"$package\"", "src/CloudRewind.Functions/bin/publish", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("infra/check-package.sh --run \"$package\"", script, StringComparison.Ordinal);
    }

    [Fact]
    public void Main_is_deployed_to_dev_and_then_to_prod_each_as_its_environment_allows()
    {
        var job = Job("deploy");

        Assert.Equal("main", Text(Assert.Single(((YamlSequenceNode)Workflow["on"]["push"]["branches"]).Children)));
        Assert.Equal("github.event_name == 'push'", Text(job["if"]));
        Assert.Equal("test", Text(job["needs"]));
        Assert.Equal("${{ matrix.environment }}", Text(job["environment"]));
        Assert.Equal("1", Text(job["strategy"]["max-parallel"]));
        Assert.Equal("true", Text(job["strategy"]["fail-fast"]));
        Assert.Equal(["dev", "prod"], ((YamlSequenceNode)job["strategy"]["matrix"]["environment"]).Children.Select(Text));
        Assert.EndsWith("infra/deploy.sh ${{ matrix.environment }}", Runs("deploy").Last().TrimEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public void It_is_the_only_one() => Assert.Equal([File], Directory.EnumerateFiles(Path.GetDirectoryName(File)!));

    private static YamlNode Job(string name) => Workflow["jobs"][name];

    private static IEnumerable<string> Permissions(YamlNode node) => ((YamlMappingNode)node["permissions"]).Select(permission => $"{permission.Key}: {permission.Value}");

    private static IEnumerable<string> Runs(string job) =>
        ((YamlSequenceNode)Job(job)["steps"]).Children.Cast<YamlMappingNode>().Where(step => step.Children.ContainsKey("run")).Select(step => Text(step["run"]));

    private static string Text(YamlNode node) => ((YamlScalarNode)node).Value!;
}
