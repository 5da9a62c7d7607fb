using System.Net.Sockets;
using CloudRewind.LocalHost;
using CloudRewind.LocalHost.Development;
using CloudRewind.LocalHost.Functions;
using CloudRewind.LocalHost.Http;
using CloudRewind.LocalHost.Telemetry;
using CloudRewind.LocalHost.Timers;
using CloudRewind.LocalHost.Worker;
using Microsoft.AspNetCore.Connections;
using Microsoft.Azure.WebJobs;
using Microsoft.Azure.WebJobs.Extensions.DurableTask;
using Microsoft.Azure.WebJobs.Host.Config;
using Microsoft.Azure.WebJobs.Host.Timers;
using Microsoft.Extensions.DependencyInjection.Extensions;

try
{
    if (args is [var folder, TokenCommand.Name, .. var options])
    {
        var root = HostSettings.Read([folder]).RootFolder;
        var access = DevelopmentAccess.CreateIfNeeded(root, Environment.GetEnvironmentVariable, TimeProvider.System);
        Console.WriteLine(TokenCommand.Run(options, access));
        return 0;
    }

    var settings = HostSettings.Read(args);
    var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = settings.AppFolder, EnvironmentName = settings.EnvironmentName });
    builder.Configuration.AddConfiguration(settings.Configuration);
    builder.Logging.AddHostConsole(builder.Configuration);
    builder.WebHost.AddHostServer(settings);

    builder.Services.AddRouting();
    builder.Services.AddHttpForwarder();
    builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = FunctionsHost.DrainLimit);
    builder.Services.AddHostTelemetry(settings);
    builder.Services.AddSingleton(settings);
    builder.Services.AddSingleton(new StorageProbe(settings.Storage));
    builder.Services.AddSingleton<WorkerSupervisor>();
    builder.Services.AddSingleton<FunctionIndex>();
    builder.Services.AddSingleton<FunctionInvoker>();
    builder.Services.AddSingleton<RequestForwarding>();
    builder.Services.AddSingleton<FunctionEndpoints>();
    builder.Services.AddSingleton<TimerTriggers>();

    builder.Services.AddSingleton<ITypeLocator>(services => services.GetRequiredService<FunctionIndex>());
    builder.Services.AddWebJobs(_ => { }).AddExecutionContextBinding().AddDurableTask();
    builder.Services.Replace(ServiceDescriptor.Singleton<IWebJobsExceptionHandler, FunctionTimeouts>());
#pragma warning disable CS0618 // The Durable extension asks for one.
    builder.Services.AddSingleton<IWebHookProvider, NoWebHooks>();
#pragma warning restore CS0618
    builder.Services.AddSingleton<FunctionsHost>();
    builder.Services.AddHostedService(services => services.GetRequiredService<FunctionsHost>());

    var app = builder.Build();
    var host = app.Services.GetRequiredService<FunctionsHost>();
    app.Use(host.AnswerOnceReadyAsync);
    app.Use(host.RedirectRootAsync);
    app.UseRouting();
    ((IEndpointRouteBuilder)app).DataSources.Add(app.Services.GetRequiredService<FunctionEndpoints>());
    await app.RunAsync();
    return host.ExitCode;
}
catch (HostStartException error)
{
    await Console.Error.WriteLineAsync(error.Message);
    return 1;
}
catch (Exception error) when (error is SocketException or IOException { InnerException: AddressInUseException })
{
    await Console.Error.WriteLineAsync($"{error.Message} End the other program, or choose another address: --urls http://localhost:7072");
    return 1;
}
