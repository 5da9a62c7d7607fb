using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CloudRewind.Infrastructure.Tests.Support;

/// <summary>Answers what a deployed app is asked to see whether it answers, rightly or wrongly.</summary>
internal sealed class StubApp : IAsyncDisposable
{
    private readonly WebApplication app;

    private StubApp(WebApplication app) => this.app = app;

    public const string Token = "the-token";

    /// <summary>The answer to <c>health/ready</c>.</summary>
    public int Ready { get; set; } = 200;

    /// <summary>The answer to a lookup without a token.</summary>
    public (int Status, string Code) WithoutToken { get; set; } = (401, "token-missing");

    /// <summary>The answer to a lookup with one.</summary>
    public (int Status, string Code) WithToken { get; set; } = (404, "protection-not-found");

    /// <summary>Every request, as path and query.</summary>
    public ConcurrentQueue<string> Asked { get; } = new();

    public string BaseUrl => app.Urls.Single();

    public static async Task<StubApp> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var stub = new StubApp(builder.Build());
        stub.app.Run(stub.AnswerAsync);
        await stub.app.StartAsync();
        return stub;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private Task AnswerAsync(HttpContext context)
    {
        var request = context.Request;
        Asked.Enqueue($"{request.Path}{request.QueryString}");
        var (status, code) = request.Path == "/api/health/ready"
            ? (Ready, "")
            : request.Headers.Authorization.ToString() switch
            {
                "" => WithoutToken,
                $"Bearer {Token}" => WithToken,
                _ => (401, "token-invalid"),
            };
        context.Response.StatusCode = status;
        return context.Response.WriteAsync($$"""{"errors":[{"code":"{{code}}"}]}""");
    }
}
