
namespace CloudRewind.EndToEnd.Tests.Auth;

/// <summary>Tokens of an OIDC authority, which is down when the app starts, publishes its keys and changes them.</summary>
public sealed class AuthorityTests(AuthorityTests.AppWithAuthority fixture) : IClassFixture<AuthorityTests.AppWithAuthority>
{
    private readonly App app = fixture.App;

    [OwnProcessFact]
    public async Task A_token_of_the_authority_is_accepted_and_others_are_not()
    {
        var client = app.NewAssembly();

        (await fixture.AskAsync(client, fixture.Authority.Tokens)).IsRefused(404, "protection-not-found");
        (await fixture.AskAsync(client, fixture.Authority.Tokens.WithAnotherKey())).IsRefused(401, "token-signature-invalid");
        (await fixture.AskAsync(client, Tokens.WithNewKey(fixture.Authority.Tokens.Issuer, fixture.Authority.Tokens.Audience))).IsRefused(401, "token-signature-invalid");
    }

    [OwnProcessFact]
    public async Task A_token_that_names_another_issuer_than_the_authority_is_refused()
    {
        var client = app.NewAssembly();
        var claims = new TokenClaims { AccountId = client.Address.AccountId, Issuer = "https://other.example.com" };

        (await client.With(fixture.Authority.Tokens.Issue(claims)).StatusAsync(client.Address.ProtectionId())).IsRefused(401, "token-issuer-refused");
    }

    [OwnProcessFact]
    public async Task A_key_that_the_authority_publishes_later_is_picked_up()
    {
        var client = app.NewAssembly();
        (await fixture.AskAsync(client, fixture.Authority.Tokens)).IsRefused(404, "protection-not-found");

        fixture.Authority.Rotate();

        await Eventually.GetAsync(() => fixture.AskAsync(client, fixture.Authority.Tokens), answer => answer.Status == 404, "the new key to be accepted");
    }

    [OwnProcessFact]
    public void An_authority_that_is_down_keeps_the_app_from_judging_tokens_and_from_nothing_else()
    {
        var (ready, refused) = fixture.WhileDown;

        Assert.Equal(200, ready.Status);
        refused.IsRefused(500, "authority-unavailable");
        Assert.True(int.Parse(refused.Header("Retry-After")!) > 0);
    }

    [OwnProcessFact]
    public async Task A_key_that_the_authority_withdraws_is_refused_for_new_tokens_and_for_those_in_use()
    {
        var client = app.NewAssembly();
        var withdrawn = fixture.Authority.Tokens;
        var inUse = client.With(withdrawn.Issue(new TokenClaims { AccountId = client.Address.AccountId }));
        (await inUse.StatusAsync(client.Address.ProtectionId())).IsRefused(404, "protection-not-found");

        fixture.Authority.Rotate();

        await Eventually.GetAsync(() => fixture.AskAsync(client, withdrawn), answer => answer.Status == 401, "the withdrawn key to be refused");
        await Eventually.GetAsync(() => inUse.StatusAsync(client.Address.ProtectionId()), answer => answer.Status == 401, "a token in use to be refused");
    }

    [OwnProcessFact]
    public async Task Requests_to_an_app_whose_authority_hangs_all_end_with_its_deadline()
    {
        await using var authority = await OidcAuthority.StartAsync();
        authority.Hang();
        await using var other = await AppWithAuthority.StartAsync(authority.Address);
        var client = other.NewAssembly();

        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => fixture.AskAsync(client, authority.Tokens)));
        Assert.All(answers, answer => answer.IsRefused(500, "authority-unavailable"));
        Assert.Equal(1, authority.Fetches);

        authority.Answer();
        await Eventually.GetAsync(() => fixture.AskAsync(client, authority.Tokens), answer => answer.Status == 404, "the authority's key to be accepted");
    }

    public sealed class AppWithAuthority : OwnAppFixture
    {
        private readonly Uri address = UnusedAddress();

        internal OidcAuthority Authority { get; private set; } = null!;

        /// <summary>What the app answered while the authority was down: about its readiness, and to a token.</summary>
        internal (Answer Ready, Answer Refused) WhileDown { get; private set; }

        /// <inheritdoc/>
        public override async Task DisposeAsync()
        {
            await base.DisposeAsync();
            if (Authority is not null)
                await Authority.DisposeAsync();
        }

        internal Task<Answer> AskAsync(ApiClient client, Tokens tokens) =>
            client.With(tokens.Issue(new TokenClaims { AccountId = client.Address.AccountId })).StatusAsync(client.Address.ProtectionId());

        // Where there is an authority, its address is not encrypted here: that is for Development only.
        internal static Task<App> StartAsync(Uri authority) => App.StartAsync(
            ("AZURE_FUNCTIONS_ENVIRONMENT", "Development"), ("Auth__Authority", authority.OriginalString), ("Auth__Jwks", ""), ("Auth__Issuer", ""));

        private protected override Task<App> StartAsync() => StartAsync(address);

        private protected override async Task ArrangeAsync()
        {
            var client = App.NewAssembly();
            var tokens = Tokens.WithNewKey(address.OriginalString, "cloud-rewind");
            WhileDown = (await client.GetAsync("/api/health/ready"), await AskAsync(client, tokens));

            Authority = await OidcAuthority.StartAsync(address, tokens);
            await Eventually.GetAsync(() => AskAsync(client, tokens), answer => answer.Status == 404, "the authority's key to be accepted");
        }

        private static Uri UnusedAddress() => new($"http://127.0.0.1:{FreePort.Take()}");
    }
}
