using System.Collections.Concurrent;
using System.IO.Enumeration;
using System.Text.Json;

namespace CloudRewind.AwsEmulator.Iam;

/// <summary>An IAM policy document of Allow statements, evaluated as EC2 does: for each resource that a call touches. It remembers which parts were needed.</summary>
public sealed class Policy
{
    private readonly List<Statement> statements = [];
    private readonly ConcurrentDictionary<(string Sid, string Action), bool> used = [];

    private Policy(JsonElement document)
    {
        foreach (var statement in document.GetProperty("Statement").EnumerateArray())
        {
            if (statement.GetProperty("Effect").GetString() != "Allow")
                throw new NotSupportedException("Only Allow statements are evaluated.");
            statements.Add(new Statement(
                statement.GetProperty("Sid").GetString()!,
                Texts(statement.GetProperty("Action")),
                Texts(statement.GetProperty("Resource")),
                statement.TryGetProperty("Condition", out var condition) ? condition.Clone() : null));
        }
    }

    /// <summary>The actions that it allows under conditions or without, by the statement's Sid.</summary>
    public IReadOnlyList<(string Sid, string Action)> Grants => [.. statements.SelectMany(statement => statement.Actions.Select(action => (statement.Sid, action)))];

    /// <summary>The grants that a call has needed so far.</summary>
    public IReadOnlyCollection<(string Sid, string Action)> Used => [.. used.Keys];

    public static Policy Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return new Policy(document.RootElement);
    }

    /// <summary>Whether an action on a resource is allowed.</summary>
    /// <param name="action">Such as <c>ec2:CreateSnapshot</c>.</param>
    /// <param name="resource">Its ARN, or <c>*</c>.</param>
    /// <param name="context">The condition keys, such as <c>aws:RequestTag/key</c>.</param>
    public bool Allows(string action, string resource, IReadOnlyDictionary<string, string> context)
    {
        foreach (var statement in statements)
        {
            if (statement.Actions.FirstOrDefault(pattern => Matches(pattern, action)) is { } granted
                && statement.Resources.Any(pattern => Matches(pattern, resource))
                && (statement.Condition is not { } condition || Holds(condition, context)))
            {
                used[(statement.Sid, granted)] = true;
                return true;
            }
        }

        return false;
    }

    private static bool Holds(JsonElement condition, IReadOnlyDictionary<string, string> context) =>
        condition.EnumerateObject().All(test => test.Value.EnumerateObject().All(key => Holds(test.Name, context.GetValueOrDefault(key.Name), Texts(key.Value))));

    private static bool Holds(string test, string? value, IReadOnlyList<string> expected) => test switch
    {
        "StringEquals" => value is not null && expected.Contains(value),
        "StringLike" => value is not null && expected.Any(pattern => Matches(pattern, value)),
        "Null" => (value is null) == bool.Parse(expected[0]),
        _ => throw new NotSupportedException($"The condition operator {test} is not evaluated."),
    };

    private static bool Matches(string pattern, string text) => FileSystemName.MatchesSimpleExpression(pattern, text, ignoreCase: false);

    private static IReadOnlyList<string> Texts(JsonElement element) =>
        element.ValueKind == JsonValueKind.Array ? [.. element.EnumerateArray().Select(item => item.GetString()!)] : [element.GetString()!];

    private sealed record Statement(string Sid, IReadOnlyList<string> Actions, IReadOnlyList<string> Resources, JsonElement? Condition);
}
