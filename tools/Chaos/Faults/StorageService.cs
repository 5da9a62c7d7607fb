namespace CloudRewind.Chaos.Faults;

/// <summary>A service of a storage account.</summary>
[Flags]
internal enum StorageService
{
    None = 0,
    Blobs = 1,
    Queues = 2,
    Tables = 4,
    All = Blobs | Queues | Tables,
}
