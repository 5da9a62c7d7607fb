using System.Diagnostics;
using System.Diagnostics.Metrics;
using CloudRewind.Domain;
using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Policies;
using CloudRewind.Domain.Protections;

namespace CloudRewind.Functions.Telemetry;

/// <summary>The app's metrics, under the name <c>CloudRewind</c>, and what it adds to the spans of the Functions worker.</summary>
public sealed class CloudRewindTelemetry
{
    /// <summary>The name of the meter.</summary>
    public const string Name = "CloudRewind";

    /// <summary>The tag with the request's correlation id, on every span that was made for the request.</summary>
    public const string CorrelationTag = "cloudrewind.correlation_id";

    private const string LookupOperation = "GetAwsProtectionStatus";

    private readonly Counter<long> transitions;
    private readonly Counter<long> lookups;
    private readonly Histogram<double> runDuration;
    private readonly Gauge<int> progress;
    private readonly Counter<long> restarts;
    private readonly Counter<long> stalls;
    private readonly Counter<long> missed;
    private readonly Gauge<double> newestGoodAge;

    /// <summary>Makes the instruments.</summary>
    public CloudRewindTelemetry(IMeterFactory meters)
    {
        var meter = meters.Create(Name);
        transitions = meter.CreateCounter<long>("cloudrewind.protection.transitions", "{transition}", "Transitions recorded, by the states before and after.");
        lookups = meter.CreateCounter<long>("cloudrewind.protection.lookups", "{lookup}", "Status lookups, by their answer.");
        runDuration = meter.CreateHistogram<double>("cloudrewind.protection.run.duration", "s", "From a protection's creation to its outcome.");
        progress = meter.CreateGauge<int>("cloudrewind.protection.progress", "%", "How far a protection in progress is, weighted by size, by its cloud assembly.");
        restarts = meter.CreateCounter<long>("cloudrewind.watchdog.restarts", "{restart}", "Orchestrations that the watchdog started again.");
        stalls = meter.CreateCounter<long>("cloudrewind.watchdog.stalls", "{stall}", "Looks that found a protection which stands still.");
        missed = meter.CreateCounter<long>("cloudrewind.schedule.missed", "{due_time}", "Due times without a protection, by the reason.");
        newestGoodAge = meter.CreateGauge<double>("cloudrewind.assembly.newest_good_age", "s", "How old the newest good copy is, by its cloud assembly.");
    }

    /// <summary>Says on the running function's span, which the Functions worker has begun, what it is about.</summary>
    /// <returns>The span; null where nobody listens.</returns>
    public static Activity? Tag(ProtectionId id, string correlationId) =>
        Activity.Current?.SetTag("cloudrewind.protection_id", id.ToString()).SetTag(CorrelationTag, correlationId);

    /// <summary>Counts a transition, and measures the run that it ends.</summary>
    /// <param name="transition">The transition.</param>
    /// <param name="createdAt">When the protection was created, in UTC.</param>
    public void CountTransition(ProtectionTransition transition, DateTimeOffset createdAt)
    {
        var to = transition.To.ToWireName();
        transitions.Add(1, new("from", transition.From?.ToWireName() ?? "none"), new("to", to));
        if (transition.To.IsOutcome())
            runDuration.Record((transition.At - createdAt).TotalSeconds, new KeyValuePair<string, object?>("outcome", to));
    }

    /// <summary>Counts a status lookup: a status, <c>not-modified</c>, or the code of a refusal.</summary>
    public void CountLookup(string answer) => lookups.Add(1, new KeyValuePair<string, object?>("answer", answer));

    /// <summary>Counts a request that was answered with an error, where the operation counts its answers.</summary>
    public void CountError(string operation, string code)
    {
        if (operation == LookupOperation)
            CountLookup(code);
    }

    /// <summary>Shows how far a protection is. There is one series for each assembly that is being protected.</summary>
    public void ShowProgress(ProtectionId id, int percent) =>
        progress.Record(percent, new("account", id.Assembly.AccountId), new("project", id.Assembly.ProjectId), new("cloud_assembly", id.Assembly.CloudAssemblyId));

    /// <summary>Counts a due time that was missed.</summary>
    public void CountMissed(MissedReason reason) => missed.Add(1, new KeyValuePair<string, object?>("reason", reason.ToWireName()));

    /// <summary>Shows how old the newest good copy of an assembly is; of one that has none, how long it has been scheduled without one.</summary>
    public void ShowNewestGoodAge(AssemblyKey assembly, TimeSpan age) =>
        newestGoodAge.Record(age.TotalSeconds, new("account", assembly.AccountId), new("project", assembly.ProjectId), new("cloud_assembly", assembly.CloudAssemblyId));

    /// <summary>Counts an orchestration that was started again.</summary>
    public void CountRestart(string found) => restarts.Add(1, new KeyValuePair<string, object?>("found", found));

    /// <summary>Counts a protection that stands still.</summary>
    public void CountStall(ProtectionStatus status) => stalls.Add(1, new KeyValuePair<string, object?>("status", status.ToWireName()));
}
