using System.Globalization;
using CloudRewind.LocalRuntime.Durable.History;

namespace CloudRewind.LocalRuntime.Durable.Storage;

/// <summary>Something for an instance, stored until a turn has received it.</summary>
/// <param name="InstanceId">The instance.</param>
/// <param name="Key">The row's key: of one order within the process, or derived from what it answers, so that it comes once.</param>
/// <param name="For">The start or the run that it is meant for; anything else drops it.</param>
/// <param name="Event">What is received.</param>
internal sealed record InboxMessage(string InstanceId, string Key, string For, HistoryEvent Event)
{
    private static long s_last;

    /// <summary>A message from a caller; of two that are made one after the other the first sorts first.</summary>
    public static InboxMessage FromCaller(InstanceRow instance, HistoryEvent received)
    {
        long last, next;
        do
        {
            last = Volatile.Read(ref s_last);
            next = Math.Max(last + 1, DateTime.UtcNow.Ticks);
        }
        while (Interlocked.CompareExchange(ref s_last, next, last) != last);

        return new InboxMessage(instance.InstanceId, string.Create(CultureInfo.InvariantCulture, $"{next:D19}"), instance.StartId, received);
    }

    /// <summary>The answer of a sub-orchestration: however often it is sent, it is one row.</summary>
    public static InboxMessage ToParent(ParentCall parent, HistoryEvent received) =>
        new(parent.InstanceId, $"sub-{parent.RunId}-{parent.TaskId}", parent.RunId, received);
}
