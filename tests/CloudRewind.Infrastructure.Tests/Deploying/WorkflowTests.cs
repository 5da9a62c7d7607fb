using System.Text.RegularExpressions;
using CloudRewind.Infrastructure.Tests.Support;
using CloudRewind.TestSupport;
using YamlDotNet.RepresentationModel;

namespace CloudRewind.Infrastructure.Tests.Deploying;

/// <summary>The workflow that tests and deploys, read with GitHub's own parser and schema.</summary>
public sealed partial class WorkflowTests
{
    private static readonly string File = Path.Combine(Repository.Root, ".github", "workflows", "deploy.yml");
    private static readonly YamlMappingNode Workflow = Yaml.Read(File);

    [Fact]
    public async Task It_is_what_github_understands()
    {
        var run = await NodeTools.RunAsync("check-workflow.mjs", File);

        Assert.True(run.ExitCode == 0, run.Errors);
    }

    [Fact]
    public async Task It_logs_in_without_a_secret_and_asks_for_no_more_than_it_needs()
    {
        var text = await System.IO.File.ReadAllTextAsync(File);

        Assert.DoesNotContain("secrets.", text, StringComparison.Ordinal);
        Assert.Equal(["contents: read"], Permissions(Workflow));
        Assert.Equal(["contents: read", "id-token: write"], Permissions(Job("deploy")));
    }

    [Fact]
    public void A_pull_request_is_built_and_main_is_deployed_too()
    {
        Assert.Equal(["build", "deploy"], ((YamlMappingNode)Workflow["jobs"]).Select(job => Text(job.Key)));
        Assert.Equal(["bash .ci/run"], Runs("build"));
        Assert.Equal("build", Text(Job("deploy")["needs"]));
        Assert.Equal("github.event_name == 'push'", Text(Job("deploy")["if"]));
        Assert.Equal("main", Text(Assert.Single(((YamlSequenceNode)Workflow["on"]["push"]["branches"]).Children)));
    }

    [Fact]
    public void Prod_comes_after_dev_each_as_its_environment_allows()
    {
        var job = Job("deploy");

        Assert.Equal("${{ matrix.environment }}", Text(job["environment"]));
        Assert.Equal("1", Text(job["strategy"]["max-parallel"]));
        Assert.Equal(["dev", "prod"], ((YamlSequenceNode)job["strategy"]["matrix"]["environment"]).Children.Select(Text));
        Assert.EndsWith("infra/deploy.sh ${{ matrix.environment }}", Runs("deploy").Last().TrimEnd(), StringComparison.Ordinal);
    }

    /// <summary>What it did not pass on would be deployed as absent: an environment that captures on AWS would simulate from then on.</summary>
    [Fact]
    public void It_passes_on_every_variable_that_an_environment_reads()
    {
        var passed = ((YamlMappingNode)Job("deploy")["env"]).Select(variable => Text(variable.Key));
        var read = Directory.EnumerateFiles(Path.Combine(Repository.Root, "infra", "environments"))
            .SelectMany(file => Variable().Matches(System.IO.File.ReadAllText(file))).Select(match => match.Groups[1].Value).Distinct().ToList();

        Assert.Contains("AWS_HUB_ROLE_ARN", read);
        Assert.Empty(read.Except(passed));
    }

    /// <summary>What runs with the right to log in is a version that was chosen, not whatever was published last.</summary>
    [Fact]
    public void Tools_are_installed_in_one_version() =>
        Assert.Equal(["npm install --global azure-functions-core-tools@4.15.1"], Runs("deploy").Where(run => run.Contains("install", StringComparison.Ordinal)));

    [GeneratedRegex(@"readEnvironmentVariable\('(\w+)'")]
    private static partial Regex Variable();

    private static YamlNode Job(string name) => Workflow["jobs"][name];

    private static IEnumerable<string> Permissions(YamlNode node) => ((YamlMappingNode)node["permissions"]).Select(permission => $"{permission.Key}: {permission.Value}");

    private static IEnumerable<string> Runs(string job) =>
        ((YamlSequenceNode)Job(job)["steps"]).Children.Cast<YamlMappingNode>().Where(step => step.Children.ContainsKey("run")).Select(step => Text(step["run"]));

    private static string Text(YamlNode node) => ((YamlScalarNode)node).Value!;
}
