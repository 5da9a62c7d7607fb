using Azure.Data.Tables;
using CloudRewind.Domain.Changes;
using CloudRewind.Domain.Policies;
using CloudRewind.Storage.Tables;

namespace CloudRewind.Storage.Policies;

/// <summary>A policy as a row of the table <c>Protections</c>.</summary>
internal static class PolicyRow
{
    private const string PolicyId = "PolicyId";

    public static TableEntity Create(ProtectionPolicy policy)
    {
        var definition = policy.Definition;
        var row = new TableEntity(Keys.Protections.Partition(policy.Key.Assembly), Keys.Policies.Policy(policy.Key))
        {
            [PolicyId] = policy.Key.PolicyId,
            [nameof(PolicyDefinition.Name)] = definition.Name,
            [nameof(PolicyDefinition.Description)] = definition.Description,
            [nameof(PolicyDefinition.RetentionCount)] = definition.RetentionCount,
            [nameof(PolicyDefinition.Status)] = definition.Status.ToString(),
            [nameof(ProtectionPolicy.CreatedAt)] = policy.CreatedAt,
            [nameof(ProtectionPolicy.ScheduledSince)] = policy.ScheduledSince,
            [nameof(ProtectionPolicy.NextDueAt)] = policy.NextDueAt,
            [nameof(ProtectionPolicy.DecidedUpTo)] = policy.DecidedUpTo,
        };
        row.WriteJson(nameof(PolicyDefinition.Schedule), definition.Schedule);
        row.WriteJson(nameof(ProtectionPolicy.LastChange), policy.LastChange);
        row.WriteJson(nameof(ProtectionPolicy.Blocked), policy.Blocked);
        return row;
    }

    public static ProtectionPolicy Read(PolicyKey key, TableEntity row) => new()
    {
        Key = key,
        Definition = new PolicyDefinition(
            row.Text(nameof(PolicyDefinition.Name)),
            row.GetString(nameof(PolicyDefinition.Description)),
            row.ReadJson<ScheduleDefinition>(nameof(PolicyDefinition.Schedule))!,
            row.Number(nameof(PolicyDefinition.RetentionCount)),
            Enum.Parse<PolicyStatus>(row.Text(nameof(PolicyDefinition.Status)))),
        CreatedAt = row.Time(nameof(ProtectionPolicy.CreatedAt)),
        ScheduledSince = row.Time(nameof(ProtectionPolicy.ScheduledSince)),
        NextDueAt = row.GetDateTimeOffset(nameof(ProtectionPolicy.NextDueAt)),
        DecidedUpTo = row.GetDateTimeOffset(nameof(ProtectionPolicy.DecidedUpTo)),
        LastChange = row.ReadJson<Change>(nameof(ProtectionPolicy.LastChange))!,
        Blocked = row.ReadJson<BlockedRun>(nameof(ProtectionPolicy.Blocked)),
    };

    public static long ReadId(TableEntity row) => row.GetInt64(PolicyId) ?? throw new InvalidDataException($"The row '{row.RowKey}' has no policy id.");
}
