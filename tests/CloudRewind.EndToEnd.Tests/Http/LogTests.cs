
namespace CloudRewind.EndToEnd.Tests.Http;

/// <summary>What clients send reaches the log in a safe form only.</summary>
public sealed class LogTests(AppFixture fixture) : IClassFixture<AppFixture>
{
    private readonly App app = fixture.App;

    [OwnProcessFact]
    public async Task Control_characters_of_a_project_id_are_written_out()
    {
        var mark = Guid.NewGuid().ToString("N");
        var client = app.NewAssembly($"{mark}\u001b[31m\r\nforged");
        await client.PutAssemblyAsync();

        ApiClient.IdOf(await client.CreateAsync());

        var output = await Eventually.GetAsync(() => Task.FromResult(app.Process.Output), said => said.Contains(mark, StringComparison.Ordinal), "the protection to be logged");
        Assert.Contains($@"{mark}\u001B[31m\u000D\u000Aforged", output, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', output);
    }

    [OwnProcessFact]
    public async Task A_long_error_is_cut()
    {
        var client = app.NewAssembly();
        var mark = Guid.NewGuid().ToString("N");

        await client.GetAsync($"{client.Address.Path}/protections/status?protection_id={mark}{new string('x', 7_000)}");

        var output = await Eventually.GetAsync(() => Task.FromResult(app.Process.Output), said => said.Contains(mark, StringComparison.Ordinal), "the error to be logged");
        Assert.All(output.Split('\n').Where(line => line.Contains(mark, StringComparison.Ordinal)), line => Assert.InRange(line.Length, 1, 1_000));
    }
}
