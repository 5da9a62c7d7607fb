using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CloudRewind.TestSupport;

/// <summary>A small OIDC authority: a discovery document and a set of keys, which it rotates, withdraws, or does not give out.</summary>
public sealed class OidcAuthority : IAsyncDisposable
{
    private readonly WebApplication web;
    private volatile IReadOnlyList<Tokens> published = [];
    private volatile TaskCompletionSource? silence;
    private volatile string? rubbish;
    private int fetches;

    private OidcAuthority(WebApplication web) => this.web = web;

    /// <summary>Its address, which is its issuer's name too where it issues the tokens.</summary>
    public Uri Address => new(web.Urls.Single());

    /// <summary>Issues tokens with the first key that it publishes.</summary>
    public Tokens Tokens => published[0];

    /// <summary>How often its discovery document was asked for.</summary>
    public int Fetches => Volatile.Read(ref fetches);

    /// <param name="address">Where it listens; on a free port where nothing is said.</param>
    /// <param name="tokens">The key to publish; a new one where nothing is said.</param>
    public static async Task<OidcAuthority> StartAsync(Uri? address = null, Tokens? tokens = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(address?.OriginalString ?? "http://127.0.0.1:0");
        var authority = new OidcAuthority(builder.Build());
        authority.web.MapGet("/.well-known/openid-configuration", authority.DiscoverAsync);
        authority.web.MapGet("/keys", () => Results.Text(
            JsonSerializer.Serialize(new { keys = authority.published.Select(key => key.PublicMembers) }), "application/json"));
        await authority.web.StartAsync();
        authority.Publish(tokens ?? authority.NewTokens());
        return authority;
    }

    /// <summary>Signs with a key that it does not publish yet.</summary>
    public Tokens NewTokens() => Tokens.WithNewKey(Address.OriginalString, "cloud-rewind");

    /// <summary>Lists these keys and no others from now on.</summary>
    public void Publish(params Tokens[] tokens) => published = tokens;

    /// <summary>Publishes a new key in place of the others.</summary>
    public void Rotate() => Publish(NewTokens());

    /// <summary>Takes connections and does not answer from now on.</summary>
    public void Hang() => silence = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Gives this text for its discovery document from now on.</summary>
    public void Garble(string text) => rubbish = text;

    /// <summary>Answers as it should again, also the requests that it left without an answer.</summary>
    public void Answer()
    {
        rubbish = null;
        silence?.TrySetResult();
        silence = null;
    }

    public async ValueTask DisposeAsync()
    {
        Answer();
        await web.DisposeAsync();
    }

    private async Task<IResult> DiscoverAsync(CancellationToken aborted)
    {
        Interlocked.Increment(ref fetches);
        if (silence is { } hanging)
            await hanging.Task.WaitAsync(aborted);
        if (rubbish is { } text)
            return Results.Text(text);
        return Results.Json(new { issuer = published.Count == 0 ? Address.OriginalString : Tokens.Issuer, jwks_uri = new Uri(Address, "/keys") });
    }
}
