using Azure.Data.Tables;
using CloudRewind.LocalRuntime.DevelopmentStorage;
using CloudRewind.LocalRuntime.Tests.Support;

namespace CloudRewind.LocalRuntime.Tests.DevelopmentStorage;

public sealed class AzuriteTests
{
    [Fact]
    public async Task What_was_written_is_there_after_a_stop_in_order()
    {
        var folder = Directory.CreateTempSubdirectory("azurite-").FullName;
        await using var azurite = await TestStorage.StartAsync(folder);
        var table = new TableClient(TestStorage.ConnectionString(azurite), "Kept");
        await table.CreateAsync();
        await table.AddEntityAsync(new TableEntity("p", "r"));
        await azurite.StopAsync();
        Assert.False(await Azurite.AnswersAsync(azurite.Port, default));
        await azurite.RestartAsync();
        Assert.True((await table.GetEntityIfExistsAsync<TableEntity>("p", "r")).HasValue);
    }

    [Fact]
    public async Task A_kill_ends_it_at_once_and_it_can_be_started_again_on_its_port()
    {
        await using var azurite = await TestStorage.StartAsync(Directory.CreateTempSubdirectory("azurite-").FullName);
        azurite.Kill();
        Assert.False(await Azurite.AnswersAsync(azurite.Port, default));
        await azurite.RestartAsync();
        Assert.True(await Azurite.AnswersAsync(azurite.Port, default));
    }
}
