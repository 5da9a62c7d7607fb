using CloudRewind.Functions.Settings;
using Microsoft.Extensions.DependencyInjection;

namespace CloudRewind.Functions.Auth;

internal static class AuthServices
{
    /// <summary>Whose requests are served.</summary>
    public static IServiceCollection AddAuth(this IServiceCollection services) => services
        .AddSettings("Auth", AuthOptions.Read)
        .AddSingleton<TrustedIssuer>()
        .AddSingleton<RevocationCache>()
        .AddSingleton<TokenAuthenticator>()
        .AddSingleton(Operations.Read(typeof(AuthServices).Assembly.GetTypes()));
}
