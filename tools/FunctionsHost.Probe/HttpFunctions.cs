using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace CloudRewind.FunctionsHost.Probe;

/// <summary>Functions that show what becomes of requests.</summary>
public sealed class HttpFunctions(Notes notes)
{
    [Function(nameof(Process))]
    public IActionResult Process([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "process")] HttpRequest request) =>
        Text($"{Environment.ProcessId}");

    [Function(nameof(Settings))]
    public IActionResult Settings(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "settings/{name}")] HttpRequest request, string name) =>
        Text(Environment.GetEnvironmentVariable(name) ?? "");

    [Function(nameof(RouteValues))]
    public IActionResult RouteValues(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "items/{kind}/{number:int}/{part?}")] HttpRequest request,
        string kind,
        int number,
        string? part) =>
        Text($"{kind} {number} {part ?? "none"}");

    [Function(nameof(AnyOverlap))]
    public IActionResult AnyOverlap([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "overlap/{any}")] HttpRequest request) =>
        Text(nameof(AnyOverlap));

    [Function(nameof(ExactOverlap))]
    public IActionResult ExactOverlap(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "post", Route = "overlap/exact")] HttpRequest request) =>
        Text(nameof(ExactOverlap));

    [Function(nameof(Header))]
    public IActionResult Header([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "header")] HttpRequest request) =>
        Text(request.Headers["x-probe"]!);

    /// <summary>Answers in two parts; the second once the note <c>open-NAME</c> is there.</summary>
    [Function(nameof(Parts))]
    public async Task Parts([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "parts/{name}")] HttpRequest request, string name)
    {
        await request.HttpContext.Response.WriteAsync("first");
        await request.HttpContext.Response.Body.FlushAsync();
        await notes.UntilAsync($"open-{name}", request.HttpContext.RequestAborted);
        await request.HttpContext.Response.WriteAsync("second");
    }

    /// <summary>Notes how much it has read; answers with the sum.</summary>
    [Function(nameof(Upload))]
    public async Task<IActionResult> Upload(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "uploads/{name}")] HttpRequest request, string name)
    {
        var (buffer, sum) = (new byte[64 * 1024], 0L);
        while (await request.Body.ReadAsync(buffer) is var read and > 0)
            notes.Add($"upload-{name}", $"{sum += read}");
        return Text($"{sum}");
    }

    [Function(nameof(Fails))]
    public IActionResult Fails([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "fails")] HttpRequest request) =>
        throw new InvalidOperationException("The probe was told to fail.");

    [Function(nameof(FailsBeforeItRuns))]
    public IActionResult FailsBeforeItRuns(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "fails-before-it-runs")] HttpRequest request) => Text("It ran.");

    /// <summary>Notes that it runs, and waits until it is told to end, which it notes and answers.</summary>
    [Function(nameof(Waits))]
    public async Task<IActionResult> Waits(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "waits/{name}")] HttpRequest request,
        FunctionContext context,
        string name)
    {
        notes.Add($"runs-{name}", $"{Environment.ProcessId}");
        try
        {
            await notes.UntilAsync($"open-{name}", context.CancellationToken);
            return Text("open");
        }
        catch (OperationCanceledException)
        {
            notes.Add($"told-{name}", "");
            return Text("told to end");
        }
    }

    /// <summary>Notes that it runs, and never ends.</summary>
    [Function(nameof(Hangs))]
    public async Task Hangs([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "hangs/{name}")] HttpRequest request, string name)
    {
        notes.Add($"runs-{name}", $"{Environment.ProcessId}");
        await Task.Delay(Timeout.Infinite, CancellationToken.None);
    }

    private static ContentResult Text(string text) => new() { Content = text, ContentType = "text/plain; charset=utf-8" };
}
