using CloudRewind.Domain;
using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Capture;
using CloudRewind.Domain.Changes;
using CloudRewind.Domain.Policies;
using CloudRewind.Domain.Protections;

namespace CloudRewind.Functions.Tests.Docs;

/// <summary>Every name of an enumeration's value in the API, spelled out: renaming a C# value must not change the contract.</summary>
public sealed class WireNameTableTests
{
    [Fact]
    public void Protection_statuses() => Are<ProtectionStatus>(
        ["Status"],
        "created", "preparing", "preparation-completed", "in-progress", "partially-protected", "success", "skipped", "failed", "pruning-failed", "elapsed");

    [Fact]
    public void Protection_events() => Are<ProtectionEventKind>(
        ["Timeline", "properties", "events", "items", "properties", "kind"],
        "cancel-requested", "prune-requested", "kept", "locked", "unlocked", "orchestration-replaced");

    [Fact]
    public void Resource_states() => Are<ResourceState>(
        ["Timeline", "properties", "resources", "items", "properties", "state"], "pending", "capturing", "captured", "failed");

    [Fact]
    public void Assembly_statuses() => Are<AssemblyStatus>(
        ["CloudAssembly", "properties", "status"], "enabled", "disabled", "delete-requested", "delete-in-progress", "deleted");

    [Fact]
    public void Filter_types() => Are<FilterType>(["ResourceFilterStrategy", "properties", "filterType"], "manual", "vpc", "tags");

    [Fact]
    public void Tag_conditions() => Are<TagCondition>(["ResourceFilterStrategy", "properties", "conditions"], "match-all-tags", "match-any-tags");

    [Fact]
    public void Changes() => Are<ChangeKind>(
        ["Change", "properties", "kind"], "created", "replaced", "deletion-requested", "deletion-started", "deleted", "clock-corrected");

    [Fact]
    public void Policy_statuses() => Are<PolicyStatus>(["PolicyStatus"], "enabled", "disabled", "paused");

    [Fact]
    public void Frequencies() => Are<Frequency>(
        ["FrequencyType"],
        "fifteen-minutes", "thirty-minutes", "hourly", "two-hours", "three-hours", "four-hours", "six-hours", "eight-hours", "twelve-hours",
        "daily", "weekly", "monthly", "yearly");

    [Fact]
    public void Run_blocks() => Are<RunBlock>(
        ["RunBlock"], "assembly-deleted", "time-zone-unknown", "assembly-disabled", "policy-disabled", "policy-paused");

    [Fact]
    public void Missed_run_reasons() => Are<MissedReason>(
        ["MissedRun", "properties", "reason"],
        "down", "protection-running", "assembly-disabled", "policy-paused", "policy-changed", "time-zone-unknown");

    private static void Are<T>(string[] schema, params string[] names)
        where T : struct, Enum
    {
        Assert.Equal(names.Order(StringComparer.Ordinal), WireName.All<T>().Order(StringComparer.Ordinal));
        Assert.Equal(names.Order(StringComparer.Ordinal), Contract.Texts(Contract.Schema(schema)["enum"]).Order(StringComparer.Ordinal));
    }
}
