using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace CloudRewind.Functions.Auth;

/// <summary>Refuses a request whose token is not accepted (401), whose caller sends too many (429), or that lacks the declared permission (403).</summary>
public sealed class AuthorizationMiddleware(Operations operations, TokenAuthenticator authenticator, CallerRateLimiter limiter) : IFunctionsWorkerMiddleware
{
    /// <inheritdoc/>
    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        if (operations.PermissionOf(context.FunctionDefinition.Name) is { } permission)
        {
            // Not the token of a stop: a stop waits for a read, which takes little time.
            var http = context.GetHttpContext()!;
            var caller = await authenticator.AuthenticateAsync(http.Request, http.RequestAborted);
            limiter.Require(caller);
            caller.Require(permission);
            http.Features.Set(caller);
        }

        await next(context);
    }
}
