using System.Globalization;
using System.Text.RegularExpressions;
using CloudRewind.Domain;
using Microsoft.AspNetCore.Http;

namespace CloudRewind.Functions.Http;

/// <summary>The preference <c>wait</c> of RFC 7240: how long a client would rather wait for news than hear that there is none.</summary>
internal static partial class WaitPreference
{
    /// <summary>The header that says what was granted.</summary>
    public const string AppliedHeaderName = "Preference-Applied";

    /// <summary>The longest wait that is granted; hosts and proxies end requests that take longer than a few minutes.</summary>
    public static readonly TimeSpan Max = TimeSpan.FromSeconds(60);

    /// <summary>The wait that is granted: what the request prefers, up to <see cref="Max"/>. Null where it prefers none, or an invalid one, which RFC 7240 says to ignore.</summary>
    public static TimeSpan? Read(HttpRequest request)
    {
        foreach (var preference in request.Headers["Prefer"].SelectMany(value => (value ?? "").Split(',')))
        {
            if (Wait().Match(preference) is { Success: true } match)
                return WholeNumber.TryParse(match.Groups[1].ValueSpan, out var seconds) && seconds < Max.TotalSeconds ? TimeSpan.FromSeconds(seconds) : Max;
        }

        return null;
    }

    /// <summary>Says on the response what was granted.</summary>
    public static void Apply(HttpResponse response, TimeSpan granted) =>
        response.Headers[AppliedHeaderName] = string.Create(CultureInfo.InvariantCulture, $"wait={granted.TotalSeconds}");

    [GeneratedRegex(@"\A\s*wait\s*=\s*([0-9]+)\s*(;.*)?\z", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Wait();
}
