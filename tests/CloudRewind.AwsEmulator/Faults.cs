using CloudRewind.AwsEmulator.Protocol;

namespace CloudRewind.AwsEmulator;

/// <summary>What goes wrong. Everything may be set at any time.</summary>
public sealed class Faults
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, Queue<AwsError>> errors = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> lost = new(StringComparer.Ordinal);
    private Random random = new(1);
    private double throttled;
    private IReadOnlyList<string> throttledActions = [];

    /// <summary>How long EC2 does not know a new snapshot, in whatever call.</summary>
    public TimeSpan VisibleAfter { get; set; }

    /// <summary>The least time between two snapshots of one volume.</summary>
    public TimeSpan PaceOfVolume { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How many snapshots of one volume may be pending; of st1 and sc1 it is one.</summary>
    public int MostPendingOfVolume { get; set; } = 5;

    /// <summary>How many snapshots of the account may be pending.</summary>
    public int MostPending { get; set; } = int.MaxValue;

    /// <summary>The most items of a page, whatever is asked for.</summary>
    public int PageSize { get; set; } = 1_000;

    /// <summary>Whether the first page of a filtered describe call is empty and has a next one, as EC2's documentation allows.</summary>
    public bool EmptyFirstPages { get; set; }

    /// <summary>Whether IAM decides before EC2 looks: then a policy that demands a tag denies the removal of a snapshot that is gone.</summary>
    public bool DeniesWhatIsGone { get; set; }

    /// <summary>How long each answer takes.</summary>
    public TimeSpan Delay { get; set; }

    /// <summary>Refuses a share of the calls of some actions, or of all, as too many; which ones, the seed decides.</summary>
    /// <param name="share">From 0 to 1.</param>
    /// <param name="seed">The same seed refuses the same calls.</param>
    /// <param name="actions">Such as <c>CreateSnapshots</c>; none: all.</param>
    public void Throttle(double share, int seed = 1, params IReadOnlyList<string> actions)
    {
        lock (gate)
            (throttled, random, throttledActions) = (share, new Random(seed), actions);
    }

    /// <summary>The next calls of an action get an error, and nothing is done. Without a code it comes from a proxy before AWS, as HTML.</summary>
    public void Fail(string action, string code, string message, int status = 400, int times = 1)
    {
        lock (gate)
        {
            errors.TryAdd(action, []);
            for (var time = 0; time < times; time++)
                errors[action].Enqueue(new AwsError(code, message, status));
        }
    }

    /// <summary>The next calls of an action are done, and the connection breaks before the answer.</summary>
    public void LoseReplies(string action, int times = 1)
    {
        lock (gate)
            lost[action] = times;
    }

    /// <summary>Nothing goes wrong any more. The limits stay: they are no faults.</summary>
    public void Clear()
    {
        lock (gate)
        {
            errors.Clear();
            lost.Clear();
            throttled = 0;
            (VisibleAfter, Delay, EmptyFirstPages, DeniesWhatIsGone) = (TimeSpan.Zero, TimeSpan.Zero, false, false);
        }
    }

    internal void Meet(string action, bool isSts)
    {
        lock (gate)
        {
            if (errors.GetValueOrDefault(action) is { Count: > 0 } queue)
                throw queue.Dequeue();
            if (throttled > 0 && (throttledActions.Count == 0 || throttledActions.Contains(action)) && random.NextDouble() < throttled)
                throw isSts ? new AwsError("Throttling", "Rate exceeded") : new AwsError("RequestLimitExceeded", "Request limit exceeded.", 503);
        }
    }

    internal bool LosesReply(string action)
    {
        lock (gate)
        {
            if (lost.GetValueOrDefault(action) == 0)
                return false;
            lost[action]--;
            return true;
        }
    }
}
