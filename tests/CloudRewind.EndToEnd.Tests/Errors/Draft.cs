using System.Text;

namespace CloudRewind.EndToEnd.Tests.Errors;

/// <summary>A request of an operation that would be served, until faults are put into it.</summary>
internal sealed class Draft
{
    public required Scene Scene { get; set; }

    public required TokenClaims Claims { get; set; }

    /// <summary>What is sent instead of a token with the claims; empty: no header at all.</summary>
    public string? Authorization { get; set; }

    public required string AccountId { get; set; }

    public required string ProjectId { get; set; }

    public required string CloudAssemblyId { get; set; }

    public string PolicyId { get; set; } = "1";

    public List<(string Name, string Value)> Query { get; } = [];

    public List<(string Name, string Value)> Headers { get; } = [];

    public string? Body { get; set; }

    /// <summary>Sets a query parameter; null takes it away.</summary>
    public void SetQuery(string name, string? value) => Set(Query, name, value);

    /// <summary>Sets a header; null takes it away.</summary>
    public void SetHeader(string name, string? value) => Set(Headers, name, value);

    public async Task<Answer> SendAsync(App app, Operation operation)
    {
        var path = operation.Route
            .Replace("{accountId}", AccountId, StringComparison.Ordinal)
            .Replace("{projectId}", ProjectId, StringComparison.Ordinal)
            .Replace("{cloudAssemblyId}", CloudAssemblyId, StringComparison.Ordinal)
            .Replace("{protectionPolicyId}", PolicyId, StringComparison.Ordinal);
        var query = string.Join('&', Query.Select(parameter => $"{parameter.Name}={parameter.Value}"));
        var authorization = Authorization ?? $"Bearer {app.Tokens.Issue(Claims)}";
        var answer = await new RawHttp(app.Http.BaseAddress!).SendAsync(
            operation.Method.Method,
            query.Length == 0 ? path : $"{path}?{query}",
            authorization.Length == 0 ? Headers : [("Authorization", authorization), .. Headers],
            Body is null ? operation.Method == HttpMethod.Get ? null : [] : Encoding.UTF8.GetBytes(Body));
        await Contract.CheckAsync(operation.Method, path, answer);
        return answer;
    }

    private static void Set(List<(string Name, string Value)> list, string name, string? value)
    {
        list.RemoveAll(entry => entry.Name == name);
        if (value is not null)
            list.Add((name, value));
    }
}
