using Azure.Data.Tables;
using CloudRewind.Domain;
using CloudRewind.Domain.Assemblies;
using CloudRewind.Storage.Assemblies;
using CloudRewind.Storage.Tables;
using CloudRewind.Storage.Tests.Support;

namespace CloudRewind.Storage.Tests.Tables;

[Collection(StorageTests.Name)]
public sealed class EntitySizeTests(StorageFixture storage)
{
    private const int LargestBody = 256 * 1024;

    private readonly TableCloudAssemblyStore assemblies = new(storage.Tables);
    private readonly AssemblyKey key = StorageFixture.NewAssembly();

    [Theory]
    [InlineData("a", 1)]
    [InlineData("+", 1)]
    [InlineData("<", 1)]
    [InlineData("é", 2)]
    [InlineData("漢", 3)]
    public async Task A_manual_list_as_large_as_a_body_may_be_fits_a_row_and_comes_back(string text, int bytes)
    {
        const int Length = 1_000;
        var resources = Enumerable.Range(0, LargestBody / (Length * bytes)).Select(number => $"{number}{string.Concat(Enumerable.Repeat(text, Length))}").ToList();

        await PutAsync(resources);

        var row = Assert.Single(await storage.RowsAsync(StorageTables.CloudAssembliesName, $"PartitionKey eq '{Keys.Assemblies.Partition(key)}' and Name eq 'Demo'"));
        Assert.InRange(EntitySize.Of(row), 1, EntitySize.MaxRow);
        Assert.Equal(resources, Assert.IsType<ResourceFilter.Manual>((await assemblies.FindAsync(key, CancellationToken.None))!.Definition.Filter).Resources);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_text_that_takes_several_properties_is_not_cut_within_a_character(int shift)
    {
        List<string> resources = [new string('a', shift) + string.Concat(Enumerable.Repeat("\uD83D\uDE00", 100)), string.Concat(Enumerable.Repeat("漢\U00020000", 30_000))];

        await PutAsync(resources);

        Assert.Equal(resources, Assert.IsType<ResourceFilter.Manual>((await assemblies.FindAsync(key, CancellationToken.None))!.Definition.Filter).Resources);
    }

    [Fact]
    public void Half_of_a_surrogate_pair_is_not_left_alone()
    {
        var row = new TableEntity();
        var text = "a" + string.Concat(Enumerable.Repeat("\uD83D\uDE00", 40_000));

        SplitText.Write(row, "Text", text);

        Assert.All(row.Keys.Select(row.GetString), part => Assert.False(char.IsLowSurrogate(part![0])));
        Assert.Equal(text, SplitText.Read(row, "Text"));
    }

    [Fact]
    public async Task What_is_larger_than_a_row_may_be_is_refused_by_its_size_and_nothing_is_written()
    {
        var resources = Enumerable.Range(0, 600).Select(number => $"{number}{new string('a', 1_000)}").ToList();

        var error = await Assert.ThrowsAsync<StoreLimitException>(() => PutAsync(resources));

        Assert.Equal("Resources", error.Field);
        Assert.Contains("1048576", error.Message, StringComparison.Ordinal);
        Assert.Null(await assemblies.FindAsync(key, CancellationToken.None));
    }

    [Fact]
    public void A_property_that_is_larger_than_it_may_be_is_named()
    {
        var error = Assert.Throws<StoreLimitException>(() => EntitySize.Check(new TableEntity("p", "r") { ["Fits"] = new string('a', 32_000), ["DoesNot"] = new string('a', 33_000) }));

        Assert.Equal("DoesNot", error.Field);
    }

    private Task PutAsync(List<string> resources) => assemblies.PutAsync(
        key,
        new AssemblyDefinition(
            "Demo", null, "eu-central-1", new CloudConnection("arn:aws:iam::123456789012:role/demo", null), new ResourceFilter.Manual(resources), null, AssemblyStatus.Enabled),
        _ => true,
        Requests.Now,
        new Actor("alice", "token-1", "request-1"),
        CancellationToken.None);
}
