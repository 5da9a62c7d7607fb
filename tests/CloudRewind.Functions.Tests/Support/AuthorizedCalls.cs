using CloudRewind.Functions.Auth;
using Microsoft.AspNetCore.Http;

namespace CloudRewind.Functions.Tests.Support;

internal static class AuthorizedCalls
{
    public static readonly Operations Operations = Operations.Read(typeof(FallbackRoute).Assembly.GetTypes());

    /// <summary>Calls an operation as the pipeline does: behind <see cref="AuthorizationMiddleware"/>.</summary>
    public static async Task<IResult> AuthorizedAsync(
        this HttpContext http, TokenAuthenticator authenticator, string operation, Func<Task<IResult>> call)
    {
        IResult? result = null;
        using var limiter = new CallerRateLimiter(new RateLimitOptions(RequestsPerMinute: 0));
        await new AuthorizationMiddleware(Operations, authenticator, limiter)
            .Invoke(new FakeFunctionContext(http, operation), async _ => result = await call());
        return result!;
    }
}
