using System.Reflection;
using Microsoft.Azure.Functions.Worker;

namespace CloudRewind.Functions.Tests.Http;

/// <summary>What the app relies on when the Functions host chooses a function, and what no build or start would complain about.</summary>
public sealed class FunctionTests
{
    private static readonly (MethodInfo Method, string Name)[] Functions =
    [
        .. typeof(FallbackRoute).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly))
            .Select(method => (method, method.GetCustomAttribute<FunctionAttribute>()?.Name))
            .Where(function => function.Name is not null)
            .Select(function => (function.method, function.Name!)),
    ];

    [Fact]
    public void The_operations_of_the_api_are_there_by_name() => Assert.Equal(
        [
            "CancelAwsProtection",
            "CreateAwsProtection",
            "CreateAwsProtectionPolicy",
            "DeleteAwsCloudAssembly",
            "DeleteAwsProtectionPolicy",
            "GetAwsCloudAssembly",
            "GetAwsProtectionPolicy",
            "GetAwsProtectionStatus",
            "GetAwsProtectionTimeline",
            "GetDocs",
            "GetDocsFile",
            "GetOpenApi",
            "HealthLive",
            "HealthReady",
            "ListAwsCloudAssemblies",
            "ListAwsProtectionPolicies",
            "ListAwsProtectionPolicyMissedRuns",
            "ListAwsProtectionPolicyNextRuns",
            "ListAwsProtections",
            "ListRevokedTokens",
            "LockAwsProtection",
            "PreviewAwsCloudAssembly",
            "PruneAwsProtection",
            "PutAwsCloudAssembly",
            "PutAwsProtectionPolicy",
            "RevokeToken",
            "UnlockAwsProtection",
            FallbackRoute.FunctionName,
        ],
        HttpTriggers().Select(trigger => trigger.Name).Order(StringComparer.Ordinal));

    [Fact]
    public void Each_function_is_a_public_method_of_a_public_class_that_is_not_nested() => Assert.All(Functions, function =>
    {
        Assert.True(function.Method.IsPublic, function.Name);
        Assert.True(function.Method.DeclaringType!.IsPublic, function.Name);
    });

    [Fact]
    public void Names_are_unique_whatever_their_case() =>
        Assert.Equal(Functions.Length, Functions.Select(function => function.Name).Distinct(StringComparer.OrdinalIgnoreCase).Count());

    [Fact]
    public void The_catch_all_has_the_last_name_because_the_host_takes_the_first_that_matches() =>
        Assert.Equal(FallbackRoute.FunctionName, HttpTriggers().Select(trigger => trigger.Name).Max(StringComparer.OrdinalIgnoreCase));

    [Fact]
    public void Where_GET_is_taken_so_is_HEAD() =>
        Assert.All(HttpTriggers(), trigger => Assert.Equal(trigger.Trigger.Methods?.Contains("get"), trigger.Trigger.Methods?.Contains("head")));

    [Fact]
    public void No_route_has_a_constraint_whose_failure_the_host_would_answer() =>
        Assert.All(HttpTriggers(), trigger => Assert.DoesNotContain(':', trigger.Trigger.Route!));

    [Fact]
    public void No_function_asks_the_host_for_a_key_because_the_app_checks_tokens_itself() =>
        Assert.All(HttpTriggers(), trigger => Assert.Equal(AuthorizationLevel.Anonymous, trigger.Trigger.AuthLevel));

    private static (string Name, HttpTriggerAttribute Trigger)[] HttpTriggers() =>
    [
        .. Functions.SelectMany(function => function.Method.GetParameters()
            .Select(parameter => parameter.GetCustomAttribute<HttpTriggerAttribute>())
            .OfType<HttpTriggerAttribute>()
            .Select(trigger => (function.Name, trigger))),
    ];
}
