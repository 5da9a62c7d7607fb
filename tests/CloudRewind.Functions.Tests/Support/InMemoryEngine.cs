using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using CloudRewind.Functions.Orchestrations.AssemblyDeletion;
using CloudRewind.Functions.Orchestrations.ProtectionLifecycle;
using Grpc.Core.Interceptors;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Testing;
using Microsoft.DurableTask.Worker.Grpc;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace CloudRewind.Functions.Tests.Support;

/// <summary>The engine itself, in memory and in real time, with the app's orchestrators and scripted activities.</summary>
internal sealed class InMemoryEngine : IAsyncDisposable
{
    private readonly DurableTaskTestHost host;

    private InMemoryEngine(DurableTaskTestHost host) => this.host = host;

    /// <summary>Its client.</summary>
    public DurableTaskClient Client => host.Client;

    /// <summary>Starts one.</summary>
    /// <param name="activities">The activities, by name.</param>
    /// <param name="traffic">Sees what engine and worker tell each other.</param>
    public static async Task<InMemoryEngine> StartAsync(IReadOnlyDictionary<string, Func<string, object?>> activities, Interceptor? traffic = null) => new(
        await DurableTaskTestHost.StartAsync(
            registry =>
            {
                registry.AddOrchestratorFunc<LifecycleInput, object?>(LifecycleOrchestrator.Name, Orchestrator<LifecycleInput>(LifecycleOrchestrator.Run));
                registry.AddOrchestratorFunc<DeletionInput, object?>(DeletionOrchestrator.Name, Orchestrator<DeletionInput>(DeletionOrchestrator.Run));
                foreach (var (name, activity) in activities)
                    registry.AddActivityFunc<JsonElement, object?>(name, (_, input) => activity($"[{input.GetRawText()}]"));
            },
            new DurableTaskTestHostOptions
            {
                Port = FreePort(),
                LoggerFactory = NullLoggerFactory.Instance,
                ConfigureServices = services =>
                {
                    if (traffic is not null)
                        services.PostConfigureAll<GrpcDurableTaskWorkerOptions>(options => Intercept(options, traffic));
                },
            }));

    public ValueTask DisposeAsync() => host.DisposeAsync();

    private static Func<TaskOrchestrationContext, TInput, Task<object?>> Orchestrator<TInput>(Func<TaskOrchestrationContext, Task> orchestrator) =>
        async (context, _) =>
        {
            await orchestrator(context);
            return null;
        };

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static void Intercept(GrpcDurableTaskWorkerOptions options, Interceptor traffic)
    {
        if (options.Channel is not { } channel)
            return;
        options.CallInvoker = channel.Intercept(traffic);
        options.Channel = null;
    }
}
