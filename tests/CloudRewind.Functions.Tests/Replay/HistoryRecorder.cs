using System.Security.Cryptography;
using System.Text.Json;
using CloudRewind.Functions.Orchestration;
using CloudRewind.Functions.Settings;
using CloudRewind.Functions.Telemetry;
using CloudRewind.LocalRuntime;
using CloudRewind.LocalRuntime.Durable.Storage;
using CloudRewind.Protections;
using CloudRewind.Protections.Assemblies;
using CloudRewind.TestSupport;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.IdentityModel.Tokens;

namespace CloudRewind.Functions.Tests.Replay;

/// <summary>Records the histories that <see cref="ReplayTests"/> replays. To be run once for each release whose orchestrators differ from the last one's.</summary>
public sealed class HistoryRecorder
{
    private static readonly DateTimeOffset At = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Set to the version, such as <c>v1</c>, it begins the names of the files.</summary>
    private static string? Version => Environment.GetEnvironmentVariable("CLOUDREWIND_RECORD_HISTORIES");

    [RecordFact]
    public async Task Record()
    {
        await using var storage = await TableStorage.StartAsync();
        using var host = Build(storage);
        await host.StartAsync();

        await RecordProtectionAsync(host, "captured", ["sim-ok-a", "sim-slow-b", "sim-flaky-c"]);
        await RecordProtectionAsync(host, "kept", ["sim-keep-a"]);
        await RecordProtectionAsync(host, "skipped", []);
        await RecordProtectionAsync(host, "failed", ["sim-fail-a"]);
        await RecordEarlyPruneAsync(host);
        await RecordDeletionAsync(host);
        await host.StopAsync();
    }

    private static IHost Build(TableStorage storage)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var publicKey = ECDsa.Create(key.ExportParameters(includePrivateParameters: false));
        var jwk = JsonWebKeyConverter.ConvertFromECDsaSecurityKey(new ECDsaSecurityKey(publicKey));
        var builder = new FunctionsApplicationBuilder(new LocalRuntimeOptions
        {
            App = typeof(ProtectionLifecycle).Assembly,
            ThrowOnRefusal = true,
            Settings = new Dictionary<string, string?>
            {
                ["AZURE_FUNCTIONS_ENVIRONMENT"] = "Production",
                ["AzureWebJobsStorage"] = storage.ConnectionString,
                ["ASPNETCORE_URLS"] = "http://127.0.0.1:0",
                ["Auth:Jwks"] = JsonSerializer.Serialize(new { keys = new[] { new { kty = jwk.Kty, crv = jwk.Crv, x = jwk.X, y = jwk.Y } } }),
                ["Auth:Issuer"] = "recorder",
                ["Auth:Audience"] = "recorder",
                ["Simulation:StepTime"] = "00:00:00.2",
                ["Capture:PollInterval"] = "00:00:00.1",
                ["Retention:PruneRetryInterval"] = "00:00:01",
            },
        });
        builder.ConfigureFunctionsWebApplication();
        var settings = AppSettings.Read(builder.Configuration, isDevelopment: false);
        builder.Services.AddTelemetry(builder.Configuration).AddStorage(settings).AddSecurity(settings).AddCapturing(settings);
        return builder.Build();
    }

    private static async Task RecordProtectionAsync(IHost host, string name, string[] resources)
    {
        var protection = await CreateAsync(host, resources, TimeSpan.FromSeconds(10));
        var store = host.Services.GetRequiredService<IProtectionStore>();
        await RecordAsync(host, OrchestrationInstance.IdOf(protection.Id), nameof(ProtectionLifecycle), name, async () =>
            (await store.FindAsync(protection.Id, CancellationToken.None))!.Status == ProtectionStatus.Elapsed);
    }

    private static async Task RecordEarlyPruneAsync(IHost host)
    {
        var protection = await CreateAsync(host, ["sim-ok-a"], TimeSpan.FromDays(30));
        var store = host.Services.GetRequiredService<IProtectionStore>();
        var asked = false;
        await RecordAsync(host, OrchestrationInstance.IdOf(protection.Id), nameof(ProtectionLifecycle), "pruned-early", async () =>
        {
            var now = (await store.FindAsync(protection.Id, CancellationToken.None))!;
            if (now.Status == ProtectionStatus.Success && !asked)
            {
                asked = true;
                await host.Services.GetRequiredService<DurableTaskClient>().PruneNowAsync(protection.Id, "recorder", CancellationToken.None);
            }

            return now.Status == ProtectionStatus.Elapsed;
        });
    }

    private static async Task RecordDeletionAsync(IHost host)
    {
        var protection = await CreateAsync(host, ["sim-ok-a"], TimeSpan.FromDays(30));
        var assembly = protection.Id.Assembly;
        await host.Services.GetRequiredService<DurableTaskClient>().StartDeletionAsync(assembly, "recorder", CancellationToken.None);
        var assemblies = host.Services.GetRequiredService<ICloudAssemblyStore>();
        await RecordAsync(host, OrchestrationInstance.IdOf(assembly), nameof(AssemblyDeletion), "deletion", async () =>
            (await assemblies.FindAsync(assembly, CancellationToken.None))!.Definition.Status == AssemblyStatus.Deleted);
    }

    private static async Task<Protection> CreateAsync(IHost host, string[] resources, TimeSpan retention)
    {
        var key = new AssemblyKey(1, "recorder", Random.Shared.NextInt64(1, long.MaxValue));
        await host.Services.GetRequiredService<ICloudAssemblyStore>().PutAsync(
            key,
            new AssemblyDefinition(
                "Recorder", null, "eu-central-1", new CloudConnection("arn:aws:iam::123456789012:role/cloud-rewind", null), new ResourceFilter.Manual(resources), null, AssemblyStatus.Enabled),
            _ => true,
            At,
            CancellationToken.None);
        var created = Assert.IsType<CreateResult.Accepted>(await host.Services.GetRequiredService<IProtectionStore>().CreateAsync(
            new NewProtection(key, 0, "Recorder", retention, TimeProvider.System.GetUtcNow(), null), CancellationToken.None)).Protection;
        await host.Services.GetRequiredService<DurableTaskClient>().StartLifecycleAsync(created.Id, "recorder", CancellationToken.None);
        return created;
    }

    // A history is dropped when the next begins: what is there is read again and again, and of each run the longest is kept.
    private static async Task RecordAsync(IHost host, string instanceId, string orchestrator, string name, Func<Task<bool>> isOver)
    {
        var store = host.Services.GetRequiredService<InstanceStore>();
        var runs = new List<(string RunId, RecordedHistory History)>();
        for (var over = false; !over;)
        {
            over = await isOver();
            await ReadAsync();
        }

        await Task.Delay(TimeSpan.FromSeconds(1)); // the last steps come after the last state
        await ReadAsync();
        for (var run = 0; run < runs.Count; run++)
            runs[run].History.Write($"{Version}-{name}-{run + 1:D2}.json");

        async Task ReadAsync()
        {
            try
            {
                if (await store.LoadAsync(instanceId, CancellationToken.None) is not { Turns.Count: > 0 } stored)
                    return;
                runs.RemoveAll(run => run.RunId == stored.Row.RunId);
                // The turn in which a run ends is never replayed.
                var turns = stored.Row.Ended ? stored.Turns.SkipLast(1).ToList() : stored.Turns;
                runs.Add((stored.Row.RunId, new RecordedHistory(orchestrator, instanceId, stored.Start, turns)));
            }
            catch (InvalidOperationException)
            {
                // It was dropped while it was read.
            }
        }
    }

    [AttributeUsage(AttributeTargets.Method)]
    private sealed class RecordFactAttribute : FactAttribute
    {
        public RecordFactAttribute() => Skip = Version is null ? "It writes test data; CLOUDREWIND_RECORD_HISTORIES=v2 dotnet test --filter HistoryRecorder records." : null;
    }
}
