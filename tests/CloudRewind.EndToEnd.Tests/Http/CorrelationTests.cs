using System.Text;

namespace CloudRewind.EndToEnd.Tests.Http;

/// <summary><c>x-correlation-id</c>: the request's own where it is harmless, else a new one.</summary>
public sealed class CorrelationTests(AppFixture fixture) : IClassFixture<AppFixture>
{
    private readonly ApiClient client = fixture.App.NewAssembly();

    [Theory]
    [InlineData("a")]
    [InlineData("0af7651916cd43dd8448eb211c80319c")]
    [InlineData("Request_7.of-9")]
    public async Task A_harmless_one_comes_back(string id)
    {
        Assert.Equal(id, await AskAsync("/api/health/live", id));
        Assert.Equal(id, await AskAsync("/api/nothing", id));
        Assert.Equal(id, await AskAsync(client.Address.Path, id));
    }

    [SkippableTheory]
    [InlineData("")]
    [InlineData("with space")]
    [InlineData("<script>")]
    [InlineData("a;b")]
    [InlineData("a%0d%0ab")]
    [InlineData("{Status}")]
    [InlineData("käse")]
    public async Task A_hostile_one_is_replaced(string id)
    {
        Skip.If(OutsideApp.IsGiven && !Ascii.IsValid(id), PlatformAssert.Reason);

        IsNew(await AskAsync(client.Address.Path, id));
    }

    [Fact]
    public async Task One_of_128_characters_comes_back_and_a_longer_one_is_replaced()
    {
        Assert.Equal(new string('c', 128), await AskAsync("/api/health/live", new string('c', 128)));
        IsNew(await AskAsync("/api/health/live", new string('c', 129)));
    }

    [Fact]
    public async Task Two_are_replaced() => IsNew(await AskAsync("/api/health/live", "a", "b"));

    [Fact]
    public async Task Where_there_is_none_each_answer_has_another()
    {
        var first = await AskAsync("/api/health/live");
        var second = await AskAsync("/api/health/live");

        IsNew(first);
        IsNew(second);
        Assert.NotEqual(first, second);
    }

    private async Task<string> AskAsync(string path, params string[] ids) =>
        (await client.GetAsync(path, [.. ids.Select(id => ("x-correlation-id", id))])).Header("x-correlation-id")!;

    private static void IsNew(string id) => Assert.Matches("^[0-9a-f]{32}$", id);
}
