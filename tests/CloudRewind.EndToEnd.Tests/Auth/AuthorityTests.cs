
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
        private protected override Task<App> StartAsync() => App.StartAsync(
            ("AZURE_FUNCTIONS_ENVIRONMENT", "Development"), ("Auth__Authority", address.OriginalString), ("Auth__Jwks", ""), ("Auth__Issuer", ""));

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
