using System.Reflection;
using System.Text.RegularExpressions;
using CloudRewind.Functions.Auth;
using CloudRewind.Functions.Http;
using Microsoft.Azure.Functions.Worker;
using YamlDotNet.RepresentationModel;
using static CloudRewind.Functions.Tests.Docs.Contract;

namespace CloudRewind.Functions.Tests.Docs;

/// <summary>The contract and the code say the same, both ways.</summary>
public sealed partial class OpenApiTests
{
    private static readonly string[] Methods = ["get", "put", "post", "delete", "patch", "head", "options"];

    [Fact]
    public void Every_operation_is_a_function_at_the_same_address_and_every_function_is_documented()
    {
        var documented = Map(Document, "paths").Children
            .SelectMany(path => ((YamlMappingNode)path.Value).Children
                .Where(operation => Methods.Contains(Text(operation.Key)))
                .Select(operation => $"{Text(operation.Key)} {Text(path.Key)} {Text(((YamlMappingNode)operation.Value)["operationId"])}"));

        var served = typeof(UnknownOperation).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods())
            .Select(method => (
                method.GetCustomAttribute<FunctionAttribute>()?.Name,
                Trigger: method.GetParameters().Select(parameter => parameter.GetCustomAttribute<HttpTriggerAttribute>()).SingleOrDefault(trigger => trigger is not null)))
            .Where(function => function.Trigger is not null && function.Name != UnknownOperation.FunctionName)
            .SelectMany(function => function.Trigger!.Methods!.Where(method => method != "head").Select(method => $"{method} /{function.Trigger.Route} {function.Name}"));

        Assert.Equal(served.Order(StringComparer.Ordinal), documented.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_error_codes_are_those_in_the_code()
    {
        var inCode = Directory.EnumerateFiles(Path.Combine(Repository.Root, "src", "CloudRewind.Functions"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .SelectMany(file => ErrorCode().Matches(System.IO.File.ReadAllText(file)))
            .Select(match => match.Groups["code"].Value)
            .Distinct();
        var code = (YamlMappingNode)Map(Document, "components", "schemas", "Error", "properties", "errors", "items", "properties")["code"];

        Assert.Equal(inCode.Order(StringComparer.Ordinal), Texts(code["enum"]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Every_permission_is_named_by_an_operation()
    {
        var text = await System.IO.File.ReadAllTextAsync(Contract.File);

        Assert.All(Permissions.All, permission => Assert.Contains($"Needs `{permission}`", text, StringComparison.Ordinal));
    }

    // ApiException.X("code", ... from outside, and "type", "code" within ApiException itself.
    [GeneratedRegex("""(?:(?:TokenRefused|Forbidden|NotFound|Conflict|Precondition|Unavailable)\(\s*|"(?:authentication|authorization|not-found|conflict|precondition|internal)",\s*)"(?<code>[a-z]+(?:-[a-z]+)+)",""")]
    private static partial Regex ErrorCode();
}
