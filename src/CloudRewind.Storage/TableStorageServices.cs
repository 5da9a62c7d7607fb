using CloudRewind.Domain;
using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Capture;
using CloudRewind.Domain.Driving;
using CloudRewind.Domain.Policies;
using CloudRewind.Domain.Protections;
using CloudRewind.Domain.Tokens;
using CloudRewind.Storage.Assemblies;
using CloudRewind.Storage.Capture;
using CloudRewind.Storage.Driving;
using CloudRewind.Storage.Policies;
using CloudRewind.Storage.Protections;
using CloudRewind.Storage.Tables;
using CloudRewind.Storage.Tokens;
using Microsoft.Extensions.DependencyInjection;

namespace CloudRewind.Storage;

/// <summary>Registers the stores that keep everything in Table Storage.</summary>
public static class TableStorageServices
{
    /// <summary>Every port of the domain that keeps something. Needs <see cref="TableStorageOptions"/> and a <see cref="TimeProvider"/>.</summary>
    /// <param name="services">The services.</param>
    /// <param name="clock">What is told the time that each answer of storage names.</param>
    public static IServiceCollection AddTableStorage(this IServiceCollection services, Func<IServiceProvider, Action<DateTimeOffset>> clock) => services
        .AddSingleton(provider => provider.GetRequiredService<TableStorageOptions>().Open(clock(provider)))
        .AddSingleton<IStoreHealth>(provider => provider.GetRequiredService<StorageTables>())
        .AddSingleton<ICloudAssemblyStore, TableCloudAssemblyStore>()
        .AddSingleton<IProtectionStore, TableProtectionStore>()
        .AddSingleton<IProtectionPolicyStore, TableProtectionPolicyStore>()
        .AddSingleton<IDuePolicies, TableDuePolicies>()
        .AddSingleton<IResourceInventory, TableResourceInventory>()
        .AddSingleton<IWorkList, TableWorkList>()
        .AddSingleton<IRevokedTokens, TableRevokedTokens>();
}
