using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using NJsonSchema;
using YamlDotNet.Serialization;

namespace CloudRewind.EndToEnd.Tests.Support;

/// <summary>Holds each answer against openapi/cloud-rewind.v1.yaml: its status is documented for the operation, its body fits the schema, its headers are documented.</summary>
internal static partial class Contract
{
    // What the server says, and what the document says of every answer.
    private static readonly HashSet<string> OnEveryAnswer = new(StringComparer.OrdinalIgnoreCase)
    {
        "Cache-Control", "Date", "Server", "Content-Type", "Content-Length", "Transfer-Encoding", "Connection", "X-Content-Type-Options",
    };

    public static readonly JsonObject Document = Read();
    private static readonly (Regex Path, JsonObject Item)[] Paths =
    [
        .. Document["paths"]!.AsObject().Select(path => (
            new Regex($"^/api{PathParameter().Replace(Regex.Escape(path.Key).Replace("}", "\\}", StringComparison.Ordinal), "[^/]+")}/?$", RegexOptions.IgnoreCase),
            path.Value!.AsObject())),
    ];

    private static readonly ConcurrentDictionary<(string Operation, string Status), bool> Seen = [];
    private static readonly Lock Gate = new();
    private static readonly Dictionary<string, JsonSchema> Schemas = [];

    /// <summary>What the document says may be answered, and nothing has been answered with so far, as <c>operation status</c>.</summary>
    public static IEnumerable<string> NotSeen =>
        from path in Document["paths"]!.AsObject()
        from operation in path.Value!.AsObject()
        where operation.Value is JsonObject described && described.ContainsKey("operationId")
        let name = operation.Value["operationId"]!.GetValue<string>()
        from response in operation.Value["responses"]!.AsObject()
        where !Seen.ContainsKey((name, response.Key))
        select $"{name} {response.Key}";

    /// <param name="method">The request's method.</param>
    /// <param name="path">The request's path, as it was sent.</param>
    /// <param name="answer">The answer.</param>
    public static async Task CheckAsync(HttpMethod method, string path, Answer answer)
    {
        // HEAD is answered as GET is, without the body.
        var isHead = method == HttpMethod.Head;
        var operation = Paths.FirstOrDefault(known => known.Path.IsMatch(path)).Item?[isHead ? "get" : method.Method.ToLowerInvariant()];
        if (operation is null)
            return; // an unknown path or method: the description says how that is answered

        var name = operation["operationId"]!.GetValue<string>();
        var status = answer.Status.ToString(CultureInfo.InvariantCulture);
        var response = Resolve(operation["responses"]![status]);
        Assert.True(response is not null, $"{name} is not documented to answer {status}: {answer}");

        var documented = response["headers"]?.AsObject().Select(header => header.Key).ToHashSet(StringComparer.OrdinalIgnoreCase) ?? [];
        Assert.All(answer.Headers.Keys, header => Assert.True(
            documented.Contains(header) || OnEveryAnswer.Contains(header), $"{name} is not documented to answer {status} with {header}."));

        if (isHead)
        {
            Assert.Equal("", answer.Body);
            return;
        }

        if (response["content"]?["application/json"]?["schema"] is { } schema)
        {
            Assert.True(answer.Body is not "", $"{name} answered {status} with an empty body.");
            var faults = (await SchemaAsync($"{name} {status}", schema)).Validate(answer.Body);
            Assert.True(faults.Count == 0, $"{name} {status}: {string.Join("; ", faults)}: {answer.Body}");
        }
        else if (response["content"] is null)
        {
            Assert.Equal("", answer.Body);
        }

        Seen[(name, status)] = true;
    }

    public static JsonNode? Resolve(JsonNode? node) =>
        node?["$ref"] is { } reference
            ? reference.GetValue<string>().TrimStart('#', '/').Split('/').Aggregate((JsonNode?)Document, (current, part) => current?[part])
            : node;

    private static async Task<JsonSchema> SchemaAsync(string key, JsonNode schema)
    {
        lock (Gate)
        {
            if (Schemas.TryGetValue(key, out var known))
                return known;
        }

        var whole = new JsonObject
        {
            ["allOf"] = new JsonArray(schema.DeepClone()),
            ["definitions"] = Document["components"]!["schemas"]!.DeepClone(),
        };
        var read = await JsonSchema.FromJsonAsync(whole.ToJsonString().Replace("#/components/schemas/", "#/definitions/", StringComparison.Ordinal));
        lock (Gate)
            return Schemas[key] = read;
    }

    private static JsonObject Read()
    {
        using var reader = new StreamReader(Path.Combine(Repository.Root, "openapi", "cloud-rewind.v1.yaml"));
        var yaml = new DeserializerBuilder().WithAttemptingUnquotedStringTypeDeserialization().Build().Deserialize(reader);
        var json = new SerializerBuilder().JsonCompatible().Build().Serialize(yaml!);
        return JsonNode.Parse(json, documentOptions: new JsonDocumentOptions())!.AsObject();
    }

    [GeneratedRegex(@"\\\{[^}]*\\\}")]
    private static partial Regex PathParameter();
}
