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
    /// <param name="context">The condition keys, such as <c>aws:RequestTag/key</c>; <c>aws:TagKeys</c> comes once for each key.</param>
    public bool Allows(string action, string resource, IReadOnlyList<KeyValuePair<string, string>> context)
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

    private static bool Holds(JsonElement condition, IReadOnlyList<KeyValuePair<string, string>> context) => condition.EnumerateObject().All(test => test.Value.EnumerateObject().All(key =>
        Holds(test.Name, [.. context.Where(pair => pair.Key.Equals(key.Name, StringComparison.OrdinalIgnoreCase)).Select(pair => pair.Value)], Texts(key.Value))));

    // ForAllValues holds for a key without a value, too: that is IAM's rule.
    private static bool Holds(string test, IReadOnlyList<string> values, IReadOnlyList<string> expected) => test switch
    {
        "StringEquals" or "ForAnyValue:StringEquals" => values.Any(expected.Contains),
        "StringLike" or "ForAnyValue:StringLike" => values.Any(value => expected.Any(pattern => Matches(pattern, value))),
        "ForAllValues:StringEquals" => values.All(expected.Contains),
        "ForAllValues:StringLike" => values.All(value => expected.Any(pattern => Matches(pattern, value))),
        "Null" => (values.Count == 0) == bool.Parse(expected[0]),
        _ => throw new NotSupportedException($"The condition operator {test} is not evaluated."),
    };

    private static bool Matches(string pattern, string text) => FileSystemName.MatchesSimpleExpression(pattern, text, ignoreCase: false);

    private static IReadOnlyList<string> Texts(JsonElement element) =>
        element.ValueKind == JsonValueKind.Array ? [.. element.EnumerateArray().Select(item => item.GetString()!)] : [element.GetString()!];

    private sealed record Statement(string Sid, IReadOnlyList<string> Actions, IReadOnlyList<string> Resources, JsonElement? Condition);
}
