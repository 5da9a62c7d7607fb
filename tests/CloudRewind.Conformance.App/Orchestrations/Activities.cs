using CloudRewind.Conformance.Evidence;
using Microsoft.Azure.Functions.Worker;

namespace CloudRewind.Conformance.Orchestrations;

/// <summary>The activities that several orchestrations call.</summary>
public sealed class Activities(Notes notes, Gates gates)
{
    /// <summary>Gives its input back.</summary>
    [Function(nameof(Echo))]
    public static string? Echo([ActivityTrigger] string? text) => text;

    /// <summary>Fails, always.</summary>
    [Function(nameof(Fail))]
    public static void Fail([ActivityTrigger] string text) => throw new InvalidOperationException(text);

    /// <summary>Notes each attempt with its time, and fails as often as it is told to.</summary>
    [Function(nameof(FailAtFirst))]
    public int FailAtFirst([ActivityTrigger] Failures failures)
    {
        var attempt = notes.Add(failures.InstanceId, $"{DateTime.UtcNow:O}");
        return attempt > failures.Count ? attempt : throw new InvalidOperationException($"attempt {attempt}");
    }

    /// <summary>Notes that it has begun, waits until a test opens its gate, and gives the gate's name back.</summary>
    [Function(nameof(PassGate))]
    public async Task<string> PassGate([ActivityTrigger] string gate, CancellationToken cancellation)
    {
        notes.Add(gate, "begun");
        await gates.Passed(gate).WaitAsync(cancellation);
        return gate;
    }

    /// <summary>Waits until a test opens its gate, and fails.</summary>
    [Function(nameof(FailAtGate))]
    public async Task FailAtGate([ActivityTrigger] string gate, CancellationToken cancellation)
    {
        await gates.Passed(gate).WaitAsync(cancellation);
        throw new InvalidOperationException(gate);
    }
}

/// <summary>How often an activity is to fail for an instance.</summary>
public sealed record Failures(string InstanceId, int Count);
