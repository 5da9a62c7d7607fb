using CloudRewind.Functions.Auth;
using CloudRewind.Functions.Tests.Docs;
using CloudRewind.Functions.Tests.Support;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using YamlDotNet.RepresentationModel;

namespace CloudRewind.Functions.Tests.Auth;

/// <summary>Every operation declares what it needs, and the contract says the same.</summary>
public sealed class OperationsTests
{
    [Fact]
    public void An_operation_that_declares_nothing_keeps_the_app_from_starting() =>
        Assert.Contains("Undeclared", Refusal(typeof(Undeclared)), StringComparison.Ordinal);

    [Fact]
    public void An_operation_that_declares_both_keeps_the_app_from_starting() =>
        Assert.Contains("Contradicting", Refusal(typeof(Contradicting)), StringComparison.Ordinal);

    [Fact]
    public void An_unknown_permission_keeps_the_app_from_starting() =>
        Assert.Contains("'aws-protections.raed'", Refusal(typeof(Misspelt)), StringComparison.Ordinal);

    [Fact]
    public void A_function_without_an_HTTP_trigger_declares_nothing() => Assert.Empty(Operations.Read([typeof(Activity)]).All);

    [Fact]
    public void The_contract_names_the_permission_of_each_operation()
    {
        var documented = Contract.Map(Contract.Document, "paths").Children
            .SelectMany(path => ((YamlMappingNode)path.Value).Children)
            .Select(member => member.Value)
            .OfType<YamlMappingNode>()
            .Where(operation => operation.Children.ContainsKey("operationId"));

        Assert.All(documented, operation =>
        {
            var permission = AuthorizedCalls.Operations.PermissionOf(Contract.Text(operation["operationId"]));
            if (permission is null)
                Assert.Empty((YamlSequenceNode)operation["security"]);
            else
                Assert.Contains($"Needs `{permission}`", Contract.Text(operation["description"]), StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Health_the_contract_its_page_and_unknown_paths_need_no_token() => Assert.Equal(
        ["GetDocs", "GetDocsFile", "GetOpenApi", "HealthLive", "HealthReady", FallbackRoute.FunctionName],
        AuthorizedCalls.Operations.All.Where(operation => operation.Permission is null).Select(operation => operation.Name).Order(StringComparer.Ordinal));

    private static string Refusal(Type type) => Assert.Throws<InvalidOperationException>(() => Operations.Read([type])).Message;

    private sealed class Undeclared
    {
        [Function(nameof(Undeclared))]
        public void Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "a")] HttpRequest request) => Assert.NotNull(request);
    }

    private sealed class Contradicting
    {
        [Function(nameof(Contradicting))]
        [Requires(Permissions.ReadAssemblies)]
        [AllowAnonymous]
        public void Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "b")] HttpRequest request) => Assert.NotNull(request);
    }

    private sealed class Misspelt
    {
        [Function(nameof(Misspelt))]
        [Requires("aws-protections.raed")]
        public void Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "c")] HttpRequest request) => Assert.NotNull(request);
    }

    private sealed class Activity
    {
        [Function(nameof(Activity))]
        public void Run([ActivityTrigger] string input) => Assert.NotNull(input);
    }
}
