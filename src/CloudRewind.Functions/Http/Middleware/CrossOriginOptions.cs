using CloudRewind.Functions.Settings;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace CloudRewind.Functions.Http;

/// <summary>The pages of other origins that may call the API from a browser; none, unless a setting names them.</summary>
/// <param name="AllowedOrigins">Each as a browser sends it: scheme, host, and the port where it is not the scheme's own.</param>
public sealed record CrossOriginOptions(IReadOnlyList<string> AllowedOrigins)
{
    private const string Name = "Cors__AllowedOrigins";
    private static readonly TimeSpan PreflightLifetime = TimeSpan.FromMinutes(10);

    /// <summary>What answers carry beyond their bodies, and pages may read.</summary>
    private static readonly string[] ReadableHeaders =
    [
        HeaderNames.ETag, HeaderNames.LastModified, HeaderNames.RetryAfter, HeaderNames.Location, HeaderNames.ContentRange, HeaderNames.AcceptRanges, HeaderNames.Link,
        HeaderNames.WWWAuthenticate, WaitPreference.AppliedHeaderName, CorrelationId.HeaderName,
    ];

    /// <summary>What a browser is told; null where no origin is named. Tokens come in a header, so that no credentials of the browser's own are asked for.</summary>
    public CorsPolicy? Policy => AllowedOrigins.Count == 0
        ? null
        : new CorsPolicyBuilder([.. AllowedOrigins])
            .WithMethods(HttpMethods.Get, HttpMethods.Post, HttpMethods.Put, HttpMethods.Delete)
            .AllowAnyHeader()
            .WithExposedHeaders(ReadableHeaders)
            .SetPreflightMaxAge(PreflightLifetime)
            .Build();

    internal static CrossOriginOptions Read(SettingsReader reader)
    {
        var origins = (reader.Text(Name) ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        foreach (var origin in origins.Where(origin => !IsOrigin(origin)))
            reader.Error($"{Name} is '{reader.Text(Name)}', but '{origin}' is not an origin; it must be a list such as 'https://console.example.com,https://example.com:8443'.");
        return new CrossOriginOptions(origins);
    }

    // What is compared with the browser's header must be spelled as the browser spells it.
    private static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address)
        && (address.Scheme == Uri.UriSchemeHttps || address.Scheme == Uri.UriSchemeHttp)
        && address.GetLeftPart(UriPartial.Authority) == text
        && address.UserInfo.Length == 0;
}
