namespace CloudRewind.Storage.Tests.Support;

/// <summary>The tests that share the one Azurite.</summary>
[CollectionDefinition(Name)]
public sealed class StorageTests : ICollectionFixture<StorageFixture>
{
    public const string Name = "storage";
}
