using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Changes;
using CloudRewind.Domain.Policies;
using NodaTime;

namespace CloudRewind.Domain.Tests.Changes;

public sealed class FieldChangeTests
{
    [Fact]
    public void Fields_that_are_equal_are_left_out() =>
        Assert.Equal(
            [new FieldChange("status", "enabled", "paused")],
            FieldChange.Between([new("name", "a"), new("status", "enabled")], [new("name", "a"), new("status", "paused")]));

    [Fact]
    public void A_field_that_one_definition_lacks_has_no_value_there() =>
        Assert.Equal(
            [new FieldChange("vpcId", "vpc-1", null), new FieldChange("resources", null, "a, b")],
            FieldChange.Between([new("vpcId", "vpc-1")], [new("resources", ["a", "b"])]));

    [Fact]
    public void Of_a_long_list_the_entries_that_differ_are_shown()
    {
        string[] common = [.. Enumerable.Range(0, 2_000).Select(number => $"sim-ok-{number}")];

        var change = Assert.Single(FieldChange.Between([new("resources", [.. common, "removed"])], [new("resources", [.. common, "added"])]));

        Assert.StartsWith("removed, sim-ok-0, ", change.From, StringComparison.Ordinal);
        Assert.StartsWith("added, sim-ok-0, ", change.To, StringComparison.Ordinal);
        Assert.Equal((ReasonText.MaxLength, ReasonText.MaxLength), (change.From!.Length, change.To!.Length));
    }

    [Fact]
    public void A_secret_is_compared_and_not_shown()
    {
        var change = Assert.Single(FieldChange.Between([new("externalId", "one", isSecret: true)], [new("externalId", "two", isSecret: true)]));

        Assert.Equal((change.From, "(not shown)"), (change.To, change.To));
        Assert.Equal([new FieldChange("externalId", "(not shown)", null)], FieldChange.Between([new("externalId", "one", isSecret: true)], []));
    }

    /// <summary>A member that is added to a definition, and not to its fields, would change without a record.</summary>
    [Fact]
    public void Every_member_of_a_definition_is_a_field_of_its_own()
    {
        var connection = new CloudConnection("arn:aws:iam::123456789012:role/demo", "external");
        var assembly = new AssemblyDefinition("Demo", "demo", "eu-central-1", connection, new ResourceFilter.Manual(["a"]), TimeSpan.FromDays(7), AssemblyStatus.Enabled);
        AssemblyDefinition[] assemblies =
        [
            assembly with { Name = "other" },
            assembly with { Description = null },
            assembly with { SourceRegion = "us-east-1" },
            assembly with { Connection = connection with { RoleArn = "arn:aws:iam::123456789012:role/other" } },
            assembly with { Connection = connection with { ExternalId = null } },
            assembly with { Filter = new ResourceFilter.Manual([]) },
            assembly with { Retention = null },
            assembly with { Status = AssemblyStatus.Disabled },
        ];
        var schedule = new ScheduleDefinition(Frequency.Yearly, "UTC") { DaysOfWeek = [IsoDayOfWeek.Monday], Months = [5], DaysOfMonth = [1], Hours = [2], OffsetMinutes = 30 };
        var policy = new PolicyDefinition("nightly", "demo", schedule, PolicyDefinition.MinRetentionCount, PolicyStatus.Enabled);
        PolicyDefinition[] policies =
        [
            policy with { Name = "other" },
            policy with { Description = null },
            policy with { RetentionCount = 7 },
            policy with { Status = PolicyStatus.Paused },
            policy with { Schedule = schedule with { Frequency = Frequency.Monthly } },
            policy with { Schedule = schedule with { TimeZone = "Europe/Berlin" } },
            policy with { Schedule = schedule with { DaysOfWeek = [] } },
            policy with { Schedule = schedule with { Months = [] } },
            policy with { Schedule = schedule with { DaysOfMonth = [] } },
            policy with { Schedule = schedule with { Hours = [] } },
            policy with { Schedule = schedule with { OffsetMinutes = 0 } },
        ];

        Assert.All(assemblies, changed => Assert.Single(FieldChange.Between(assembly.Fields, changed.Fields)));
        Assert.All(policies, changed => Assert.Single(FieldChange.Between(policy.Fields, changed.Fields)));
        Assert.Equal(
            [new("resourceFilterStrategy.filterType", "tags", "vpc"), new("resourceFilterStrategy.tags", "env=prod", null), new("resourceFilterStrategy.conditions", "match-all-tags", null), new("resourceFilterStrategy.vpcId", null, "vpc-1")],
            FieldChange.Between(new ResourceFilter.Tags([new("env", "prod")], MatchAll: true).Fields, new ResourceFilter.Vpc("vpc-1").Fields));
    }
}
