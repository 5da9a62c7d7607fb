using System.Text;
using CloudRewind.EndToEnd.Tests.Errors;

namespace CloudRewind.EndToEnd.Tests.Hostile;

/// <summary>A request as it is put on the wire.</summary>
/// <param name="Operation">The operation that it is aimed at; its path's parameters may turn it into another one, or into an unknown path.</param>
/// <param name="Method">The method.</param>
/// <param name="Target">The path and the query.</param>
/// <param name="Headers">The headers.</param>
/// <param name="Body">The body, if there is one.</param>
internal sealed record HostileRequest(
    string Operation, string Method, string Target, IReadOnlyList<(string Name, string Value)> Headers, string? Body)
{
    private const int LongestTarget = 7_000;

    /// <summary>The path alone.</summary>
    public string Path => Target.Split('?', 2)[0];

    /// <summary>All that the sender knows, as it wrote it.</summary>
    public string Known => string.Join('\n', [Target, .. Headers.Select(header => header.Value), Body ?? ""]);

    /// <summary>Whether not every host can pass it on: it has a header that is not ASCII, or an address that is too long once more of it is encoded.</summary>
    public bool IsForThePlatform =>
        Headers.Any(header => !Ascii.IsValid(header.Value)) || Encoding.UTF8.GetBytes(Target).Sum(unit => unit == '%' || unit > 127 ? 3 : 1) > LongestTarget;

    /// <summary>Whether its path is still the operation's: a parameter may have turned it into another one, or into an unknown path.</summary>
    public bool IsFor(Operation operation)
    {
        var segments = Path.Split('/');
        var route = operation.Route.Split('/');
        return segments.Length == route.Length
            && segments.Zip(route).All(pair => pair.Second.StartsWith('{')
                ? Uri.UnescapeDataString(pair.First) is not ("" or "." or "..")
                : pair.First.Equals(pair.Second, StringComparison.OrdinalIgnoreCase));
    }

    public override string ToString() => Known.Length <= 2_000 ? $"{Method} {Known}" : $"{Method} {Known[..2_000]}...";
}
