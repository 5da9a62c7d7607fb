using System.Text.Json;
using CloudRewind.Functions.Orchestrations.AssemblyDeletion;
using CloudRewind.Functions.Orchestrations.ProtectionLifecycle;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Protobuf;
using Microsoft.DurableTask.Worker.Grpc;

namespace CloudRewind.Functions.Tests.Replay;

/// <summary>The last thing that the engine asked of an orchestrator before its history ended or began anew, and what that decided.</summary>
/// <param name="Orchestrator">The function's name.</param>
/// <param name="Request">An <c>OrchestratorRequest</c> with the whole history, as the engine sends it: in base64.</param>
/// <param name="Response">The <c>OrchestratorResponse</c> of then, in base64.</param>
internal sealed record RecordedRequest(string Orchestrator, string Request, string Response)
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>Where the requests of released versions are.</summary>
    public static string Folder { get; } = Path.Combine(Repository.Root, "tests", "CloudRewind.Functions.Tests", "Replay", "Requests");

    public static RecordedRequest Read(string name) => JsonSerializer.Deserialize<RecordedRequest>(File.ReadAllText(Path.Combine(Folder, name)))!;

    public void Write(string name) => File.WriteAllText(Path.Combine(Folder, name), JsonSerializer.Serialize(this, Indented) + "\n");

    /// <summary>What was asked.</summary>
    public OrchestratorRequest Asked() => OrchestratorRequest.Parser.ParseFrom(Convert.FromBase64String(Request));

    /// <summary>What was decided then.</summary>
    public OrchestratorResponse Decided() => OrchestratorResponse.Parser.ParseFrom(Convert.FromBase64String(Response));

    /// <summary>What today's code decides.</summary>
    public OrchestratorResponse Replay() => OrchestratorResponse.Parser.ParseFrom(Convert.FromBase64String(Orchestrator switch
    {
        LifecycleOrchestrator.Name => Run<LifecycleInput>(LifecycleOrchestrator.Run),
        DeletionOrchestrator.Name => Run<DeletionInput>(DeletionOrchestrator.Run),
        _ => throw new NotSupportedException(Orchestrator),
    }));

    private string Run<TInput>(Func<TaskOrchestrationContext, Task> orchestrator) =>
        GrpcOrchestrationRunner.LoadAndRun<TInput, object>(Request, async (context, _) =>
        {
            await orchestrator(context);
            return null;
        });
}
