using Microsoft.Extensions.DependencyInjection;

namespace CloudRewind.Functions.Policies;

internal static class PolicyServices
{
    /// <summary>The operations on policies.</summary>
    public static IServiceCollection AddPolicies(this IServiceCollection services) => services.AddSingleton<PolicyAccess>();
}
