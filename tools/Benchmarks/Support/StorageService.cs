namespace CloudRewind.Benchmarks.Support;

/// <summary>A service of a storage account.</summary>
internal enum StorageService
{
    Blob,
    Queue,
    Table,
}
