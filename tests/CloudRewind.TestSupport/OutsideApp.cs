using Microsoft.IdentityModel.Tokens;

namespace CloudRewind.TestSupport;

/// <summary>
/// An app that something else started, by environment variables: <c>CLOUDREWIND_BASE_URL</c>, its address without the route prefix;
/// <c>CLOUDREWIND_SIGNING_KEY</c>, a private JWK whose public half it trusts; <c>CLOUDREWIND_STORAGE</c>, the connection string of its
/// tables; and, where they are not those of its development key, <c>CLOUDREWIND_ISSUER</c> and <c>CLOUDREWIND_AUDIENCE</c>. Such an app needs
/// <see cref="QuickSettings"/>.
/// </summary>
public sealed record OutsideApp(Uri BaseAddress, Tokens Tokens, string Storage)
{
    private const string BaseUrlName = "CLOUDREWIND_BASE_URL";
    private const string KeyName = "CLOUDREWIND_SIGNING_KEY";
    private const string StorageName = "CLOUDREWIND_STORAGE";
    private const string IssuerName = "CLOUDREWIND_ISSUER";
    private const string AudienceName = "CLOUDREWIND_AUDIENCE";

    /// <summary>What makes an app quick: without them tests wait for longer than they do. docs/settings.md names them.</summary>
    public static (string Name, string Value)[] QuickSettings { get; } =
    [
        ("Simulation__StepTime", "00:00:00.3"),
        ("Capture__PollInterval", "00:00:00.1"),
        ("Retention__PruneRetryInterval", "00:00:01"),
    ];

    /// <summary>Whether the tests are for such an app.</summary>
    public static bool IsGiven { get; } = Text(BaseUrlName) is not null;

    /// <exception cref="InvalidOperationException">It is given in part only; the message names what is missing.</exception>
    public static OutsideApp Read() => new(
        new Uri(Required(BaseUrlName)),
        new Tokens(new JsonWebKey(Required(KeyName)), Text(IssuerName) ?? "cloud-rewind-development", Text(AudienceName) ?? "cloud-rewind"),
        Required(StorageName));

    private static string Required(string name) =>
        Text(name) ?? throw new InvalidOperationException($"{BaseUrlName} is there and {name} is not; with {BaseUrlName}, {KeyName} and {StorageName} must be there too.");

    private static string? Text(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? text : null;
}
