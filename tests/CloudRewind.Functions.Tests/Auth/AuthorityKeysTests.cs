using CloudRewind.Functions.Auth;
using CloudRewind.Functions.Http;
using CloudRewind.Functions.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace CloudRewind.Functions.Tests.Auth;

/// <summary>How the keys of an authority that rotates them, withdraws them or does not answer are trusted.</summary>
public sealed class AuthorityKeysTests : IAsyncLifetime
{
    private static readonly TimeSpan Instant = TimeSpan.FromMilliseconds(1);

    private readonly FakeTimeProvider time = new(DateTimeOffset.UtcNow); // the library goes by the machine's clock
    private readonly CollectedLog<TrustedIssuer> log = new();
    private OidcAuthority authority = null!;
    private TrustedIssuer issuer = null!;
    private TokenAuthenticator authenticator = null!;

    public async Task InitializeAsync()
    {
        authority = await OidcAuthority.StartAsync();
        issuer = new TrustedIssuer(new AuthOptions.ByAuthority(authority.Address, "cloud-rewind"), time, log);
        authenticator = new TokenAuthenticator(issuer, new RevocationCache(new InMemoryRevokedTokens(), time), time);
    }

    public async Task DisposeAsync()
    {
        authenticator.Dispose();
        issuer.Dispose();
        await authority.DisposeAsync();
    }

    [Fact]
    public async Task A_withdrawn_key_is_refused_within_a_minute_for_tokens_that_were_accepted_too()
    {
        var withdrawn = authority.Tokens;
        var token = Issue(withdrawn);
        await AcceptAsync(token);
        await AcceptAsync(token);
        authority.Publish(authority.NewTokens());

        time.Advance(AuthorityKeys.MaxAge);
        await IsRefusedAsync(Issue(withdrawn), 401, "token-signature-invalid");
        time.Advance(TokenAuthenticator.Lifetime);
        await IsRefusedAsync(token, 401, "token-signature-invalid");
        Assert.Equal(TimeSpan.FromMinutes(1), AuthorityKeys.MaxAge + TokenAuthenticator.Lifetime);
    }

    [Fact]
    public async Task A_key_that_leaves_none_behind_is_withdrawn_too()
    {
        var withdrawn = authority.Tokens;
        await AcceptAsync(Issue(withdrawn));
        authority.Publish();

        time.Advance(AuthorityKeys.MaxAge);

        await IsRefusedAsync(Issue(withdrawn), 401, "token-signature-invalid");
    }

    [Fact]
    public async Task A_busy_app_renews_the_keys_before_a_request_has_to_wait_for_them()
    {
        await AcceptAsync(Issue(authority.Tokens));
        authority.Hang();
        time.Advance(AuthorityKeys.MaxAge / 2);

        await AcceptAsync(Issue(authority.Tokens));
        await FetchesAsync(2);
        await AcceptAsync(Issue(authority.Tokens));

        Assert.Equal(2, authority.Fetches);
    }

    [Fact]
    public async Task A_token_with_an_unknown_key_asks_the_authority_again_but_not_for_each_token()
    {
        await AcceptAsync(Issue(authority.Tokens));
        time.Advance(AuthorityKeys.Pause);
        authority.Publish(authority.NewTokens(), authority.Tokens);

        await AcceptAsync(Issue(authority.Tokens));
        Assert.Equal(2, authority.Fetches);

        for (var i = 0; i < 10; i++)
            await IsRefusedAsync(Issue(authority.NewTokens()), 401, "token-signature-invalid");
        Assert.Equal(2, authority.Fetches);
        time.Advance(AuthorityKeys.Pause);
        await IsRefusedAsync(Issue(authority.NewTokens()), 401, "token-signature-invalid");
        Assert.Equal(3, authority.Fetches);
    }

    [Fact]
    public async Task A_token_with_an_unknown_key_cannot_be_judged_while_the_authority_is_down()
    {
        await AcceptAsync(Issue(authority.Tokens));
        authority.Hang();
        time.Advance(AuthorityKeys.Pause);

        var refused = IsRefusedAsync(Issue(authority.NewTokens()), 500, "authority-unavailable");
        await FetchesAsync(2);
        time.Advance(AuthorityKeys.Deadline);

        await refused;
    }

    [Fact]
    public async Task An_outage_is_survived_with_the_last_keys_for_an_hour_and_no_longer()
    {
        await AcceptAsync(Issue(authority.Tokens));
        authority.Hang();

        time.Advance(AuthorityKeys.MaxAge);
        await SurvivesAsync(() => AcceptAsync(Issue(authority.Tokens)));
        time.Advance(AuthorityKeys.MaxAgeInOutage - AuthorityKeys.MaxAge - (2 * AuthorityKeys.Deadline) - Instant);
        await SurvivesAsync(() => AcceptAsync(Issue(authority.Tokens)));
        time.Advance(AuthorityKeys.Pause);
        await SurvivesAsync(() => IsRefusedAsync(Issue(authority.Tokens), 500, "authority-unavailable"));

        authority.Answer();
        time.Advance(AuthorityKeys.Pause);
        await AcceptAsync(Issue(authority.Tokens));
        Assert.Equal(2, log.Lines.Count); // it stopped, and it began again
    }

    [Fact]
    public async Task A_key_that_was_withdrawn_during_an_outage_is_refused_when_the_authority_is_back()
    {
        var withdrawn = authority.Tokens;
        await AcceptAsync(Issue(withdrawn));
        authority.Hang();
        time.Advance(AuthorityKeys.MaxAge);
        await SurvivesAsync(() => AcceptAsync(Issue(withdrawn)));

        authority.Publish(authority.NewTokens());
        authority.Answer();
        time.Advance(AuthorityKeys.MaxAge);

        await IsRefusedAsync(Issue(withdrawn), 401, "token-signature-invalid");
    }

    [Fact]
    public async Task While_the_authority_is_known_to_be_down_requests_do_not_wait_for_it()
    {
        await AcceptAsync(Issue(authority.Tokens));
        authority.Hang();
        time.Advance(AuthorityKeys.MaxAge);
        await SurvivesAsync(() => AcceptAsync(Issue(authority.Tokens)));

        time.Advance(AuthorityKeys.Pause);
        await AcceptAsync(Issue(authority.Tokens)); // asks again, and its deadline does not pass
        await FetchesAsync(3);
        await AcceptAsync(Issue(authority.Tokens));

        Assert.Equal(3, authority.Fetches);
    }

    [Fact]
    public async Task Requests_share_one_fetch_from_an_authority_that_hangs_and_all_end_at_its_deadline()
    {
        authority.Hang();

        var requests = Enumerable.Range(0, 20).Select(_ => IsRefusedAsync(Issue(authority.Tokens), 500, "authority-unavailable")).ToList();
        await FetchesAsync(1);
        Assert.DoesNotContain(requests, request => request.IsCompleted);
        time.Advance(AuthorityKeys.Deadline);
        await Task.WhenAll(requests);

        Assert.Equal(1, authority.Fetches);
    }

    [Fact]
    public async Task An_authority_that_refuses_connections_is_not_asked_for_each_request()
    {
        using var closed = new ClosedPort();
        using var other = new TrustedIssuer(new AuthOptions.ByAuthority(authority.Address, "cloud-rewind"), time, log, closed);
        await Assert.ThrowsAsync<ApiException>(() => other.GetParametersAsync(CancellationToken.None));
        var attempts = closed.Attempts;
        Assert.True(attempts > 0);

        for (var i = 0; i < 10; i++)
            await Assert.ThrowsAsync<ApiException>(() => other.GetParametersAsync(CancellationToken.None));
        Assert.Equal(attempts, closed.Attempts);

        time.Advance(AuthorityKeys.Pause);
        await Assert.ThrowsAsync<ApiException>(() => other.GetParametersAsync(CancellationToken.None));
        Assert.Equal(2 * attempts, closed.Attempts);
    }

    [Theory]
    [InlineData("<html>Maintenance</html>")]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"issuer\":\"https://issuer.example.com\"}")]
    [InlineData("{\"issuer\":\"https://issuer.example.com\",\"jwks_uri\":\"no address\"}")]
    public async Task What_is_no_discovery_document_counts_as_no_answer(string text)
    {
        await AcceptAsync(Issue(authority.Tokens));
        authority.Garble(text);

        time.Advance(AuthorityKeys.MaxAge);

        await AcceptAsync(Issue(authority.Tokens));
        Assert.Equal(2, authority.Fetches);
    }

    private static string Issue(TestSupport.Tokens tokens) => tokens.Issue(new TokenClaims { AccountId = 7L, Expires = DateTime.UtcNow.AddHours(5) });

    private async Task FetchesAsync(int count) =>
        await Eventually.GetAsync(() => Task.FromResult(authority.Fetches), fetches => fetches == count, $"fetch {count}");

    // A fetch begins because of the request, and its deadline passes.
    private async Task SurvivesAsync(Func<Task> request)
    {
        var fetches = authority.Fetches;
        var running = request();
        await FetchesAsync(fetches + 1);
        time.Advance(AuthorityKeys.Deadline);
        await running;
    }

    private Task<Caller> AcceptAsync(string token)
    {
        var http = new DefaultHttpContext();
        http.Request.Headers.Authorization = $"Bearer {token}";
        return authenticator.AuthenticateAsync(http.Request, CancellationToken.None);
    }

    private async Task IsRefusedAsync(string token, int status, string code)
    {
        var refusal = await Assert.ThrowsAsync<ApiException>(() => AcceptAsync(token));
        Assert.Equal((status, code), (refusal.StatusCode, refusal.Code));
    }

    private sealed class ClosedPort : HttpMessageHandler
    {
        private int attempts;

        public int Attempts => attempts;

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            attempts++;
            return Task.FromException<HttpResponseMessage>(new HttpRequestException("Connection refused."));
        }
    }
}
