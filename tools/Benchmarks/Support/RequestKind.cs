using System.Text.RegularExpressions;

namespace CloudRewind.Benchmarks.Support;

/// <summary>Requests that differ in nothing but keys, times and the number of a queue.</summary>
/// <param name="Owner">Who asks.</param>
/// <param name="Text">Method and target, such as <c>GET Protections (protection)</c>.</param>
internal sealed partial record RequestKind(RequestOwner Owner, string Text)
{
    private const string SimulatedTable = "SimulatedSnapshots";

    /// <summary>Whether it is the engine's look whether a queue has something.</summary>
    public bool IsPolling { get; private init; }

    /// <summary>Whether it asks if a token is revoked.</summary>
    public bool IsOfRevokedTokens => Text == "GET RevokedTokens";

    /// <summary>Whether it reads a table of the app.</summary>
    public bool IsTableRead => Owner == RequestOwner.App && Text.StartsWith("GET ", StringComparison.Ordinal);

    public static RequestKind Of(RequestOwner owner, StorageService service, StorageRequest request)
    {
        // The first part of the path is the account.
        var target = new Uri($"http://storage{request.Target}");
        var path = Uri.UnescapeDataString(target.AbsolutePath).Trim('/').Split('/', 2) is [_, var rest] ? rest : "";
        var query = Uri.UnescapeDataString(target.Query);
        return service switch
        {
            StorageService.Table => OfTable(owner, request, path, query),
            StorageService.Queue => OfQueue(request.Method, path, query),
            _ => new(owner, $"{request.Method} blob {FirstOf(path)}{Comp(query)}"),
        };
    }

    private static RequestKind OfTable(RequestOwner owner, StorageRequest request, string path, string query)
    {
        var table = (request.Parts is [var first, ..] ? PathOf(first) : path).Split('(')[0];
        var kinds = (
            request.Parts.Count == 0 ? [KindOfRow(path, query, "")] : request.Parts.Select(part => KindOfRow(PathOf(part), "", part.Body)))
            .Where(kind => kind is not "" && table == TableLayout.Protections).Distinct().ToArray();
        var which = string.Join(
            ": ", new[] { request.Parts.Count > 0 ? "$batch" : "", string.Join(", ", kinds) }.Where(part => part is not ""));
        return new(
            table == SimulatedTable ? RequestOwner.Simulation : owner, $"{request.Method} {table}{(which is "" ? "" : $" ({which})")}");

        static string PathOf(StorageRequest part) => Uri.UnescapeDataString(part.Target.Split('?')[0]).Trim('/').Split('/', 2)[^1];
    }

    // The key of a row that is added is in its body. A row of a protection begins with a digit, any other with its kind.
    private static string KindOfRow(string path, string query, string body)
    {
        foreach (var (key, text) in new[] { (KeyInPath(), path), (KeyInBody(), body), (KeyInFilter(), query) })
        {
            if (key.Match(text) is { Success: true } match)
            {
                var found = match.Groups[1].Value;
                return $"{(text == query ? "list of " : "")}{(char.IsAsciiDigit(found[0]) ? "protection" : found.Split(':')[0])}";
            }
        }

        return "";
    }

    private static RequestKind OfQueue(string method, string path, string query)
    {
        var queue = QueueNumber().Replace(FirstOf(path), "-NN");
        var isMessages = path.Contains("/messages", StringComparison.Ordinal);
        return new(
            RequestOwner.Durable,
            $"{method} queue {queue}{(isMessages ? " message" : "")}{Comp(query)}")
        { IsPolling = isMessages && method == "GET" };
    }

    private static string FirstOf(string path) => path.Split('/')[0];

    private static string Comp(string query) => CompParameter().Match(query) is { Success: true } comp ? $" ({comp.Groups[1].Value})" : "";

    [GeneratedRegex("RowKey='([^']+)'")]
    private static partial Regex KeyInPath();

    [GeneratedRegex("\"RowKey\":\"([^\"]+)\"")]
    private static partial Regex KeyInBody();

    [GeneratedRegex("RowKey (?:ge|gt|eq) '([^']+)'")]
    private static partial Regex KeyInFilter();

    [GeneratedRegex(@"-\d\d\z")]
    private static partial Regex QueueNumber();

    [GeneratedRegex(@"[?&]comp=([a-z]+)")]
    private static partial Regex CompParameter();
}
