using Microsoft.Extensions.DependencyInjection;

namespace CloudRewind.Functions.Docs;

internal static class DocsServices
{
    /// <summary>The API's contract, and the page that shows it.</summary>
    public static IServiceCollection AddDocs(this IServiceCollection services) => services.AddSingleton<ContractPage>();
}
