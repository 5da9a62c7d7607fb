using Microsoft.Extensions.DependencyInjection;

namespace CloudRewind.Functions.Assemblies;

internal static class AssemblyServices
{
    /// <summary>The operations on cloud assemblies.</summary>
    public static IServiceCollection AddAssemblies(this IServiceCollection services) => services.AddSingleton<AssemblyHistory>();
}
