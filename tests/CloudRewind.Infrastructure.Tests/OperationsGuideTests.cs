using System.Text.Json.Nodes;
using CloudRewind.Domain.Protections;
using CloudRewind.TestSupport;

namespace CloudRewind.Infrastructure.Tests;

/// <summary>docs/operations.md finds a protection where the code puts it.</summary>
public sealed class OperationsGuideTests
{
    private static readonly string Guide = File.ReadAllText(Path.Combine(Repository.Root, "docs", "operations.md"));

    [Fact]
    public void The_rows_of_the_protection_in_the_example_have_the_key_that_it_works_out()
    {
        const string Example = "t1:demo:7:0:1795492261190";
        Assert.True(ProtectionId.TryParse(Example, out var id));

        Assert.Contains(Example, Guide, StringComparison.Ordinal);
        Assert.Contains($"KEY=$(({long.MaxValue} - {id.EpochMilliseconds}))-{id.PolicyId}    # {long.MaxValue - id.EpochMilliseconds:D19}-{id.PolicyId}\n", Guide, StringComparison.Ordinal);
    }

    [Fact]
    public void The_tables_of_the_task_hub_are_named_after_it()
    {
        var hub = JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.Root, "host.json")))!["extensions"]!["durableTask"]!["hubName"]!.GetValue<string>();

        Assert.Contains($"`{hub}Instances`", Guide, StringComparison.Ordinal);
        Assert.Contains($"`{hub}History`", Guide, StringComparison.Ordinal);
    }
}
