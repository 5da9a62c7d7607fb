using CloudRewind.LocalRuntime.Durable;
using CloudRewind.LocalRuntime.Durable.History;
using CloudRewind.TestSupport;

namespace CloudRewind.Functions.Tests.Replay;

/// <summary>What an orchestrator once asked for and received, as the engine stored it.</summary>
/// <param name="Orchestrator">The function's name.</param>
/// <param name="InstanceId">The instance.</param>
/// <param name="Start">What the run began with.</param>
/// <param name="Turns">What happened.</param>
internal sealed record RecordedHistory(string Orchestrator, string InstanceId, RunStart Start, IReadOnlyList<Turn> Turns)
{
    /// <summary>Where the histories of released versions are.</summary>
    public static string Folder { get; } = Path.Combine(Repository.Root, "tests", "CloudRewind.Functions.Tests", "Replay", "Histories");

    public static RecordedHistory Read(string name) => DurableJson.Restore<RecordedHistory>(File.ReadAllText(Path.Combine(Folder, name)));

    public void Write(string name) => File.WriteAllText(Path.Combine(Folder, name), DurableJson.Store(this) + "\n");
}
