using CloudRewind.Aws;
using CloudRewind.Functions.Assemblies;
using CloudRewind.Functions.Auth;
using CloudRewind.Functions.Clock;
using CloudRewind.Functions.Docs;
using CloudRewind.Functions.Health;
using CloudRewind.Functions.Http;
using CloudRewind.Functions.Orchestrations;
using CloudRewind.Functions.Policies;
using CloudRewind.Functions.Protections;
using CloudRewind.Functions.Settings;
using CloudRewind.Functions.Telemetry;
using CloudRewind.Simulation;
using CloudRewind.Storage;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace CloudRewind.Functions;

internal static class Program
{
    public static int Main(string[] args)
    {
        var builder = FunctionsApplication.CreateBuilder(args);
        builder.ConfigureFunctionsWebApplication();
        builder.UseHttpMiddleware();
        builder.Services.AddTelemetry(builder.Configuration).AddCloudRewind();

        using var app = builder.Build();
        var errors = app.Services.FindSettingsErrors();
        if (errors.Count > 0)
        {
            // The Azure Functions host takes the level of each line from its words.
            foreach (var error in errors)
                Console.Error.WriteLine($"Error in the settings: {error}");
            return 1;
        }

        app.Run();
        return 0;
    }

    /// <summary>What the app is made of.</summary>
    internal static IServiceCollection AddCloudRewind(this IServiceCollection services) => SanitizingLoggerFactory.AddTo(services)
        .AddClock()
        .AddSettings("Storage", AdapterSettings.Storage).AddTableStorage(provider => provider.GetRequiredService<BoundedClock>().Observe)
        .AddSettings("Simulation", AdapterSettings.Simulation).AddSimulation()
        .AddSettings("Aws", AdapterSettings.Aws).AddAws()
        .AddHttp()
        .AddAuth()
        .AddAssemblies()
        .AddPolicies()
        .AddProtections()
        .AddOrchestrations()
        .AddDocs()
        .AddHealth();
}
