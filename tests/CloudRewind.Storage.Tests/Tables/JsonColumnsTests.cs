using System.Reflection;
using System.Text.Json;
using Azure.Data.Tables;
using CloudRewind.Domain;
using CloudRewind.Domain.Policies;
using CloudRewind.Domain.Protections;
using CloudRewind.Storage.Tables;
using CloudRewind.Storage.Tests.Support;
using NodaTime;

namespace CloudRewind.Storage.Tests.Tables;

[Collection(StorageTests.Name)]
public sealed class JsonColumnsTests(StorageFixture storage)
{
    private const string Column = nameof(Column);
    private static readonly Type[] DomainTypes = typeof(Protection).Assembly.GetTypes();

    [Fact]
    public void No_enumeration_is_stored_as_a_number()
    {
        Type[] enumerations = [.. DomainTypes.Where(type => type is { IsEnum: true, IsPublic: true }), typeof(IsoDayOfWeek)];
        Assert.Contains(typeof(Frequency), enumerations);
        foreach (var type in enumerations)
            typeof(JsonColumnsTests).GetMethod(nameof(IsStoredByName), BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(type).Invoke(null, null);
    }

    [Fact]
    public void An_enumeration_that_has_wire_names_is_stored_under_them()
    {
        foreach (var frequency in Enum.GetValues<Frequency>())
            Assert.Equal($$"""{"Value":"{{frequency.ToWireName()}}"}""", Stored(frequency));
        foreach (var status in Enum.GetValues<ProtectionStatus>())
            Assert.Equal($$"""{"Value":"{{status.ToWireName()}}"}""", Stored(status));
    }

    [Fact]
    public void A_number_is_not_read_as_an_enumeration() =>
        Assert.Throws<JsonException>(() => new TableEntity { [Column] = """{"Value":9}""" }.ReadJson<Holder<Frequency>>(Column));

    [Fact]
    public async Task No_row_holds_a_number_where_an_enumeration_belongs()
    {
        var assembly = StorageFixture.NewAssembly();
        var person = new Actor("alice", "token-1", "request-1");
        var weekly = new ScheduleDefinition(Frequency.Weekly, "UTC") { DaysOfWeek = [IsoDayOfWeek.Sunday], Hours = [3] };
        var created = await storage.Policies().CreateAsync(
            assembly, new PolicyDefinition("weekly", null, weekly, PolicyDefinition.MinRetentionCount, PolicyStatus.Enabled), Requests.Now, person, CancellationToken.None);
        var key = Assert.IsType<PolicyResult.Accepted>(created).Policy.Key;
        await storage.Policies().DeleteAsync(key, _ => true, Requests.Now, person, CancellationToken.None);
        await storage.Policies().CreateAsync(
            assembly, new PolicyDefinition("daily", null, weekly, PolicyDefinition.MinRetentionCount, PolicyStatus.Enabled), Requests.Now, person, CancellationToken.None);
        var copy = await storage.Store().MovedAsync(
            await storage.Store().CreatedAsync(Requests.New(assembly)), ProtectionStatus.Preparing, ProtectionStatus.PreparationCompleted, ProtectionStatus.InProgress, ProtectionStatus.Success);
        await storage.Store().ActAsync(copy.Id, (current, summary) => current.SetLock(summary, Requests.Now, person), CancellationToken.None);
        await storage.Store().ActAsync(copy.Id, (current, summary) => current.ExceedCount(3, summary, Requests.Now, person), CancellationToken.None);

        // Such as Frequency, Kind and Outcome.
        var names = DomainTypes.SelectMany(type => type.GetProperties())
            .Where(property => (Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType).IsEnum)
            .Select(property => property.Name)
            .Append(nameof(ScheduleDefinition.DaysOfWeek))
            .ToHashSet();
        var rows = await storage.RowsAsync(StorageTables.ProtectionsName, $"PartitionKey eq '{Keys.Protections.Partition(assembly)}'");
        var columns = rows.SelectMany(row => row.Select(column => column.Value)).OfType<string>().Where(text => text.StartsWith('{')).ToList();
        Assert.True(columns.Count > 5, $"only {columns.Count} columns");
        Assert.Contains(columns, text => text.Contains("sunday", StringComparison.Ordinal));
        foreach (var text in columns)
            HasNoNumber(JsonDocument.Parse(text).RootElement, isOfEnumeration: false, names);
    }

    private static void HasNoNumber(JsonElement json, bool isOfEnumeration, HashSet<string> names)
    {
        Assert.False(isOfEnumeration && json.ValueKind == JsonValueKind.Number, json.ToString());
        if (json.ValueKind == JsonValueKind.Object)
        {
            foreach (var member in json.EnumerateObject())
                HasNoNumber(member.Value, names.Contains(member.Name), names);
        }
        else if (json.ValueKind == JsonValueKind.Array)
        {
            foreach (var entry in json.EnumerateArray())
                HasNoNumber(entry, isOfEnumeration, names);
        }
    }

    private static void IsStoredByName<T>()
        where T : struct, Enum
    {
        foreach (var value in Enum.GetValues<T>())
        {
            var json = Stored(value);
            Assert.Equal(JsonValueKind.String, JsonDocument.Parse(json).RootElement.GetProperty("Value").ValueKind);
            Assert.Equal(value, new TableEntity { [Column] = json }.ReadJson<Holder<T>>(Column)!.Value);
        }
    }

    private static string Stored<T>(T value)
    {
        var row = new TableEntity();
        row.WriteJson(Column, new Holder<T>(value));
        return row.GetString(Column);
    }

    private sealed record Holder<T>(T Value);
}
