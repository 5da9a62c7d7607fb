using System.Globalization;
using CloudRewind.TestSupport;

namespace CloudRewind.Chaos.Faults;

/// <summary>A time in which one service of the storage, or all of them, cannot be used.</summary>
/// <param name="Services">What is away.</param>
/// <param name="IsSilent">Whether requests get no answer; otherwise their connections are reset.</param>
/// <param name="Length">How long it lasts.</param>
internal sealed record Outage(StorageService Services, bool IsSilent, TimeSpan Length)
{
    private static readonly TimeSpan ShortestLength = TimeSpan.FromSeconds(30);
    private static readonly StorageService[] Kinds =
        [StorageService.Queues, StorageService.Tables, StorageService.Blobs, StorageService.All];

    private readonly TaskCompletionSource end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool isOn;

    public static Outage Of(Random dice, TimeSpan longest) =>
        new(Kinds[dice.Next(Kinds.Length)], dice.Next(2) == 0, ShortestLength + ((longest - ShortestLength) * dice.NextDouble()));

    public Fault Kind => Services switch
    {
        StorageService.Blobs => Fault.BlobOutages,
        StorageService.Queues => Fault.QueueOutages,
        StorageService.Tables => Fault.TableOutages,
        _ => Fault.OutagesOfAllStorage,
    };

    /// <summary>What a request to a service meets; null where it is answered.</summary>
    public StorageFault? FaultOf(StorageService service) => !isOn || !Services.HasFlag(service) ? null
        : IsSilent ? new StorageFault.Silent(end.Task)
        : new StorageFault.ResetBefore();

    /// <summary>Lasts as long as the outage; what still waits for an answer then is reset.</summary>
    public async Task RunAsync()
    {
        isOn = true;
        await Task.Delay(Length);
        isOn = false;
        end.SetResult();
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Services.ToString().ToLowerInvariant()} {(IsSilent ? "silent" : "refusing")} for {Length.TotalSeconds:F0} s");
}
