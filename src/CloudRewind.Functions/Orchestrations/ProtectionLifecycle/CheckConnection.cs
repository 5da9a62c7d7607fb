using CloudRewind.Domain;
using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Capture;
using CloudRewind.Functions.Telemetry;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace CloudRewind.Functions.Orchestrations.ProtectionLifecycle;

/// <summary>Asks whether the assembly's connection can be used.</summary>
public sealed class CheckConnection(ICloudAssemblyStore assemblies, ICaptureProvider provider, ILogger<CheckConnection> log)
{
    /// <summary>One attempt.</summary>
    [Function(nameof(CheckConnection))]
    public async Task<ProviderAnswer> Run([ActivityTrigger] LifecycleInput input, FunctionContext context)
    {
        CloudRewindTelemetry.Tag(input.ProtectionId, input.CorrelationId);
        if (await assemblies.FindAsync(input.ProtectionId.Assembly, context.CancellationToken) is not { } assembly)
            return new ProviderAnswer(Failure: "The cloud assembly is gone.");
        try
        {
            var failure = await provider.CheckAsync(assembly, context.CancellationToken);
            return new ProviderAnswer(Failure: failure is null ? null : ReasonText.Cut(failure));
        }
        catch (Exception error) when (error is not StoreUnavailableException && !context.CancellationToken.IsCancellationRequested)
        {
            log.LogWarning(
                error, "The connection of protection {ProtectionId} could not be checked (correlation {CorrelationId})", input.ProtectionId, input.CorrelationId);
            return new ProviderAnswer(Failure: ReasonText.Cut($"The connection could not be checked: {error.Message}"), CanRetry: true);
        }
    }
}
