using CloudRewind.TestSupport;

namespace CloudRewind.Chaos.Faults;

/// <summary>The keys of a cell's tokens: of an authority that stops answering and withdraws keys, or of a set that never changes.</summary>
internal sealed class CellKeys : IAsyncDisposable
{
    // What the security documentation promises of a withdrawn key.
    private static readonly TimeSpan LongestTrust = TimeSpan.FromSeconds(30);

    // A new key is looked for at most once in five seconds, and an authority that hung is asked again after a deadline of three.
    private static readonly TimeSpan LongestIgnorance = TimeSpan.FromSeconds(20);

    private readonly Tokens? given;
    private readonly OidcAuthority? authority;
    private DateTime changedAt;

    private CellKeys(Tokens? given, OidcAuthority? authority) => (this.given, this.authority) = (given, authority);

    public static CellKeys Given(Tokens tokens) => new(tokens, null);

    public static async Task<CellKeys> OfAuthorityAsync() => new(null, await OidcAuthority.StartAsync());

    /// <summary>Whether they are an authority's.</summary>
    public bool CanChange => authority is not null;

    /// <summary>Issues tokens with the key that is published now.</summary>
    public Tokens Current => authority?.Tokens ?? given!;

    /// <summary>The key that was withdrawn last; null where none was.</summary>
    public Tokens? Withdrawn { get; private set; }

    /// <summary>How long a host may still trust the withdrawn key.</summary>
    public TimeSpan WithdrawnKeyIsTrustedFor => Left(changedAt + LongestTrust);

    /// <summary>How long a host may still not know the current key.</summary>
    public TimeSpan CurrentKeyIsUnknownFor => Left(changedAt + LongestIgnorance);

    /// <summary>What makes a host trust them.</summary>
    public IReadOnlyList<(string Name, string Value)> Settings => authority is null
        ? []
        : [("Auth__Authority", authority.Address.OriginalString), ("Auth__Jwks", ""), ("Auth__Issuer", "")];

    /// <summary>Stops answering, until <see cref="Answer"/>.</summary>
    public void Hang() => authority!.Hang();

    /// <summary>Answers again.</summary>
    public void Answer()
    {
        changedAt = DateTime.UtcNow;
        authority!.Answer();
    }

    /// <summary>Withdraws the current key for a new one.</summary>
    public void Rotate()
    {
        (Withdrawn, changedAt) = (Current, DateTime.UtcNow);
        authority!.Rotate();
    }

    public ValueTask DisposeAsync() => authority?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static TimeSpan Left(DateTime end) => end > DateTime.UtcNow ? end - DateTime.UtcNow : TimeSpan.Zero;
}
