namespace CloudRewind.FunctionsHost.Tests.Support;

/// <summary>Tests that start hosts of their own, one after another, on one storage.</summary>
[CollectionDefinition(Name)]
public sealed class OwnHosts : ICollectionFixture<StorageFixture>
{
    /// <summary>The collection's name.</summary>
    public const string Name = "Own hosts";
}
