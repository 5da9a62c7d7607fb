using CloudRewind.LocalRuntime.Functions;
using CloudRewind.LocalRuntime.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace CloudRewind.LocalRuntime.Tests.Hosting;

public sealed class StartTests
{
    [Fact]
    public async Task A_host_json_that_is_malformed_stops_the_start_with_its_path()
    {
        var refusal = await Assert.ThrowsAsync<LocalRuntimeStartException>(() => TestApp.StartAsync(new TestApp.Setup { HostJson = "{ nope" }));
        Assert.Contains("host.json cannot be read", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_unknown_in_host_json_is_ignored_and_the_route_prefix_is_used()
    {
        await using var app = await TestApp.StartAsync(new TestApp.Setup
        {
            HostJson = $$"""
                {
                  // as the real host allows
                  "version": "2.0", "extensions": { "http": { "routePrefix": "my/api", "x": 1 }, "durableTask": { "hubName": "T{{Guid.NewGuid():N}}" } }
                }
                """,
            Functions = [typeof(Good)],
        });
        Assert.Equal("\"good\"", await app.Http.GetStringAsync(new Uri("/my/api/good", UriKind.Relative)));
    }

    [Theory]
    [InlineData(typeof(TwoOfOneName), "Two functions have the name 'same'")]
    [InlineData(typeof(UnknownParameter), "'Bad' cannot be run: nothing gives its parameter 'number' of type Int32 a value")]
    [InlineData(typeof(NoTrigger), "'Bad' cannot be run: it needs exactly one trigger")]
    [InlineData(typeof(WrongResult), "'Bad' cannot be run: an HTTP function returns IResult")]
    [InlineData(typeof(Constraint), "'Bad' cannot be run: its route")]
    [InlineData(typeof(WrongSchedule), "'Bad' cannot be run: '* * * * *' is not a six-field NCRONTAB expression")]
    [InlineData(typeof(ScheduleOfASetting), "'Bad' cannot be run: '%Schedule%' is not a six-field NCRONTAB expression")]
    public async Task A_function_that_cannot_be_run_stops_the_start_and_is_named(Type functions, string message)
    {
        var refusal = await Assert.ThrowsAsync<LocalRuntimeStartException>(() => TestApp.StartAsync(functions));
        Assert.Contains(message, refusal.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Functions_are_ordered_by_name_whatever_their_case() =>
        Assert.Equal(["a", "B", "c"], FunctionCatalog.Find([typeof(Ordered)]).All.Select(f => f.Name));

    [Fact]
    public void Settings_come_from_the_file_then_the_environment_then_the_command_line()
    {
        var folder = Directory.CreateTempSubdirectory("settings-").FullName;
        File.WriteAllText(Path.Combine(folder, "local.settings.json"), """{"IsEncrypted":false,"Values":{"A__B":"file","C":"file"}}""");
        var builder = new FunctionsApplicationBuilder(new LocalRuntimeOptions { BaseDirectory = folder, Args = ["--C=line"] });
        Assert.Equal("file", builder.Configuration["A:B"]);
        Assert.Equal("line", builder.Configuration["C"]);
        Assert.Equal("UseDevelopmentStorage=true", builder.Configuration["AzureWebJobsStorage"]);
        Assert.True(builder.Environment.IsDevelopment());
        Directory.Delete(folder, true);
    }

    [Fact]
    public async Task What_is_not_a_connection_string_is_refused()
    {
        var refusal = await Assert.ThrowsAsync<LocalRuntimeStartException>(() => TestApp.StartAsync(new TestApp.Setup
        {
            Configure = builder => builder.Configuration["AzureWebJobsStorage"] = "nonsense",
        }));
        Assert.Contains("AzureWebJobsStorage is not the connection string", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Storage_by_identity_is_refused_with_the_settings_name()
    {
        var refusal = await Assert.ThrowsAsync<LocalRuntimeStartException>(() => TestApp.StartAsync(new TestApp.Setup
        {
            Configure = builder => builder.Configuration["AzureWebJobsStorage:accountName"] = "mine",
        }));
        Assert.Contains("AzureWebJobsStorage__accountName", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_named()
    {
        await using var first = await TestApp.StartAsync(typeof(Good));
        var refusal = await Assert.ThrowsAsync<LocalRuntimeStartException>(() => TestApp.StartAsync(new TestApp.Setup
        {
            Configure = builder => builder.Configuration["urls"] = first.Http.BaseAddress!.ToString(),
        }));
        Assert.Contains($"{first.Http.BaseAddress!.Port}", refusal.Message, StringComparison.Ordinal);
    }

    private static class Good
    {
        [Function("Good")]
        public static IResult Run([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request) => Results.Ok(request.Method == "GET" ? "good" : "");
    }

    private static class TwoOfOneName
    {
        [Function("Same")]
        public static void One([ActivityTrigger] string input) => _ = input;

        [Function("same")]
        public static void Two([ActivityTrigger] string input) => _ = input;
    }

    private static class UnknownParameter
    {
        [Function("Bad")]
        public static IResult Run([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request, int number) => Results.Ok(request.Path + number);
    }

    private static class NoTrigger
    {
        [Function("Bad")]
        public static void Run(string input) => _ = input;
    }

    private static class WrongResult
    {
        [Function("Bad")]
        public static int Run([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request) => request.Path.Value!.Length;
    }

    private static class Constraint
    {
        [Function("Bad")]
        public static IResult Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "x/{id:long}")] HttpRequest request) => Results.Ok(request.Path);
    }

    private static class WrongSchedule
    {
        [Function("Bad")]
        public static void Run([TimerTrigger("* * * * *")] TimerInfo timer) => _ = timer;
    }

    private static class ScheduleOfASetting
    {
        [Function("Bad")]
        public static void Run([TimerTrigger("%Schedule%")] TimerInfo timer) => _ = timer;
    }

    private static class Ordered
    {
        [Function("c")]
        public static void C([ActivityTrigger] string input) => _ = input;

        [Function("B")]
        public static void B([ActivityTrigger] string input) => _ = input;

        [Function("a")]
        public static void A([ActivityTrigger] string input) => _ = input;
    }
}
