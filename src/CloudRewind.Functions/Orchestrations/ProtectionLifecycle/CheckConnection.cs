using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Capture;
using CloudRewind.Functions.Telemetry;
using Microsoft.Azure.Functions.Worker;

namespace CloudRewind.Functions.Orchestrations.ProtectionLifecycle;

/// <summary>Asks whether the assembly's connection can be used.</summary>
public sealed class CheckConnection(ICloudAssemblyStore assemblies, ICaptureProvider provider, ProviderFailures failures)
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
            await provider.CheckAsync(new CaptureTarget(input.ProtectionId, assembly), context.CancellationToken);
            return new ProviderAnswer();
        }
        catch (Exception error) when (!error.EndsRound(context.CancellationToken))
        {
            return await failures.AnswerAsync(error, "The connection could not be checked", input, context.CancellationToken);
        }
    }
}
