using System.Text.Json;

namespace CloudRewind.EndToEnd.Tests.Support;

/// <summary>The body that every refusal has: <c>errors</c>, <c>fieldErrors</c>, <c>message</c> and <c>requiredPermissions</c>, and nothing else.</summary>
internal static class RefusalAssert
{
    private static readonly Dictionary<int, string> Types = new()
    {
        [401] = "authentication",
        [403] = "authorization",
        [404] = "not-found",
        [405] = "not-found",
        [409] = "conflict",
        [412] = "precondition",
        [429] = "rate-limit",
        [500] = "internal",
        [503] = "internal",
    };

    /// <param name="answer">The answer.</param>
    /// <param name="status">The HTTP status that it must have.</param>
    /// <param name="code">The code that each of its errors must have.</param>
    /// <param name="fields">The parameters and members that it must find fault with, and no others.</param>
    public static void IsRefused(this Answer answer, int status, string code, params string[] fields)
    {
        Assert.True(answer.Status == status, $"{status} {code} was expected: {answer}");
        Assert.Equal("application/json; charset=utf-8", answer.Header("Content-Type"));
        Assert.NotEmpty(answer.Header("x-correlation-id")!);
        Assert.DoesNotContain("   at ", answer.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("AccountKey", answer.Body, StringComparison.Ordinal);

        var body = answer.Json;
        Assert.Equal(["errors", "fieldErrors", "message", "requiredPermissions"], NamesOf(body).Order());
        Assert.False(string.IsNullOrWhiteSpace(TextOf(body.GetProperty("message"))));
        Assert.All(body.GetProperty("requiredPermissions").EnumerateArray(), permission => TextOf(permission));

        var errors = body.GetProperty("errors").EnumerateArray().ToArray();
        Assert.Equal(Math.Max(1, fields.Length), errors.Length);
        Assert.All(errors, error =>
        {
            Assert.Equal(["code", "message", "type"], NamesOf(error).Order());
            Assert.Equal(code, TextOf(error.GetProperty("code")));
            Assert.Equal(Types[status], TextOf(error.GetProperty("type")));
            Assert.False(string.IsNullOrWhiteSpace(TextOf(error.GetProperty("message"))));
        });

        var fieldErrors = body.GetProperty("fieldErrors").EnumerateObject().ToArray();
        Assert.Equal(fields.Order(StringComparer.Ordinal), fieldErrors.Select(field => field.Name).Order(StringComparer.Ordinal));
        Assert.All(fieldErrors, field => Assert.False(string.IsNullOrWhiteSpace(TextOf(field.Value))));
    }

    private static IEnumerable<string> NamesOf(JsonElement json) => json.EnumerateObject().Select(member => member.Name);

    private static string TextOf(JsonElement json)
    {
        Assert.Equal(JsonValueKind.String, json.ValueKind);
        return json.GetString()!;
    }
}
