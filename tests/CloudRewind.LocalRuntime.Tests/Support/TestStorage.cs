using CloudRewind.LocalRuntime.DevelopmentStorage;
using CloudRewind.TestSupport;

namespace CloudRewind.LocalRuntime.Tests.Support;

/// <summary>One Azurite for all tests of the assembly; each test has a hub of its own in it.</summary>
internal static class TestStorage
{
    private static readonly Lazy<Task<Azurite>> s_shared = new(() => StartAsync());

    public static Task<Azurite> SharedAsync() => s_shared.Value;

    public static Task<Azurite> StartAsync(string? folder = null) => Azurite.StartAsync(new AzuriteOptions
    {
        Root = Repository.Root,
        InMemory = folder is null,
        Folder = folder ?? Directory.CreateTempSubdirectory("azurite-").FullName,
    });

    public static string ConnectionString(Azurite azurite) => TableStorage.ConnectionStringOf(azurite.TableEndpoint);
}
