using Microsoft.AspNetCore.Http;

namespace CloudRewind.AwsEmulator.Protocol;

/// <summary>A request of the query protocol: an action and flat parameters, lists numbered from 1.</summary>
public sealed class QueryRequest(IReadOnlyDictionary<string, string> parameters, string authorization, string? sessionToken)
{
    public string Action => this["Action"] ?? "";

    public IReadOnlyDictionary<string, string> Parameters => parameters;

    public string? SessionToken => sessionToken;

    /// <summary>The access key id of the signature; empty where there is none.</summary>
    public string AccessKeyId => Scope(0);

    /// <summary>The region of the signature.</summary>
    public string Region => Scope(2);

    public string? this[string name] => parameters.GetValueOrDefault(name);

    public static async Task<QueryRequest> ReadAsync(HttpRequest request)
    {
        var form = await request.ReadFormAsync();
        return new QueryRequest(
            form.ToDictionary(field => field.Key, field => field.Value.ToString(), StringComparer.Ordinal),
            request.Headers.Authorization.ToString(),
            request.Headers["X-Amz-Security-Token"].FirstOrDefault());
    }

    /// <summary><c>Name.1</c>, <c>Name.2</c>, and so on.</summary>
    public IReadOnlyList<string> List(string name) => [.. Numbers(name).Select(number => parameters[$"{name}.{number}"])];

    /// <summary>The numbers that a list of structures has.</summary>
    public IEnumerable<int> Numbers(string name)
    {
        for (var number = 1; IsThere($"{name}.{number}"); number++)
            yield return number;

        bool IsThere(string item) => parameters.ContainsKey(item) || parameters.Keys.Any(key => key.StartsWith(item, StringComparison.Ordinal) && key.AsSpan(item.Length) is ['.', ..]);
    }

    public bool Flag(string name) => string.Equals(this[name], "true", StringComparison.OrdinalIgnoreCase);

    // AWS4-HMAC-SHA256 Credential=AKIA.../20260101/eu-central-1/ec2/aws4_request, SignedHeaders=..., Signature=...
    private string Scope(int part)
    {
        const string Start = "Credential=";
        var start = authorization.IndexOf(Start, StringComparison.Ordinal);
        if (start < 0)
            return "";
        var parts = authorization[(start + Start.Length)..].Split(',')[0].Split('/');
        return part < parts.Length ? parts[part] : "";
    }
}
