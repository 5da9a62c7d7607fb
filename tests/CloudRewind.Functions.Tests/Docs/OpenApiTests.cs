using System.Reflection;
using CloudRewind.Domain;
using CloudRewind.Functions.Auth;
using CloudRewind.Functions.Http;
using Microsoft.Azure.Functions.Worker;
using YamlDotNet.RepresentationModel;
using static CloudRewind.Functions.Tests.Docs.Contract;

namespace CloudRewind.Functions.Tests.Docs;

/// <summary>The contract and the code say the same, both ways.</summary>
public sealed class OpenApiTests
{
    private static readonly string[] Methods = ["get", "put", "post", "delete", "patch", "head", "options"];

    [Fact]
    public void Every_operation_is_a_function_at_the_same_address_and_every_function_is_documented()
    {
        var documented = Map(Document, "paths").Children
            .SelectMany(path => ((YamlMappingNode)path.Value).Children
                .Where(operation => Methods.Contains(Text(operation.Key)))
                .Select(operation => $"{Text(operation.Key)} {Text(path.Key)} {Text(((YamlMappingNode)operation.Value)["operationId"])}"));

        var served = typeof(FallbackRoute).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods())
            .Select(method => (
                method.GetCustomAttribute<FunctionAttribute>()?.Name,
                Trigger: method.GetParameters().Select(parameter => parameter.GetCustomAttribute<HttpTriggerAttribute>()).SingleOrDefault(trigger => trigger is not null)))
            .Where(function => function.Trigger is not null && function.Name != FallbackRoute.FunctionName)
            .SelectMany(function => function.Trigger!.Methods!.Where(method => method != "head").Select(method => $"{method} /{function.Trigger.Route} {function.Name}"));

        Assert.Equal(served.Order(StringComparer.Ordinal), documented.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_error_codes_are_those_of_the_catalogue() =>
        Assert.Equal(
            ApiErrors.All.Select(error => error.Code).Order(StringComparer.Ordinal),
            Texts(ErrorItem("code")["enum"]).Order(StringComparer.Ordinal));

    [Fact]
    public void The_error_types_are_those_of_the_catalogue() =>
        Assert.Equal(WireName.All<ErrorClass>(), Texts(ErrorItem("type")["enum"]));

    [Fact]
    public void Each_code_is_in_the_catalogue_once() =>
        Assert.Equal(ApiErrors.All.Count, ApiErrors.All.Select(error => error.Code).Distinct(StringComparer.Ordinal).Count());

    [Fact]
    public void Each_type_of_error_has_its_statuses() => Assert.All(ApiErrors.All, error => Assert.Contains(error.StatusCode, error.Class switch
    {
        ErrorClass.Authentication => [401],
        ErrorClass.Authorization => [403],
        ErrorClass.NotFound => [404, 405],
        ErrorClass.RateLimit => [429],
        ErrorClass.Conflict => [409],
        ErrorClass.Precondition => [412],
        _ => new[] { 500, 503 },
    }));

    [Fact]
    public void No_error_is_made_without_the_catalogue() =>
        Assert.DoesNotContain(typeof(ApiException).GetConstructors(), constructor => constructor.IsPublic);

    [Fact]
    public async Task Every_permission_is_named_by_an_operation()
    {
        var text = await System.IO.File.ReadAllTextAsync(Contract.File);

        Assert.All(Permissions.All, permission => Assert.Contains($"Needs `{permission}`", text, StringComparison.Ordinal));
    }

    private static YamlMappingNode ErrorItem(string member) =>
        Schema("Error", "properties", "errors", "items", "properties", member);
}
