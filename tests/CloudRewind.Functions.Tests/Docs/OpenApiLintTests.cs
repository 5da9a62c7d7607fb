
namespace CloudRewind.Functions.Tests.Docs;

/// <summary>The contract, read by Spectral with all its rules for OpenAPI.</summary>
public sealed class OpenApiLintTests
{
    private const string Spectral = "node_modules/@stoplight/spectral-cli/dist/index.js";
    private static readonly string Folder = Path.Combine(Repository.Root, "openapi");
    private static readonly string Contract = Path.Combine(Folder, "cloud-rewind.v1.yaml");

    [Fact]
    public async Task Spectral_has_nothing_to_remark_on()
    {
        var run = await LintAsync(Contract);

        Assert.True(run.ExitCode == 0, run.Output + run.Errors);
    }

    [Theory]
    [InlineData("operationId: ListAwsProtections", "operationId: GetAwsProtectionStatus", "operation-operationId-unique")]
    [InlineData("$ref: '#/components/schemas/", "$ref: '#/components/schemas/No", "invalid-ref")]
    public async Task What_it_would_remark_on_is_found(string right, string wrong, string rule)
    {
        var text = await File.ReadAllTextAsync(Contract);
        Assert.Contains(right, text, StringComparison.Ordinal);
        var folder = Directory.CreateTempSubdirectory("openapi-");
        try
        {
            var broken = Path.Combine(folder.FullName, "broken.yaml");
            await File.WriteAllTextAsync(broken, text.Replace(right, wrong, StringComparison.Ordinal));

            var run = await LintAsync(broken);

            Assert.NotEqual(0, run.ExitCode);
            Assert.Contains(rule, run.Output, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(true);
        }
    }

    private static Task<ToolRun> LintAsync(string file) =>
        NodeTools.RunAsync(Spectral, "lint", file, "--ruleset", Path.Combine(Folder, ".spectral.yaml"), "--fail-severity", "hint");
}
