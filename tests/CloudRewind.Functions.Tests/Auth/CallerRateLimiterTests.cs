using CloudRewind.Functions.Auth;
using CloudRewind.Functions.Http;
using Microsoft.IdentityModel.JsonWebTokens;

namespace CloudRewind.Functions.Tests.Auth;

public sealed class CallerRateLimiterTests
{
    [Fact]
    public void A_request_beyond_the_limit_is_refused_and_says_when_to_come_back()
    {
        using var limiter = new CallerRateLimiter(new RateLimitOptions(3));
        var caller = Caller("alice", 1);
        for (var i = 0; i < 3; i++)
            limiter.Require(caller);

        var refusal = Assert.Throws<ApiException>(() => limiter.Require(caller));

        Assert.Equal((429, "too-many-requests"), (refusal.StatusCode, refusal.Code));
        Assert.InRange(refusal.RetryAfter!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(20)); // three a minute
    }

    [Fact]
    public void Another_token_of_the_caller_does_not_reset_its_limit()
    {
        using var limiter = new CallerRateLimiter(new RateLimitOptions(1));
        limiter.Require(Caller("alice", 1, "first"));

        Assert.Throws<ApiException>(() => limiter.Require(Caller("alice", 1, "second")));
    }

    [Fact]
    public void Other_callers_have_limits_of_their_own()
    {
        using var limiter = new CallerRateLimiter(new RateLimitOptions(1));
        limiter.Require(Caller("alice", 1));

        limiter.Require(Caller("bob", 1));
        limiter.Require(Caller("alice", 2));
    }

    [Fact]
    public async Task A_refused_caller_is_served_again()
    {
        using var limiter = new CallerRateLimiter(new RateLimitOptions(600));
        var caller = Caller("alice", 1);
        while (IsServed(limiter, caller))
        {
        }

        await Eventually.GetAsync(() => Task.FromResult(IsServed(limiter, caller)), served => served, "a token in the bucket");
    }

    [Fact]
    public void Zero_is_no_limit()
    {
        using var limiter = new CallerRateLimiter(new RateLimitOptions(0));
        var caller = Caller("alice", 1);

        for (var i = 0; i < 100_000; i++)
            limiter.Require(caller);
    }

    private static bool IsServed(CallerRateLimiter limiter, Caller caller)
    {
        try
        {
            limiter.Require(caller);
            return true;
        }
        catch (ApiException)
        {
            return false;
        }
    }

    private static Caller Caller(string subject, long accountId, string tokenId = "token") => CloudRewind.Functions.Auth.Caller.Read(
        new JsonWebToken("{\"alg\":\"none\"}", $$"""{"sub":"{{subject}}","jti":"{{tokenId}}","account_id":{{accountId}}}"""), new ClaimNames());
}
