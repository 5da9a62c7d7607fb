using System.Globalization;
using CloudRewind.EndToEnd.Tests.Errors;

namespace CloudRewind.EndToEnd.Tests.Auth;

/// <summary>An app that serves each caller one request a minute.</summary>
public sealed class RateLimitTests(RateLimitTests.LimitedApp fixture) : IClassFixture<RateLimitTests.LimitedApp>
{
    private readonly App app = fixture.App;

    [OwnProcessFact]
    public async Task Every_operation_refuses_a_caller_beyond_its_limit_and_says_when_to_come_back()
    {
        foreach (var operation in Operations.All)
        {
            var draft = Draft(operation.Id, AssemblyAddress.NewId());
            var first = await draft.SendAsync(app, operation);
            Assert.NotEqual(429, first.Status);

            var second = await draft.SendAsync(app, operation);

            second.IsRefused(429, "too-many-requests");
            Assert.InRange(int.Parse(second.Header("Retry-After")!, CultureInfo.InvariantCulture), 1, 60);
        }
    }

    [OwnProcessFact]
    public async Task Another_caller_of_the_account_is_served_and_so_is_everything_that_needs_no_token()
    {
        var operation = Operations.All[0];
        var account = AssemblyAddress.NewId();
        await Draft("alice", account).SendAsync(app, operation);
        Assert.Equal(429, (await Draft("alice", account).SendAsync(app, operation)).Status);

        Assert.NotEqual(429, (await Draft("bob", account).SendAsync(app, operation)).Status);
        foreach (var path in new[] { "/api/health/live", "/api/health/ready", "/api/openapi.yaml" })
        {
            for (var i = 0; i < 3; i++)
                Assert.Equal(200, (int)(await app.Http.GetAsync(new Uri(path, UriKind.Relative))).StatusCode);
        }
    }

    [OwnProcessFact]
    public async Task A_forged_token_neither_takes_of_the_limit_of_its_subject_nor_is_told_of_it()
    {
        var operation = Operations.All[0];
        var account = AssemblyAddress.NewId();
        var other = Tokens.WithNewKey(app.Tokens.Issuer, app.Tokens.Audience);
        var forged = Draft("alice", account);
        forged.Authorization = $"Bearer {other.Issue(forged.Claims)}";
        for (var i = 0; i < 3; i++)
            Assert.Equal(401, (await forged.SendAsync(app, operation)).Status);

        Assert.NotEqual(429, (await Draft("alice", account).SendAsync(app, operation)).Status);
    }

    private static Draft Draft(string subject, long account) => new()
    {
        Scene = null!,
        Claims = new TokenClaims { AccountId = account, Subject = subject },
        AccountId = account.ToString(CultureInfo.InvariantCulture),
        ProjectId = "demo",
        CloudAssemblyId = "1",
    };

    public sealed class LimitedApp : OwnAppFixture
    {
        private protected override Task<App> StartAsync() => App.StartAsync(("RateLimit__RequestsPerMinute", "1"));
    }
}
