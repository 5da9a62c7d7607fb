using System.Text.Json.Nodes;
using CloudRewind.Functions.Security;
using CloudRewind.Functions.Settings;
using CloudRewind.Infrastructure.Tests.Support;
using CloudRewind.TestSupport;
using Microsoft.Extensions.Configuration;
using Microsoft.IdentityModel.JsonWebTokens;

namespace CloudRewind.Infrastructure.Tests.Deploying;

/// <summary>infra/local-access.mjs, with which the app can be used under <c>func start</c>.</summary>
public sealed class LocalAccessTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("access-");

    public void Dispose() => folder.Delete(true);

    [Fact]
    public async Task The_app_trusts_the_token_that_it_writes()
    {
        var target = Path.Combine(folder.FullName, "local.settings.json");

        var run = await Shell.RunAsync("node", [Path.Combine(Repository.Root, "infra", "local-access.mjs"), target, folder.FullName]);

        Assert.True(run.ExitCode == 0, run.Errors);
        var values = JsonNode.Parse(await File.ReadAllTextAsync(target))!["Values"]!.AsObject();
        var settings = AppSettings.Read(
            new ConfigurationBuilder()
                .AddInMemoryCollection(values.Select(value => KeyValuePair.Create(value.Key.Replace("__", ":", StringComparison.Ordinal), (string?)value.Value!.GetValue<string>())))
                .Build(),
            isDevelopment: false);
        var parameters = await new SigningKeys(settings.Auth).GetParametersAsync(CancellationToken.None);
        var result = await new JsonWebTokenHandler { MapInboundClaims = false }.ValidateTokenAsync(await File.ReadAllTextAsync(Path.Combine(folder.FullName, "func-token")), parameters);

        Assert.True(result.IsValid, result.Exception?.Message);
        Assert.Equal("dotnet-isolated", values["FUNCTIONS_WORKER_RUNTIME"]!.GetValue<string>());
    }
}
