using CloudRewind.TestSupport;

namespace CloudRewind.EndToEnd.Tests.Auth;

public sealed class RevocationTests(AppFixture fixture) : IClassFixture<AppFixture>
{
    [Fact]
    public async Task A_token_that_is_in_use_is_refused_some_time_after_it_was_revoked()
    {
        var client = fixture.App.NewAssembly();
        var claims = new TokenClaims { AccountId = client.Address.AccountId };
        var user = client.With(claims);
        (await user.StatusAsync(client.Address.ProtectionId())).IsRefused(404, "protection-not-found");

        await fixture.App.Tables.RevokeAsync(client.Address.AccountId, claims.Id!);

        var refused = await Eventually.GetAsync(
            () => user.StatusAsync(client.Address.ProtectionId()), answer => answer.Status == 401, "the revocation to take effect");
        refused.IsRefused(401, "token-revoked");
    }
}
