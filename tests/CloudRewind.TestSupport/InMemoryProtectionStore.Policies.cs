using CloudRewind.Domain;
using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Changes;
using CloudRewind.Domain.Driving;
using CloudRewind.Domain.Policies;
using CloudRewind.Domain.Protections;

namespace CloudRewind.TestSupport;

/// <summary>Keeps policies in memory, beside the protections that they make: one lock stands for one transaction.</summary>
public sealed partial class InMemoryProtectionStore : IProtectionPolicyStore
{
    private readonly Dictionary<PolicyKey, ProtectionPolicy> policies = [];
    private readonly Dictionary<AssemblyKey, long> latestPolicies = [];
    private readonly Dictionary<PolicyKey, List<MissedRun>> missedRuns = [];
    private readonly Dictionary<PolicyKey, List<Change>> policyChanges = [];

    /// <inheritdoc/>
    public Task<ProtectionPolicy?> FindAsync(PolicyKey key, CancellationToken cancellationToken) => LockedAsync(() => policies.GetValueOrDefault(key));

    /// <inheritdoc/>
    public Task<IReadOnlyList<ProtectionPolicy>> ListAsync(AssemblyKey assembly, Action<UnreadableRow> unreadable, CancellationToken cancellationToken) =>
        LockedAsync<IReadOnlyList<ProtectionPolicy>>(() => [.. policies.Values.Where(policy => policy.Key.Assembly == assembly).OrderBy(policy => policy.Key.PolicyId)]);

    /// <inheritdoc/>
    public async Task<PolicyResult> CreateAsync(AssemblyKey assembly, PolicyDefinition definition, DateTimeOffset at, Actor by, CancellationToken cancellationToken)
    {
        while (true)
        {
            var latest = await LockedAsync(() => latestPolicies.GetValueOrDefault(assembly));
            var created = ProtectionPolicy.Create(new PolicyKey(assembly, latest + 1), definition, at, by);
            if (created.NextLook(isOverdue: false, at) is { } next)
                await due.AddAsync(created.Key, next, cancellationToken);
            var result = await LockedAsync<PolicyResult?>(() =>
            {
                if (latestPolicies.GetValueOrDefault(assembly) != latest)
                    return null; // a lost race
                if (FindSameName(created) is { } other)
                    return new PolicyResult.NameTaken(other.Key, other.Definition.Name);
                if (policies.Keys.Count(key => key.Assembly == assembly) >= ProtectionPolicy.MostOfAssembly)
                    return new PolicyResult.TooMany();
                if (SummaryOf(assembly).IsClosed)
                    return new PolicyResult.AssemblyClosed();
                write(() =>
                {
                    latestPolicies[assembly] = latest + 1;
                    policies[created.Key] = created;
                    policyChanges[created.Key] = [created.LastChange];
                });
                return new PolicyResult.Accepted(created, created.LastChange);
            });
            if (result is not null)
                return result;
        }
    }

    /// <inheritdoc/>
    public async Task<PolicyResult> ReplaceAsync(
        PolicyKey key, PolicyDefinition definition, Predicate<ProtectionPolicy> condition, DateTimeOffset at, Actor by, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (await FindAsync(key, cancellationToken) is not { } policy)
                return new PolicyResult.NoSuchPolicy();
            if (!condition(policy))
                return new PolicyResult.ConditionFailed();
            var step = policy.Replace(definition, at, by);
            if (step.Policy.NextLook(isOverdue: false, at) is { } next)
                await due.AddAsync(key, next, cancellationToken);
            var result = await LockedAsync<PolicyResult?>(() =>
            {
                if (policies.GetValueOrDefault(key) != policy)
                    return null; // a lost race
                if (FindSameName(policy with { Definition = definition }) is { } other)
                    return new PolicyResult.NameTaken(other.Key, other.Definition.Name);
                if (SummaryOf(key.Assembly).IsClosed)
                    return new PolicyResult.AssemblyClosed();
                write(() =>
                {
                    Write(policy, step);
                });
                return step.HasMore ? null : new PolicyResult.Accepted(step.Policy, step.Policy.LastChange);
            });
            if (result is PolicyResult.Accepted accepted && accepted.Policy.NextLook(isOverdue: false, at) is { } again)
                await due.AddAsync(key, again, cancellationToken);
            if (result is not null)
                return result;
        }
    }

    /// <inheritdoc/>
    public Task<PolicyResult> DeleteAsync(PolicyKey key, Predicate<ProtectionPolicy> condition, DateTimeOffset at, Actor by, CancellationToken cancellationToken) =>
        LockedAsync<PolicyResult>(() =>
        {
            if (!policies.TryGetValue(key, out var policy))
                return new PolicyResult.NoSuchPolicy();
            if (!condition(policy))
                return new PolicyResult.ConditionFailed();
            var change = policy.Delete(at, by);
            write(() =>
            {
                policies.Remove(key);
                policyChanges[key].Add(change);
            });
            return new PolicyResult.Accepted(policy, change);
        });

    /// <inheritdoc/>
    public async Task<AdvanceResult?> AdvanceAsync(PolicyKey key, Func<ProtectionPolicy, ProtectionSummary, ScheduleStep> decide, CancellationToken cancellationToken)
    {
        while (true)
        {
            var (policy, summary) = await LockedAsync(() => (policies.GetValueOrDefault(key), SummaryOf(key.Assembly)));
            if (policy is null || summary.IsClosed)
                return null;
            var step = decide(policy, summary);
            if (step.Policy == policy)
                return new AdvanceResult(step, null, summary.NewestGood);
            var creation = step.Start is { } request ? Protection.Create(request, summary.LatestMilliseconds) : null;
            if (creation is not null && await LockedAsync(() => protections.ContainsKey(creation.Protection.Id)))
                creation = null;
            if (creation is not null)
                await work.EnsureAsync(WorkKey.Lifecycle(creation.Protection.Id), creation.Protection.CreatedAt, cancellationToken);
            var isWritten = await LockedAsync(() =>
            {
                if (policies.GetValueOrDefault(key) != policy || (creation is not null && SummaryOf(key.Assembly) != summary))
                    return false; // a lost race
                if (creation is not null && protections.ContainsKey(creation.Protection.Id))
                    throw new InvalidOperationException($"Protection {creation.Protection.Id} would be created twice.");
                write(() =>
                {
                    Write(policy, step);
                    if (creation is null)
                        return;
                    Write(creation);
                    summaries[key.Assembly] = summary.Start(creation.Protection);
                });
                return true;
            });
            if (isWritten)
                return new AdvanceResult(step, creation?.Protection, summary.NewestGood);
        }
    }

    /// <inheritdoc/>
    public Task<MissedRunPage> ListMissedAsync(PolicyKey key, int skip, int take, CancellationToken cancellationToken) => LockedAsync(() =>
    {
        var all = MissedOf(key).OrderByDescending(missed => missed.DueAt).ToList();
        return new MissedRunPage([.. all.Skip(skip).Take(take)], all.Count > (long)skip + take ? null : all.Count);
    });

    /// <inheritdoc/>
    public Task<IReadOnlyList<Change>> ListChangesAsync(PolicyKey key, int take, CancellationToken cancellationToken) =>
        LockedAsync<IReadOnlyList<Change>>(() => [.. policyChanges.GetValueOrDefault(key, []).AsEnumerable().Reverse().Take(take)]);

    private ProtectionPolicy? FindSameName(ProtectionPolicy wanted) => policies.Values.FirstOrDefault(policy =>
        policy.Key.Assembly == wanted.Key.Assembly
        && policy.Key != wanted.Key
        && policy.Definition.Name.Equals(wanted.Definition.Name, StringComparison.OrdinalIgnoreCase));

    private void Write(ProtectionPolicy policy, ScheduleStep step)
    {
        policies[policy.Key] = step.Policy;
        MissedOf(policy.Key).RemoveAll(missed => missed.DueAt > step.WithdrawAfter);
        MissedOf(policy.Key).AddRange(step.Missed);
        if (step.Policy.Version != policy.Version)
            policyChanges[policy.Key].Add(step.Policy.LastChange);
    }

    private List<MissedRun> MissedOf(PolicyKey key) => missedRuns.TryGetValue(key, out var missed) ? missed : missedRuns[key] = [];
}
