using Microsoft.Extensions.Hosting;

namespace CloudRewind.LocalRuntime;

/// <summary>What an app does only when it runs on the local runtime, so that its Program.cs is the same for both.</summary>
public interface ILocalRuntimeStartup
{
    /// <summary>Runs inside <c>FunctionsApplication.CreateBuilder</c>, once the configuration is loaded.</summary>
    /// <param name="builder">The app's builder.</param>
    /// <param name="environment">Where the app runs; it has no base address yet.</param>
    void Configure(IHostApplicationBuilder builder, LocalRuntimeEnvironment environment);

    /// <summary>Runs once the port is open and everything runs.</summary>
    /// <param name="services">The app's services.</param>
    /// <param name="environment">Where the app runs.</param>
    /// <param name="cancellationToken">Fires when the start is given up.</param>
    Task StartedAsync(IServiceProvider services, LocalRuntimeEnvironment environment, CancellationToken cancellationToken);
}

/// <summary>Names the app's <see cref="ILocalRuntimeStartup"/>, which needs a parameterless constructor.</summary>
/// <param name="startupType">The type.</param>
[AttributeUsage(AttributeTargets.Assembly)]
public sealed class LocalRuntimeStartupAttribute(Type startupType) : Attribute
{
    /// <summary>The type that implements <see cref="ILocalRuntimeStartup"/>.</summary>
    public Type StartupType { get; } = startupType;
}
