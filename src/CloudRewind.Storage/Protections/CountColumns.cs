using Azure.Data.Tables;
using CloudRewind.Domain.Protections;
using CloudRewind.Storage.Tables;

namespace CloudRewind.Storage.Protections;

/// <summary>The three columns of <see cref="ResourceCounts"/>.</summary>
internal static class CountColumns
{
    private const string Total = "ResourcesTotal";
    private const string Captured = "ResourcesCaptured";
    private const string Failed = "ResourcesFailed";

    public static void Write(TableEntity row, ResourceCounts counts)
    {
        row[Total] = counts.Total;
        row[Captured] = counts.Captured;
        row[Failed] = counts.Failed;
    }

    public static ResourceCounts Read(TableEntity row) => new(row.Number(Total), row.Number(Captured), row.Number(Failed));
}
