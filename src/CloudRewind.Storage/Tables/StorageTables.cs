using Azure.Core;
using Azure.Data.Tables;
using CloudRewind.Domain;

namespace CloudRewind.Storage.Tables;

/// <summary>The tables that the app keeps, in one Table Storage account.</summary>
public sealed class StorageTables : IStoreHealth
{
    /// <summary>The name of the table of protections, their transitions and inventories, and policies.</summary>
    public const string ProtectionsName = "Protections";

    /// <summary>The name of the table of cloud assemblies.</summary>
    public const string CloudAssembliesName = "CloudAssemblies";

    /// <summary>The name of the table of policies by when they are due.</summary>
    public const string DuePoliciesName = "DuePolicies";

    /// <summary>The name of the table of outstanding work.</summary>
    public const string WorkListName = "WorkList";

    /// <summary>The name of the table of revoked tokens.</summary>
    public const string RevokedTokensName = "RevokedTokens";

    /// <summary>How many rows one entity-group transaction may write.</summary>
    internal const int MaxWrites = 100;

    private readonly TableServiceClient service;

    /// <summary>Reaches the tables with an account's connection string.</summary>
    public StorageTables(string connectionString, Action<DateTimeOffset>? answeredAt = null)
        : this(new TableServiceClient(connectionString, Options(answeredAt)))
    {
    }

    /// <summary>Reaches the tables with an identity; there is no key.</summary>
    public StorageTables(Uri endpoint, TokenCredential credential, Action<DateTimeOffset>? answeredAt = null)
        : this(new TableServiceClient(endpoint, credential, Options(answeredAt)))
    {
    }

    /// <summary>Reaches the tables with other options than the app's.</summary>
    internal StorageTables(string connectionString, Action<TableClientOptions> change)
        : this(new TableServiceClient(connectionString, Changed(change)))
    {
    }

    private StorageTables(TableServiceClient service)
    {
        this.service = service;
        Protections = service.GetTableClient(ProtectionsName);
        CloudAssemblies = service.GetTableClient(CloudAssembliesName);
        DuePolicies = service.GetTableClient(DuePoliciesName);
        WorkList = service.GetTableClient(WorkListName);
        RevokedTokens = service.GetTableClient(RevokedTokensName);
    }

    /// <summary>The names of the tables that <see cref="PrepareAsync"/> creates.</summary>
    public static IReadOnlyList<string> Names { get; } =
        [ProtectionsName, CloudAssembliesName, DuePoliciesName, WorkListName, RevokedTokensName];

    internal TableClient Protections { get; }

    internal TableClient CloudAssemblies { get; }

    internal TableClient DuePolicies { get; }

    internal TableClient WorkList { get; }

    internal TableClient RevokedTokens { get; }

    /// <summary>A table of another adapter in the same account, under the same deadlines. Its owner creates it.</summary>
    public TableClient Open(string name) => service.GetTableClient(name);

    /// <inheritdoc/>
    public Task PrepareAsync(CancellationToken cancellationToken) =>
        StorageErrors.GuardAsync("create the tables", async () =>
        {
            foreach (var name in Names)
                await service.CreateTableIfNotExistsAsync(name, cancellationToken);
        }, cancellationToken);

    /// <inheritdoc/>
    public Task CheckAsync(CancellationToken cancellationToken) =>
        StorageErrors.GuardAsync("reach the tables", () => Protections.LookUpAsync("check", "check", cancellationToken), cancellationToken);

    private static TableClientOptions Changed(Action<TableClientOptions> change)
    {
        var options = Options(answeredAt: null);
        change(options);
        return options;
    }

    private static TableClientOptions Options(Action<DateTimeOffset>? answeredAt)
    {
        var options = new TableClientOptions { RetryPolicy = new CallDeadline() };
        if (answeredAt is not null)
            options.AddPolicy(new AnswerTimes(answeredAt), HttpPipelinePosition.PerRetry);
        return options;
    }
}
