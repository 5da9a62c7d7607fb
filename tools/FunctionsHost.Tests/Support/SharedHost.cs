namespace CloudRewind.FunctionsHost.Tests.Support;

/// <summary>The host of all tests that leave it as it is.</summary>
[CollectionDefinition(Name)]
public sealed class SharedHost : ICollectionFixture<HostFixture>
{
    /// <summary>The collection's name.</summary>
    public const string Name = "Shared host";
}
