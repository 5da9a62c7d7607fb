using System.Diagnostics.Metrics;
using System.Text.Json;
using CloudRewind.Domain;
using CloudRewind.Functions.Http;
using CloudRewind.Functions.Protections;
using CloudRewind.Functions.Telemetry;
using CloudRewind.Functions.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace CloudRewind.Functions.Tests.Http;

public sealed class ErrorHandlingMiddlewareTests
{
    private readonly DefaultHttpContext http = new()
    {
        RequestServices = new ServiceCollection().AddLogging().BuildServiceProvider(),
        Response = { Body = new MemoryStream() },
    };

    private readonly IMeterFactory meters = new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>();
    private readonly ErrorHandlingMiddleware middleware;

    public ErrorHandlingMiddlewareTests() => middleware = new(new CloudRewindTelemetry(meters), NullLogger<ErrorHandlingMiddleware>.Instance);

    [Fact]
    public async Task A_refused_lookup_is_counted_by_its_code_and_other_refusals_are_not()
    {
        List<object?> answers = [];
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Scope == meters && instrument.Name == "cloudrewind.protection.lookups")
                    listener.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((_, _, tags, _) => answers.Add(tags[0].Value));
        listener.Start();

        await middleware.Invoke(new FakeFunctionContext(http, nameof(GetAwsProtectionStatus)), _ => throw ApiErrors.TokenRevoked.Exception());
        await middleware.Invoke(new FakeFunctionContext(http, nameof(GetAwsProtectionTimeline)), _ => throw ApiErrors.TokenMissing.Exception());

        Assert.Equal(["token-revoked"], answers);
    }

    [Fact]
    public async Task An_exception_is_answered_and_its_message_stays_inside()
    {
        await InvokeAsync(_ => throw new InvalidDataException("secret"));

        Assert.Equal((500, "internal-error"), Answer());
        Assert.DoesNotContain("secret", Body(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_outage_of_storage_is_named()
    {
        await InvokeAsync(_ => throw new StoreUnavailableException("no", new IOException()));

        Assert.Equal((500, "storage-unavailable"), Answer());
    }

    [Fact]
    public async Task A_change_that_lost_every_race_is_a_conflict()
    {
        await InvokeAsync(_ => throw new ConcurrencyException("lost", new IOException()));

        Assert.Equal((409, "concurrent-change"), Answer());
    }

    [Fact]
    public async Task What_is_too_large_to_store_is_refused_and_names_what_takes_the_space()
    {
        await InvokeAsync(_ => throw new StoreLimitException("Resources", 1_200_000, 1_048_576));

        Assert.Equal((412, "too-large-to-store"), Answer());
        Assert.Contains("'Resources'", Body().Replace("\\u0027", "'", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("1200000", Body(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_that_the_host_cancels_is_told_that_the_app_is_stopping()
    {
        using var stopping = new CancellationTokenSource();

        await InvokeAsync(
            async context =>
            {
                await stopping.CancelAsync();
                context.CancellationToken.ThrowIfCancellationRequested();
            },
            stopping.Token);

        Assert.Equal((500, "app-stopping"), Answer());
        Assert.Equal("5", http.Response.Headers.RetryAfter.ToString());
    }

    [Fact]
    public async Task A_timeout_of_a_call_is_not_mistaken_for_a_stop()
    {
        await InvokeAsync(_ => throw new TaskCanceledException("a client's timeout"));

        Assert.Equal((500, "internal-error"), Answer());
    }

    [Fact]
    public async Task A_client_that_has_gone_is_not_answered()
    {
        http.RequestAborted = new CancellationToken(canceled: true);

        await InvokeAsync(_ => throw new OperationCanceledException());

        Assert.Equal("", Body());
    }

    [Fact]
    public async Task A_response_that_has_started_is_left_alone()
    {
        http.Features.Set<IHttpResponseFeature>(new BegunResponse());

        await InvokeAsync(_ => throw new InvalidDataException("too late"));

        Assert.Equal(200, http.Response.StatusCode);
    }

    private Task InvokeAsync(FunctionExecutionDelegate function, CancellationToken stopping = default) =>
        middleware.Invoke(new FakeFunctionContext(http, cancellationToken: stopping), function);

    private string Body()
    {
        http.Response.Body.Position = 0;
        return new StreamReader(http.Response.Body).ReadToEnd();
    }

    private (int Status, string? Code) Answer()
    {
        using var json = JsonDocument.Parse(Body());
        return (http.Response.StatusCode, json.RootElement.GetProperty("errors")[0].GetProperty("code").GetString());
    }

    private sealed class BegunResponse : HttpResponseFeature
    {
        public override bool HasStarted => true;
    }
}
