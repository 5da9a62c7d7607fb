using CloudRewind.Functions.Settings;
using Microsoft.Extensions.DependencyInjection;

namespace CloudRewind.Functions.Auth;

internal static class AuthServices
{
    /// <summary>Whose requests are served.</summary>
    public static IServiceCollection AddAuth(this IServiceCollection services) => services
        .AddSettings("Auth", AuthOptions.Read)
        .AddSettings("RateLimit", RateLimitOptions.Read)
        .AddSingleton<TrustedIssuer>()
        .AddSingleton<RevocationCache>()
        .AddSingleton<TokenAuthenticator>()
        .AddSingleton<CallerRateLimiter>()
        .AddSingleton(Operations.Read(typeof(AuthServices).Assembly.GetTypes()));
}
