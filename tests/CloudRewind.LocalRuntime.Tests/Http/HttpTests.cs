using System.Net;
using CloudRewind.LocalRuntime.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Hosting;

namespace CloudRewind.LocalRuntime.Tests.Http;

public sealed class HttpTests
{
    [Theory]
    [InlineData("GET", "/api/items/7", 200, "item 7")]
    [InlineData("GET", "/API/ITEMS/7/", 200, "item 7")]
    [InlineData("GET", "/api/items/a%2Fb%20c", 200, "item a%2Fb c")]
    [InlineData("GET", "/api/items/first", 200, "a first")]
    [InlineData("POST", "/api/items/first", 200, "rest items/first")]
    [InlineData("GET", "/api//items/7", 404, "")]
    [InlineData("GET", "/api/other//7/", 200, "rest other//7/")]
    [InlineData("DELETE", "/api/Plain", 200, "plain DELETE")]
    [InlineData("GET", "/api", 200, "rest ")]
    [InlineData("GET", "/items/7", 404, "")]
    [InlineData("GET", "/", 404, "")]
    [InlineData("GET", "/apix/items/7", 404, "")]
    public async Task A_request_goes_to_the_first_function_by_name_whose_route_and_method_match(string method, string path, int status, string body)
    {
        await using var app = await TestApp.StartAsync(typeof(Functions));
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var response = await app.Http.SendAsync(request);
        Assert.Equal((status, body), ((int)response.StatusCode, await response.Content.ReadAsStringAsync()));
        Assert.False(response.Headers.Contains("Server"));
    }

    [Fact]
    public async Task An_exception_that_leaves_the_pipeline_is_500_with_an_empty_body_and_a_log_line()
    {
        await using var app = await TestApp.StartAsync(typeof(Functions));
        using var response = await app.Http.GetAsync(new Uri("/api/throw", UriKind.Relative));
        Assert.Equal((HttpStatusCode.InternalServerError, ""), (response.StatusCode, await response.Content.ReadAsStringAsync()));
        Assert.Contains(app.Log.Lines, l => l.StartsWith("Error", StringComparison.Ordinal) && l.Contains("Throw", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_middleware_can_catch_and_answer()
    {
        await using var app = await TestApp.StartAsync(new TestApp.Setup
        {
            Functions = [typeof(Functions)],
            Configure = builder => builder.UseMiddleware<Catching>(),
        });
        using var response = await app.Http.GetAsync(new Uri("/api/throw", UriKind.Relative));
        Assert.Equal((HttpStatusCode.Conflict, "\"caught thrown\""), (response.StatusCode, await response.Content.ReadAsStringAsync()));
    }

    [Theory]
    [InlineData("user")]
    [InlineData("function")]
    [InlineData("system")]
    [InlineData("admin")]
    public async Task No_level_asks_for_a_key(string level)
    {
        await using var app = await TestApp.StartAsync(typeof(Levels));
        Assert.Equal(level, await app.Http.GetStringAsync(new Uri($"/api/levels/{level}", UriKind.Relative)));
    }

    [Fact]
    public async Task A_caller_that_goes_away_cancels_the_function()
    {
        var probe = new Probe();
        await using var app = await TestApp.StartAsync(new TestApp.Setup { Functions = [typeof(Functions)], Probe = probe });
        using var away = new CancellationTokenSource();
        var request = app.Http.GetAsync(new Uri("/api/wait", UriKind.Relative), away.Token);
        await probe.Gate("begun");
        await away.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request);
        await probe.Gate("cancelled").WaitAsync(TestApp.Limit);
    }

    [Fact]
    public async Task A_stop_lets_a_request_end()
    {
        var probe = new Probe();
        await using var app = await TestApp.StartAsync(new TestApp.Setup { Functions = [typeof(Functions)], Probe = probe });
        var request = app.Http.GetAsync(new Uri("/api/wait", UriKind.Relative));
        await probe.Gate("begun");
        var stop = app.StopAsync();
        probe.Open("end");
        using var response = await request;
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        await stop;
    }

    [Fact]
    public async Task A_body_of_3_MB_and_status_and_headers_pass_unchanged()
    {
        await using var app = await TestApp.StartAsync(typeof(Functions));
        using var content = new ByteArrayContent(new byte[3 * 1024 * 1024]);
        using var response = await app.Http.PutAsync(new Uri("/api/length", UriKind.Relative), content);
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal("\"3145728\"", response.Headers.ETag!.Tag);
    }

    private sealed class Catching : IFunctionsWorkerMiddleware
    {
        public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
        {
            try
            {
                await next(context);
            }
            catch (InvalidOperationException e)
            {
                await Results.Conflict($"caught {e.Message}").ExecuteAsync(context.GetHttpContext()!);
            }
        }
    }

    private static class Levels
    {
        [Function("User")]
        public static IResult User([HttpTrigger(AuthorizationLevel.User, "get", Route = "levels/user")] HttpRequest request) => Said(request, "user");

        [Function("Function")]
        public static IResult Function([HttpTrigger(AuthorizationLevel.Function, "get", Route = "levels/function")] HttpRequest request) => Said(request, "function");

        [Function("System")]
        public static IResult System([HttpTrigger(AuthorizationLevel.System, "get", Route = "levels/system")] HttpRequest request) => Said(request, "system");

        [Function("Admin")]
        public static IResult Admin([HttpTrigger(AuthorizationLevel.Admin, "get", Route = "levels/admin")] HttpRequest request) => Said(request, "admin");

        private static IResult Said(HttpRequest request, string level) => Results.Text(request.QueryString.HasValue ? "" : level);
    }

    private sealed class Functions(Probe probe)
    {
        [Function("A")]
        public static IResult First([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "items/first")] HttpRequest request) =>
            Results.Text($"a {request.RouteValues.Count switch { 0 => "first", _ => "?" }}");

        [Function("b")]
        public static Task<IResult> Item([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "items/{id}")] HttpRequest request, string id) =>
            Task.FromResult(Results.Text($"item {request.RouteValues["id"] ?? id}"));

        [Function("Plain")]
        public static IResult Plain([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request) => Results.Text($"plain {request.Method}");

        [Function("Throw")]
        public static IResult Throw([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "throw")] HttpRequest request) =>
            throw new InvalidOperationException("thrown");

        [Function("Wait")]
        public async Task<IResult> Wait([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "wait")] HttpRequest request, CancellationToken cancellation)
        {
            probe.Open("begun");
            try
            {
                await probe.Gate("end").WaitAsync(cancellation);
            }
            catch (OperationCanceledException)
            {
                probe.Open("cancelled");
                throw;
            }

            return Results.Ok(request.Path.Value);
        }

        [Function("Length")]
        public static async Task<IResult> Length([HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "length")] HttpRequest request)
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body);
            request.HttpContext.Response.Headers.ETag = $"\"{body.Length}\"";
            return Results.StatusCode(StatusCodes.Status202Accepted);
        }

        [Function("ZZZ")]
        public static IResult Rest([HttpTrigger(AuthorizationLevel.Anonymous, "get", "post", Route = "{*path}")] HttpRequest request, string? path) =>
            Results.Text($"rest {path}", statusCode: request.Method.Length > 0 ? 200 : 500);
    }
}
