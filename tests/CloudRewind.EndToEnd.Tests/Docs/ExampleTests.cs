using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace CloudRewind.EndToEnd.Tests.Docs;

/// <summary>The contract's examples are what the app answers, but for the ids and times, which are each time others.</summary>
public sealed partial class ExampleTests(AppFixture fixture) : IClassFixture<AppFixture>
{
    private readonly App app = fixture.App;

    [Fact]
    public async Task A_protections_story_is_answered_as_in_the_examples()
    {
        var client = Example();

        IsTheExample(await PutAsync(client), "PutAwsCloudAssembly", client);
        IsTheExample(await client.GetAsync(client.Address.Path), "GetAwsCloudAssembly", client);
        var created = await client.CreateAsync(Requested("CreateAwsProtection"));
        IsTheExample(created, "CreateAwsProtection", client);
        var id = ApiClient.IdOf(created);
        await client.WatchAsync(id, "partially-protected");
        IsTheExample(await client.ActAsync("lock", id), "LockAwsProtection", client);
        IsTheExample(await client.GetAsync(client.StatusPath(id).Replace("/status?", "/timeline?", StringComparison.Ordinal)), "GetAwsProtectionTimeline", client);
        IsTheExample(await client.GetAsync($"{client.Address.Path}/protections"), "ListAwsProtections", client);
        IsTheExample(await client.GetAsync(client.Address.Path[..client.Address.Path.LastIndexOf('/')]), "ListAwsCloudAssemblies", client);
        IsTheExample(await client.ActAsync("unlock", id), "UnlockAwsProtection", client);
        await PruneAsync(client, id);
        await client.WatchAsync(id, "elapsed");
        IsTheExample(await PruneAsync(client, id), "PruneAwsProtection", client);
    }

    [Fact]
    public async Task A_policys_story_is_answered_as_in_the_examples()
    {
        var client = Example();
        await PutAsync(client);
        var policies = $"{client.Address.Path}/protection-policies";

        IsTheExample(await client.SendAsync(HttpMethod.Post, policies, Requested("CreateAwsProtectionPolicy")), "CreateAwsProtectionPolicy", client);
        IsTheExample(await client.GetAsync($"{policies}/1"), "GetAwsProtectionPolicy", client);
        IsTheExample(await client.GetAsync(policies), "ListAwsProtectionPolicies", client);
        Assert.Equal(200, (await client.SendAsync(HttpMethod.Put, $"{policies}/1", Requested("PutAwsProtectionPolicy"))).Status);
    }

    [Fact]
    public async Task What_is_not_about_protections_is_answered_as_in_the_examples()
    {
        var client = Example();

        IsTheExample(await client.SendAsync(HttpMethod.Post, $"/api/v1/accounts/{client.Address.AccountId}/revoked-tokens", Requested("RevokeToken")), "RevokeToken", client);
        IsTheExample(await client.GetAsync($"/api/v1/accounts/{client.Address.AccountId}/revoked-tokens"), "ListRevokedTokens", client);
        IsTheExample(await client.GetAsync("/api/health/ready"), "HealthReady", client);
        IsTheExample(await client.GetAsync("/api/docs/nothing.css"), "GetDocsFile", client);
    }

    [Fact]
    public async Task Errors_are_answered_as_in_the_examples()
    {
        var client = Example();
        var past = DateTime.UtcNow.AddHours(-2);
        var expired = client.With(new TokenClaims { AccountId = client.Address.AccountId, NotBefore = past, Expires = past.AddHours(1) });
        var without = client.With(new TokenClaims { AccountId = client.Address.AccountId, Permissions = [] });
        await PutAsync(client);
        var id = ApiClient.IdOf(await client.CreateAsync(Requested("CreateAwsProtection")));
        await client.SendAsync(HttpMethod.Delete, client.Address.Path);

        IsTheExample(await expired.StatusAsync(id), "GetAwsProtectionStatus", client);
        IsTheExample(await without.StatusAsync(id), "GetAwsProtectionStatus", client);
        IsTheExample(await Eventually.GetAsync(() => client.StatusAsync(id), answer => answer.Status != 200, "the deletion to reach the protection"), "GetAwsProtectionStatus", client);
        IsTheExample(await client.GetAsync($"{client.Address.Path}/protections/status"), "GetAwsProtectionStatus", client);
        IsTheExample(await client.CreateAsync(new string(' ', 16_385)), "CreateAwsProtection", client);
        var nobodys = client.At(client.Address with { CloudAssemblyId = 999 });
        IsTheExample(await nobodys.GetAsync(nobodys.Address.Path), "GetAwsCloudAssembly", client);
    }

    /// <summary>The order in which the description says to try them; each takes what an earlier one made.</summary>
    [Fact]
    public async Task Every_operation_succeeds_as_Swagger_UI_fills_it_in()
    {
        string[] order =
        [
            "PutAwsCloudAssembly", "GetAwsCloudAssembly", "ListAwsCloudAssemblies", "PreviewAwsCloudAssembly", "CreateAwsProtection", "GetAwsProtectionStatus", "GetAwsProtectionTimeline", "ListAwsProtections",
            "CreateAwsProtectionPolicy", "GetAwsProtectionPolicy", "ListAwsProtectionPolicies", "PutAwsProtectionPolicy", "ListAwsProtectionPolicyNextRuns", "ListAwsProtectionPolicyMissedRuns",
            "DeleteAwsProtectionPolicy", "LockAwsProtection", "UnlockAwsProtection", "PruneAwsProtection", "CancelAwsProtection", "DeleteAwsCloudAssembly", "RevokeToken", "ListRevokedTokens", "HealthLive", "HealthReady", "GetOpenApi", "GetDocs", "GetDocsFile",
        ];
        Assert.Equal(order.Order(), Operations().Select(operation => operation["operationId"]!.GetValue<string>()).Order());
        var client = Example();
        // What a person fills in: ids that nobody else uses, and the protection that was created.
        var filledIn = new Dictionary<string, string> { ["accountId"] = $"{client.Address.AccountId}", ["cloudAssemblyId"] = $"{client.Address.CloudAssemblyId}" };

        foreach (var operation in order)
        {
            if (operation == "PruneAwsProtection")
                await client.WatchAsync(filledIn["protection_id"], "success");
            if (operation == "CancelAwsProtection")
                filledIn["protection_id"] = await client.ProtectAgainAsync(); // of another one, which runs
            var answer = await TryAsync(client, operation, filledIn);
            Assert.True(answer.Status is >= 200 and < 400 and not 304, $"{operation}: {answer}");
            if (operation == "CreateAwsProtection")
                filledIn["protection_id"] = ApiClient.IdOf(answer);
        }
    }

    [Fact]
    public void Every_answer_in_JSON_has_an_example()
    {
        var without =
            from operation in Operations()
            from response in operation["responses"]!.AsObject()
            let content = Contract.Resolve(response.Value)!["content"]?["application/json"]?.AsObject()
            where content is not null && !content.ContainsKey("example") && !content.ContainsKey("examples")
            select $"{operation["operationId"]} {response.Key}";

        Assert.Empty(without);
    }

    private static Task<Answer> TryAsync(ApiClient client, string operationId, Dictionary<string, string> filledIn)
    {
        var (path, item, method) = (
            from known in Contract.Document["paths"]!.AsObject()
            from member in known.Value!.AsObject()
            where member.Value is JsonObject operation && operation["operationId"]?.GetValue<string>() == operationId
            select (known.Key, known.Value.AsObject(), member.Key)).Single();
        var headers = new List<(string, string)>();
        var query = new List<string>();
        foreach (var parameter in new[] { item["parameters"], item[method]!["parameters"] }.SelectMany(list => list?.AsArray() ?? []).Select(Contract.Resolve))
        {
            var name = parameter!["name"]!.GetValue<string>();
            var value = filledIn.GetValueOrDefault(name) ?? (parameter["example"] ?? parameter["schema"]!["example"] ?? parameter["schema"]!["default"])?.ToString();
            if (value is null)
                Assert.True(parameter["required"]?.GetValue<bool>() is not true, $"{operationId} has no example of {name}.");
            else if (parameter["in"]!.GetValue<string>() == "path")
                path = path.Replace($"{{{name}}}", Uri.EscapeDataString(value), StringComparison.Ordinal);
            else if (parameter["in"]!.GetValue<string>() == "query")
                query.Add($"{name}={Uri.EscapeDataString(value)}");
            else
                headers.Add((name, value));
        }

        var body = item[method]!["requestBody"] is null ? null : Requested(operationId);
        return client.SendAsync(new HttpMethod(method.ToUpperInvariant()), query.Count == 0 ? $"/api{path}" : $"/api{path}?{string.Join('&', query)}", body, [.. headers]);
    }

    private static IEnumerable<JsonNode> Operations() =>
        Contract.Document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject().Select(member => member.Value!)).Where(member => member is JsonObject operation && operation.ContainsKey("operationId"));

    private static JsonNode Operation(string id) => Operations().Single(operation => operation["operationId"]!.GetValue<string>() == id);

    // Of several, Swagger UI fills in the first.
    private static string Requested(string operation, string? named = null)
    {
        var content = Operation(operation)["requestBody"]!["content"]!["application/json"]!;
        return (content["examples"] is JsonObject several ? (named is null ? several.First().Value : several[named])!["value"] : content["example"])!.ToJsonString();
    }

    private ApiClient Example() => app.NewAssembly("demo");

    private static Task<Answer> PutAsync(ApiClient client) => client.SendAsync(HttpMethod.Put, client.Address.Path, Requested("PutAwsCloudAssembly", "partial"));

    private static Task<Answer> PruneAsync(ApiClient client, string id) =>
        client.SendAsync(HttpMethod.Post, client.StatusPath(id).Replace("/status?", "/prune?", StringComparison.Ordinal));

    private static void IsTheExample(Answer answer, string operation, ApiClient client)
    {
        var response = Contract.Resolve(Operation(operation)["responses"]![answer.Status.ToString(CultureInfo.InvariantCulture)]);
        Assert.True(response is not null, $"{operation}: {answer}");
        var content = response["content"]!["application/json"]!;
        var examples = content["examples"]?.AsObject().Select(example => example.Value!["value"]!) ?? [content["example"]!];

        var own = answer.Body
            .Replace($"t{client.Address.AccountId}:demo:{client.Address.CloudAssemblyId}:", "t1:demo:7:", StringComparison.Ordinal)
            .Replace($"\"id\":{client.Address.CloudAssemblyId},", "\"id\":7,", StringComparison.Ordinal);
        Assert.Contains(Changing().Replace(JsonNode.Parse(own)!.ToJsonString(), "*"), examples.Select(example => Changing().Replace(example.ToJsonString(), "*")));
    }

    // Times, the milliseconds at the end of a protection's id, a snapshot's id, how long a run took, and who asked.
    [GeneratedRegex(@"\d{4}-\d\d-\d\dT[\d:.]+Z|(?<=:0:)\d{13}|(?<=snap-)[0-9a-f]{32}|(?<=""duration"":"")[^""]+|(?<=""(actor|tokenId|correlationId)"":"")[^""]+")]
    private static partial Regex Changing();
}
