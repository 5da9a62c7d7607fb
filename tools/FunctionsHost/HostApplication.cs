using System.Net.Sockets;
using CloudRewind.FunctionsHost.Functions;
using CloudRewind.FunctionsHost.Http;
using CloudRewind.FunctionsHost.Telemetry;
using CloudRewind.FunctionsHost.Timers;
using CloudRewind.FunctionsHost.Worker;
using Microsoft.AspNetCore.Connections;
using Microsoft.Azure.WebJobs;
using Microsoft.Azure.WebJobs.Extensions.DurableTask;
using Microsoft.Azure.WebJobs.Host.Config;
using Microsoft.Azure.WebJobs.Host.Timers;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace CloudRewind.FunctionsHost;

/// <summary>The host as a program.</summary>
public static class HostApplication
{
    /// <summary>Runs the app until the host is stopped. Errors go to the console.</summary>
    /// <param name="args">The app's folder and the host's options.</param>
    /// <param name="companion">Services to run beside the host; null for none.</param>
    /// <returns>The exit code of the process.</returns>
    public static Task<int> RunAsync(string[] args, IHostCompanion? companion = null) => GuardAsync(async () =>
    {
        var settings = HostSettings.Read(args);
        var builder = WebApplication.CreateEmptyBuilder(
            new WebApplicationOptions { ContentRootPath = settings.AppFolder, EnvironmentName = settings.EnvironmentName });
        builder.Configuration.AddConfiguration(settings.Configuration);
        builder.Logging.AddHostConsole(builder.Configuration);
        builder.WebHost.AddHostServer(settings);

        builder.Services.AddRouting();
        builder.Services.AddHttpForwarder();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = HostService.DrainLimit);
        builder.Services.AddHostTelemetry(settings);
        builder.Services.AddSingleton(settings);
        builder.Services.AddSingleton(new StorageProbe(settings.Storage));
        builder.Services.AddSingleton<WorkerSupervisor>();
        builder.Services.AddSingleton<FunctionIndex>();
        builder.Services.AddSingleton<FunctionInvoker>();
        builder.Services.AddSingleton<RequestForwarding>();
        builder.Services.AddSingleton<FunctionEndpoints>();
        builder.Services.AddSingleton<TimerTriggers>();
        builder.Services.AddSingleton(companion ?? new NoCompanion());

        builder.Services.AddSingleton<ITypeLocator>(services => services.GetRequiredService<FunctionIndex>());
        builder.Services.AddWebJobs(_ => { }).AddExecutionContextBinding().AddDurableTask();
        builder.Services.Replace(ServiceDescriptor.Singleton<IWebJobsExceptionHandler, FunctionTimeouts>());
#pragma warning disable CS0618 // The Durable extension asks for one.
        builder.Services.AddSingleton<IWebHookProvider, NoWebHooks>();
#pragma warning restore CS0618
        builder.Services.AddSingleton<HostService>();
        builder.Services.AddHostedService(services => services.GetRequiredService<HostService>());

        var app = builder.Build();
        var host = app.Services.GetRequiredService<HostService>();
        app.Use(host.AnswerOnceReadyAsync);
        app.Use(host.RedirectRootAsync);
        app.UseRouting();
        ((IEndpointRouteBuilder)app).DataSources.Add(app.Services.GetRequiredService<FunctionEndpoints>());
        await app.RunAsync();
        return host.ExitCode;
    });

    /// <summary>Runs a command, and turns a reason not to start into one line on the console and exit code 1.</summary>
    public static async Task<int> GuardAsync(Func<Task<int>> command)
    {
        try
        {
            return await command();
        }
        catch (HostStartException error)
        {
            await Console.Error.WriteLineAsync(error.Message);
            return 1;
        }
        catch (Exception error) when (error is SocketException or IOException { InnerException: AddressInUseException })
        {
            await Console.Error.WriteLineAsync(
                $"{error.Message} End the other program, or choose another address: --urls http://localhost:7072");
            return 1;
        }
    }
}
