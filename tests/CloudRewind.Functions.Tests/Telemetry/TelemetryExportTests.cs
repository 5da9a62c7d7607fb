using Azure.Identity;
using CloudRewind.Functions.Telemetry;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CloudRewind.Functions.Tests.Telemetry;

public sealed class TelemetryExportTests
{
    [Theory]
    [InlineData("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.Information, false)]
    [InlineData("Microsoft.AspNetCore.Http.Result.JsonResult", LogLevel.Information, false)]
    [InlineData("Microsoft.AspNetCore.Server.Kestrel", LogLevel.Warning, true)]
    [InlineData("CloudRewind.Functions.Http.ErrorHandlingMiddleware", LogLevel.Information, true)]
    public void The_web_frameworks_lines_about_each_request_are_left_out_of_the_log(string category, LogLevel level, bool isLogged)
    {
        using var services = new ServiceCollection()
            .AddLogging(logging => logging.AddProvider(new EverythingProvider()))
            .AddTelemetry(new ConfigurationBuilder().Build())
            .BuildServiceProvider();

        Assert.Equal(isLogged, services.GetRequiredService<ILoggerFactory>().CreateLogger(category).IsEnabled(level));
    }

    /// <summary>Local authentication is off in what infra/ deploys: the connection string alone opens nothing there.</summary>
    [Theory]
    [InlineData("ClientId=11111111-1111-1111-1111-111111111111;Authorization=AAD", true)]
    [InlineData("authorization=aad", true)]
    [InlineData("ClientId=11111111-1111-1111-1111-111111111111", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void The_identity_signs_in_where_the_authentication_string_asks_for_it(string? authentication, bool signsIn) =>
        Assert.Equal(signsIn, TelemetryExport.CredentialOf(authentication) is ManagedIdentityCredential);

    private sealed class EverythingProvider : ILoggerProvider
    {
        public ILogger CreateLogger(string categoryName) => new Support.CollectedLog<EverythingProvider>();

        public void Dispose()
        {
        }
    }
}
