using System.Text.Json;
using CloudRewind.Domain;
using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Capture;
using CloudRewind.Functions.Assemblies;
using CloudRewind.Functions.Auth;
using CloudRewind.Functions.Http;
using CloudRewind.Functions.Tests.Auth;
using CloudRewind.Functions.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace CloudRewind.Functions.Tests.Assemblies;

/// <summary>What a preview makes of what the capture provider says.</summary>
public sealed class PreviewTests : IDisposable
{
    private readonly SignedTokens tokens = new();
    private readonly FakeTimeProvider time = new();
    private readonly ScriptedProvider provider = new();
    private readonly DefaultHttpContext http = new()
    {
        RequestServices = new ServiceCollection().AddLogging().BuildServiceProvider(),
        Response = { Body = new MemoryStream() },
    };

    public void Dispose() => tokens.Dispose();

    [Fact]
    public async Task Totals_are_of_what_can_be_captured_and_the_rest_is_shown_with_its_reason()
    {
        provider.Found = new Discovery(
            [
                new("vol-1", "ebs-volume", "i-1", 16_384),
                new("vol-2", "ebs-volume", "i-1", 100),
                new("vol-3", "ebs-volume", "vol-3", 8),
                new("vol-4", "ebs-volume", "vol-4", Failure: "There is no such volume."),
            ],
            [new LeftOut("i-1", "instance-store", "It cannot be captured.")]);
        provider.Missing = [new MissingPermission("ec2:CreateSnapshots", "The role lacks it.")];

        var preview = await AnswerAsync();

        Assert.Equal(
            """
            {"provider":"Scripted","totalResources":3,"totalGroups":2,"totalSizeGiB":16492,"resources":[
            {"id":"vol-1","type":"ebs-volume","groupId":"i-1","sizeGiB":16384},
            {"id":"vol-2","type":"ebs-volume","groupId":"i-1","sizeGiB":100},
            {"id":"vol-3","type":"ebs-volume","groupId":"vol-3","sizeGiB":8},
            {"id":"vol-4","type":"ebs-volume","groupId":"vol-4","sizeGiB":0,"failure":"There is no such volume."}],
            "leftOut":[{"id":"i-1","type":"instance-store","reason":"It cannot be captured."}],
            "missingPermissions":[{"permission":"ec2:CreateSnapshots","reason":"The role lacks it."}]}
            """.Replace("\n", "", StringComparison.Ordinal),
            preview);
        Assert.Equal("no-store", http.Response.Headers.CacheControl);
    }

    [Fact]
    public async Task The_permissions_are_asked_about_for_what_was_found()
    {
        provider.Found = new Discovery([new("vol-1", "ebs-volume", "i-1", 8)], []);

        await AnswerAsync();

        Assert.Equal(provider.Found.Resources, provider.AskedAbout);
    }

    [Fact]
    public async Task A_refusal_is_a_precondition_that_does_not_hold_and_says_why()
    {
        provider.OnCheck = _ => throw new CaptureRefusedException("The role cannot be assumed.");

        var refusal = await RefusalAsync();

        Assert.Equal((412, "cannot-be-protected"), (refusal.StatusCode, refusal.Code));
        Assert.Contains("The role cannot be assumed.", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "1")]
    [InlineData(0.2, "1")]
    [InlineData(7.1, "8")]
    public async Task What_passes_says_after_how_many_seconds_to_come_back(double after, string seconds)
    {
        provider.OnCheck = _ => throw new RetryLaterException("AWS limits the requests.", TimeSpan.FromSeconds(after));

        var refusal = await RefusalAsync();

        Assert.Equal((503, "provider-unavailable", "The capture provider is not available: AWS limits the requests."), (refusal.StatusCode, refusal.Code, refusal.Message));
        await refusal.WriteAsync(http);
        Assert.Equal(seconds, http.Response.Headers.RetryAfter);
    }

    [Fact]
    public async Task Any_other_error_of_the_provider_is_told_its_own_time_out_included()
    {
        foreach (var error in new Exception[] { new IOException("The connection was closed."), new TaskCanceledException("The connection was closed.") })
        {
            provider.OnCheck = _ => throw error;

            var refusal = await RefusalAsync();

            Assert.Equal((503, "provider-unavailable"), (refusal.StatusCode, refusal.Code));
            Assert.Contains("The connection was closed.", refusal.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_provider_that_does_not_answer_in_time_is_given_up()
    {
        var asked = new TaskCompletionSource();
        provider.OnCheck = async stop =>
        {
            asked.SetResult();
            await Task.Delay(Timeout.Infinite, stop);
        };
        var refused = RefusalAsync();
        await asked.Task;

        time.Advance(TimeSpan.FromSeconds(89));
        Assert.False(refused.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(1));

        var refusal = await refused.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal((503, "provider-unavailable"), (refusal.StatusCode, refusal.Code));
        Assert.Contains("did not answer within 90 seconds", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_outage_of_storage_is_no_answer_of_the_provider()
    {
        provider.OnCheck = _ => throw new StoreUnavailableException("storage does not answer", new IOException());

        await Assert.ThrowsAsync<StoreUnavailableException>(AnswerAsync);
    }

    [Fact]
    public async Task A_client_that_goes_away_ends_the_question()
    {
        using var gone = new CancellationTokenSource();
        http.RequestAborted = gone.Token;
        provider.OnCheck = async stop =>
        {
            await gone.CancelAsync();
            await Task.Delay(Timeout.Infinite, stop);
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(AnswerAsync);
    }

    private async Task<string> AnswerAsync()
    {
        http.Request.Headers.Authorization = $"Bearer {tokens.Sign("\"jti\":\"own\",\"account_id\":1,\"projects\":\"*\",\"permissions\":[\"aws-assemblies.read\"]")}";
        http.Request.RouteValues = new() { ["accountId"] = "1", ["projectId"] = "demo", ["cloudAssemblyId"] = "7" };
        var issuer = new TrustedIssuer(new AuthOptions.ByKeys([tokens.PublicKey], SignedTokens.Issuer, SignedTokens.Audience), TimeProvider.System, NullLogger<TrustedIssuer>.Instance);
        var authenticator = new TokenAuthenticator(issuer, new RevocationCache(new InMemoryRevokedTokens(), time), time);
        var preview = new PreviewAwsCloudAssembly(new OneAssembly(), provider, time, NullLogger<PreviewAwsCloudAssembly>.Instance);

        var result = await http.AuthorizedAsync(
            authenticator, nameof(PreviewAwsCloudAssembly), () => preview.Run(http.Request, CancellationToken.None));

        await result.ExecuteAsync(http);
        http.Response.Body.Position = 0;
        using var json = await JsonDocument.ParseAsync(http.Response.Body);
        return json.RootElement.GetRawText();
    }

    private Task<ApiException> RefusalAsync() => Assert.ThrowsAsync<ApiException>(AnswerAsync);

    private sealed class ScriptedProvider : ICaptureProvider
    {
        public Func<CancellationToken, Task> OnCheck { get; set; } = _ => Task.CompletedTask;

        public Discovery Found { get; set; } = new([], []);

        public IReadOnlyList<MissingPermission> Missing { get; set; } = [];

        public IReadOnlyList<DiscoveredResource>? AskedAbout { get; private set; }

        public TimeSpan SettleWindow => throw new NotSupportedException();

        public string Name => "Scripted";

        public string? FaultOf(string resourceId) => null;

        public Task CheckAsync(CaptureTarget target, CancellationToken cancellationToken) => OnCheck(cancellationToken);

        public Task<Discovery> DiscoverAsync(CaptureTarget target, ResourceFilter filter, CancellationToken cancellationToken) => Task.FromResult(Found);

        public Task<IReadOnlyList<MissingPermission>> FindMissingPermissionsAsync(
            CaptureTarget target, IReadOnlyList<DiscoveredResource> resources, CancellationToken cancellationToken)
        {
            AskedAbout = resources;
            return Task.FromResult(Missing);
        }

        public Task<IReadOnlyList<Snapshot>> StartAsync(CaptureTarget target, IReadOnlyList<ProtectedResource> group, CancellationToken cancellationToken) =>
            throw new NotSupportedException("A preview creates nothing.");

        public Task<IReadOnlyList<Snapshot>> ListAsync(CaptureTarget target, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IReadOnlyList<Snapshot>> FindAsync(CaptureTarget target, IReadOnlyCollection<string> snapshotIds, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<bool> RemoveAsync(CaptureTarget target, string snapshotId, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
