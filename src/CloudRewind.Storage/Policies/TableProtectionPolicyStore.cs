using Azure;
using Azure.Data.Tables;
using CloudRewind.Domain;
using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Changes;
using CloudRewind.Domain.Driving;
using CloudRewind.Domain.Policies;
using CloudRewind.Domain.Protections;
using CloudRewind.Storage.Changes;
using CloudRewind.Storage.Protections;
using CloudRewind.Storage.Tables;

namespace CloudRewind.Storage.Policies;

/// <summary>Keeps policies beside the protections that they make, in the partition of the assembly, so that one transaction writes both.</summary>
public sealed class TableProtectionPolicyStore(StorageTables tables, IWorkList work, IDuePolicies due) : IProtectionPolicyStore
{
    private const string LatestId = nameof(LatestId);

    private readonly TableClient table = tables.Protections;

    /// <inheritdoc/>
    public Task<ProtectionPolicy?> FindAsync(PolicyKey key, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(key);
        return StorageErrors.GuardAsync($"read protection policy {key}", async () => (await ReadAsync(key, cancellationToken)).Policy, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<ProtectionPolicy>> ListAsync(AssemblyKey assembly, Action<UnreadableRow> unreadable, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        ArgumentNullException.ThrowIfNull(unreadable);
        return StorageErrors.GuardAsync<IReadOnlyList<ProtectionPolicy>>(
            $"list the protection policies of {assembly}", async () => await ReadAllAsync(assembly, unreadable, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<PolicyResult> CreateAsync(AssemblyKey assembly, PolicyDefinition definition, DateTimeOffset at, Actor by, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        ArgumentNullException.ThrowIfNull(definition);
        return Races.RetryAsync<PolicyResult>($"create a protection policy of {assembly}", async () =>
        {
            var (latest, version) = await ReadLatestAsync(assembly, cancellationToken);
            var others = await ReadReadableAsync(assembly, cancellationToken);
            if (FindSameName(others, definition) is { } other)
                return new PolicyResult.NameTaken(other.Key, other.Definition.Name);
            if (others.Count >= ProtectionPolicy.MostOfAssembly)
                return new PolicyResult.TooMany();
            if ((await table.ReadSummaryAsync(assembly, cancellationToken)).Summary.IsClosed)
                return new PolicyResult.AssemblyClosed();

            var created = ProtectionPolicy.Create(new PolicyKey(assembly, latest + 1), definition, at, by);
            await SayWhenDueAsync(created, at, cancellationToken);
            List<TableTransactionAction> writes =
            [
                WriteLatest(assembly, latest + 1, version),
                new(TableTransactionActionType.Add, PolicyRow.Create(created)),
                AddChange(created.Key, created.LastChange),
            ];
            await table.WriteAsync(writes, cancellationToken);
            return new PolicyResult.Accepted(created, created.LastChange);
        }, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<PolicyResult> ReplaceAsync(
        PolicyKey key, PolicyDefinition definition, Predicate<ProtectionPolicy> condition, DateTimeOffset at, Actor by, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(definition);
        ArgumentNullException.ThrowIfNull(condition);
        while (true)
        {
            var replaced = await Races.RetryAsync<PolicyResult?>(
                $"replace protection policy {key}", () => TryReplaceAsync(key, definition, condition, at, by, cancellationToken), cancellationToken);
            if (replaced is PolicyResult.Accepted accepted)
                await SayWhenDueAsync(accepted.Policy, at, cancellationToken); // again: a look at the old definition may have used it up
            if (replaced is not null)
                return replaced;
        }
    }

    /// <inheritdoc/>
    public Task<PolicyResult> DeleteAsync(PolicyKey key, Predicate<ProtectionPolicy> condition, DateTimeOffset at, Actor by, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(condition);
        return Races.RetryAsync<PolicyResult>($"delete protection policy {key}", async () =>
        {
            var (latest, latestVersion) = await ReadLatestAsync(key.Assembly, cancellationToken);
            if (await ReadAsync(key, cancellationToken) is not ({ } policy, { } version))
                return new PolicyResult.NoSuchPolicy();
            if (!condition(policy))
                return new PolicyResult.ConditionFailed();
            var change = policy.Delete(at, by);
            List<TableTransactionAction> writes =
            [
                WriteLatest(key.Assembly, latest, latestVersion),
                new(TableTransactionActionType.Delete, PolicyRow.Create(policy), version),
                AddChange(key, change),
            ];
            await table.WriteAsync(writes, cancellationToken);
            return new PolicyResult.Accepted(policy, change);
        }, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<AdvanceResult?> AdvanceAsync(PolicyKey key, Func<ProtectionPolicy, ProtectionSummary, ScheduleStep> decide, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(decide);
        return Races.RetryAsync(
            $"decide about the due times of protection policy {key}", () => TryAdvanceAsync(key, decide, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<MissedRunPage> ListMissedAsync(PolicyKey key, int skip, int take, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(key);
        var filter = TableReads.PrefixFilter(Keys.Protections.Partition(key.Assembly), Keys.Policies.MissedPrefix(key));
        return StorageErrors.GuardAsync($"list the missed due times of protection policy {key}", async () =>
        {
            var (rows, total) = await table.PageAsync(filter, skip, take, cancellationToken);
            return new MissedRunPage([.. rows.Select(MissedRow.Read)], total);
        }, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<Change>> ListChangesAsync(PolicyKey key, int take, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(key);
        return StorageErrors.GuardAsync(
            $"list the changes of protection policy {key}",
            () => ChangeRow.ListAsync(table, Keys.Protections.Partition(key.Assembly), Keys.Policies.ChangePrefix(key), take, cancellationToken),
            cancellationToken);
    }

    // Null where the old definition still has due times that are undecided.
    private async Task<PolicyResult?> TryReplaceAsync(
        PolicyKey key, PolicyDefinition definition, Predicate<ProtectionPolicy> condition, DateTimeOffset at, Actor by, CancellationToken cancellationToken)
    {
        var (latest, latestVersion) = await ReadLatestAsync(key.Assembly, cancellationToken);
        var others = await ReadReadableAsync(key.Assembly, cancellationToken);
        if (await ReadAsync(key, cancellationToken) is not ({ } policy, { } version))
            return new PolicyResult.NoSuchPolicy();
        if (!condition(policy))
            return new PolicyResult.ConditionFailed();
        if (FindSameName(others.Where(other => other.Key != key), definition) is { } taken)
            return new PolicyResult.NameTaken(taken.Key, taken.Definition.Name);
        if ((await table.ReadSummaryAsync(key.Assembly, cancellationToken)).Summary.IsClosed)
            return new PolicyResult.AssemblyClosed();

        var (step, withdrawn) = await WithdrawAsync(policy, policy.Replace(definition, at, by), cancellationToken);
        await SayWhenDueAsync(step.Policy, at, cancellationToken);
        List<TableTransactionAction> writes =
        [
            WriteLatest(key.Assembly, latest, latestVersion),
            new(TableTransactionActionType.UpdateReplace, PolicyRow.Create(step.Policy), version),
            .. withdrawn,
            .. step.Missed.Select(missed => new TableTransactionAction(TableTransactionActionType.Add, MissedRow.Create(key, missed))),
        ];
        if (step.Policy.Version != policy.Version)
            writes.Add(AddChange(key, step.Policy.LastChange));
        await table.WriteAsync(writes, cancellationToken);
        return step.HasMore ? null : new PolicyResult.Accepted(step.Policy, step.Policy.LastChange);
    }

    private async Task<AdvanceResult?> TryAdvanceAsync(
        PolicyKey key, Func<ProtectionPolicy, ProtectionSummary, ScheduleStep> decide, CancellationToken cancellationToken)
    {
        var (policy, version) = await ReadAsync(key, cancellationToken);
        var (summary, summaryVersion) = await table.ReadSummaryAsync(key.Assembly, cancellationToken);
        if (policy is null || summary.IsClosed)
            return null;

        var (step, withdrawn) = await WithdrawAsync(policy, decide(policy, summary), cancellationToken);
        if (step.Policy == policy && withdrawn.Count == 0)
            return new AdvanceResult(step, null, summary.NewestGood);
        List<TableTransactionAction> writes =
        [
            new(TableTransactionActionType.UpdateReplace, PolicyRow.Create(step.Policy), version!.Value),
            .. withdrawn,
            .. step.Missed.Select(missed => new TableTransactionAction(TableTransactionActionType.Add, MissedRow.Create(key, missed))),
        ];
        if (step.Policy.Version != policy.Version)
            writes.Add(AddChange(key, step.Policy.LastChange));
        Protection? started = null;
        if (step.Start is { } request
            && Protection.Create(request, summary.LatestMilliseconds) is var creation
            && await table.FindAsync(Keys.Protections.Partition(key.Assembly), Keys.Protections.Protection(creation.Protection.Id), cancellationToken) is null)
        {
            started = creation.Protection;

            // Listed first: if this process dies now, the watchdog finds the protection and starts it.
            await work.EnsureAsync(WorkKey.Lifecycle(started.Id), request.RequestedAt, cancellationToken);
            writes.AddRange(CreationWrites.Of(creation, summary, summaryVersion));
        }

        await table.WriteAsync(writes, cancellationToken);
        return new AdvanceResult(step, started, summary.NewestGood);
    }

    // The records to withdraw: as many as one transaction takes, the newest first. The step itself is for the transaction with the last of them.
    private async Task<(ScheduleStep Step, List<TableTransactionAction> Withdrawn)> WithdrawAsync(
        ProtectionPolicy policy, ScheduleStep step, CancellationToken cancellationToken)
    {
        if (step.WithdrawAfter is not { } after)
            return (step, []);
        var (from, to) = (Keys.Policies.MissedPrefix(policy.Key), Keys.Policies.Missed(policy.Key, after));
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {Keys.Protections.Partition(policy.Key.Assembly)} and RowKey ge {from} and RowKey lt {to}");
        var (rows, total) = await table.PageAsync(filter, skip: 0, ProtectionPolicy.MostDecisions, cancellationToken);
        return (total is null ? step with { Policy = policy, HasMore = true } : step, [.. rows.Select(row => new TableTransactionAction(TableTransactionActionType.Delete, row, row.ETag))]);
    }

    // Before the policy is what it is to be: should this process die now, something looks at it all the same.
    private async Task SayWhenDueAsync(ProtectionPolicy policy, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (policy.NextLook(isOverdue: false, now) is { } next)
            await due.AddAsync(policy.Key, next, cancellationToken);
    }

    private static ProtectionPolicy? FindSameName(IEnumerable<ProtectionPolicy> policies, PolicyDefinition definition) =>
        policies.FirstOrDefault(policy => policy.Definition.Name.Equals(definition.Name, StringComparison.OrdinalIgnoreCase));

    private static TableTransactionAction AddChange(PolicyKey key, Change change) =>
        ChangeRow.Add(Keys.Protections.Partition(key.Assembly), Keys.Policies.Change(key, change.Version), change);

    private static TableTransactionAction WriteLatest(AssemblyKey assembly, long latest, ETag? version)
    {
        var row = new TableEntity(Keys.Protections.Partition(assembly), Keys.Policies.Latest) { [LatestId] = latest };
        return version is { } read
            ? new TableTransactionAction(TableTransactionActionType.UpdateReplace, row, read)
            : new TableTransactionAction(TableTransactionActionType.Add, row);
    }

    private async Task<(long Latest, ETag? Version)> ReadLatestAsync(AssemblyKey assembly, CancellationToken cancellationToken) =>
        await table.FindAsync(Keys.Protections.Partition(assembly), Keys.Policies.Latest, cancellationToken) is { } row
            ? (row.GetInt64(LatestId) ?? 0, row.ETag)
            : (0, null);

    // A policy that cannot be read has no name that could be taken, and keeps no other from being changed.
    private Task<List<ProtectionPolicy>> ReadReadableAsync(AssemblyKey assembly, CancellationToken cancellationToken) =>
        ReadAllAsync(assembly, unreadable => { }, cancellationToken);

    private async Task<List<ProtectionPolicy>> ReadAllAsync(AssemblyKey assembly, Action<UnreadableRow> unreadable, CancellationToken cancellationToken)
    {
        List<ProtectionPolicy> policies = [];
        await foreach (var page in table.FindByPrefix(Keys.Protections.Partition(assembly), Keys.Policies.Prefix, cancellationToken).AsPages())
            policies.AddRange(table.ReadEach(page, row => PolicyRow.Read(new PolicyKey(assembly, PolicyRow.ReadId(row)), row), unreadable));
        return policies;
    }

    private async Task<(ProtectionPolicy? Policy, ETag? Version)> ReadAsync(PolicyKey key, CancellationToken cancellationToken) =>
        await table.FindAsync(Keys.Protections.Partition(key.Assembly), Keys.Policies.Policy(key), cancellationToken) is { } row
            ? (PolicyRow.Read(key, row), row.ETag)
            : (null, null);
}
