using Azure;
using Azure.Data.Tables;
using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Protections;
using CloudRewind.Storage.Tables;

namespace CloudRewind.Storage.Protections;

/// <summary>The active run of an assembly as a row of the table <c>Protections</c>.</summary>
internal static class ActiveRunRow
{
    /// <summary>The write that replaces a run, if nobody else has written it since it was read.</summary>
    /// <param name="assembly">The assembly.</param>
    /// <param name="run">The run as it is to be.</param>
    /// <param name="version">The row's ETag as it was read; null where there was no row.</param>
    public static TableTransactionAction Write(AssemblyKey assembly, ActiveRun run, ETag? version)
    {
        var row = new TableEntity(Keys.Protections.Partition(assembly), Keys.Protections.ActiveRun)
        {
            [nameof(ActiveRun.Running)] = run.Running?.ToString(),
            [nameof(ActiveRun.LatestMilliseconds)] = run.LatestMilliseconds,
            [nameof(ActiveRun.IsClosed)] = run.IsClosed,
        };
        return version is { } read
            ? new TableTransactionAction(TableTransactionActionType.UpdateReplace, row, read)
            : new TableTransactionAction(TableTransactionActionType.Add, row);
    }

    public static ActiveRun Read(TableEntity row) => new(
        row.GetString(nameof(ActiveRun.Running)) is { } id ? ProtectionId.Parse(id) : null,
        row.GetInt64(nameof(ActiveRun.LatestMilliseconds)) ?? -1,
        row.GetBoolean(nameof(ActiveRun.IsClosed)) ?? false);
}
