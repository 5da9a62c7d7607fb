using System.Collections.Concurrent;
using Amazon.Runtime;
using Amazon.SecurityToken.Model;
using Azure.Core;
using Azure.Identity;
using CloudRewind.Aws.Calls;
using CloudRewind.Domain.Capture;

namespace CloudRewind.Aws.Access;

/// <summary>
/// Assumes the roles of customers' connections. A session is kept until shortly before it ends, one for each protection and region, so that CloudTrail tells one protection's
/// calls from another's.
/// </summary>
internal sealed class AwsSessions(AwsClients clients, AwsOptions options, TimeProvider time, TokenCredential? identity = null)
{
    // Of a chained session, the most that AWS gives.
    private const int SessionSeconds = 3600;
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(20);

    private readonly ConcurrentDictionary<Key, SemaphoreSlim> gates = [];
    private readonly ConcurrentDictionary<Key, AwsSession> sessions = [];
    private readonly ConcurrentDictionary<string, HubCredentials> hubs = new(StringComparer.Ordinal);
    private readonly Lazy<TokenCredential> managedIdentity = new(() => identity ?? new ManagedIdentityCredential(
        options.ManagedIdentityClientId is { } clientId ? ManagedIdentityId.FromUserAssignedClientId(clientId) : ManagedIdentityId.SystemAssigned));

    /// <summary>The session of a protection.</summary>
    /// <param name="target">The protection, with the connection to use.</param>
    /// <param name="region">The region; not always the location's.</param>
    /// <param name="ended">A session that AWS does not take any more; null where none is known.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <exception cref="CaptureRefusedException">The role cannot be assumed.</exception>
    /// <exception cref="RetryLaterException">AWS could not be asked.</exception>
    public async Task<AwsSession> GetAsync(CaptureTarget target, string region, AwsSession? ended, CancellationToken cancellationToken)
    {
        var connection = target.Location.Connection;
        var key = new Key(connection.RoleArn, connection.ExternalId, region, SessionName.Of(target.Protection));
        if (Find(key, ended) is { } found)
            return found;

        var gate = gates.GetOrAdd(key, _ => new SemaphoreSlim(1));
        await gate.WaitAsync(cancellationToken);
        try
        {
            if (Find(key, ended) is { } made)
                return made;
            DropEnded();
            return sessions[key] = await AssumeAsync(key, ended is not null, cancellationToken);
        }
        finally
        {
            gate.Release();
            if (!sessions.ContainsKey(key))
                gates.TryRemove(key, out _);
        }
    }

    private AwsSession? Find(Key key, AwsSession? ended) =>
        sessions.TryGetValue(key, out var session) && session != ended && session.EndsAt - Margin > time.GetUtcNow() ? session : null;

    private void DropEnded()
    {
        foreach (var (key, session) in sessions)
        {
            if (session.EndsAt <= time.GetUtcNow() && sessions.TryRemove(new(key, session)))
                gates.TryRemove(key, out _);
        }
    }

    private async Task<AwsSession> AssumeAsync(Key key, bool anew, CancellationToken cancellationToken)
    {
        var own = OwnCredentials(key.Region);
        if (anew)
            own?.ClearCredentials(); // it may be they that have ended
        using var sts = clients.Sts(own, key.Region);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeLimit);
        try
        {
            var answer = await Throttling.RetryAsync(
                () => sts.AssumeRoleAsync(
                    new AssumeRoleRequest { RoleArn = key.RoleArn, ExternalId = key.ExternalId, RoleSessionName = key.SessionName, DurationSeconds = SessionSeconds }, limit.Token),
                time,
                limit.Token);
            var credentials = answer.Credentials.GetCredentials();
            var session = new SessionAWSCredentials(credentials.AccessKey, credentials.SecretKey, credentials.Token);
            var endsAt = answer.Credentials.Expiration is { } end ? new DateTimeOffset(end.ToUniversalTime()) : time.GetUtcNow().AddSeconds(SessionSeconds);
            return new AwsSession(key.RoleArn, session, clients.Ec2(session, key.Region), endsAt);
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            throw AccessErrors.Of(error, key.RoleArn, key.ExternalId is not null, key.Region, options);
        }
    }

    private HubCredentials? OwnCredentials(string region) => options is { HubRoleArn: { } hub, WebIdentityAudience: { } audience }
        ? hubs.GetOrAdd(region, _ => new HubCredentials(clients, managedIdentity.Value, hub, audience, region))
        : null;

    private sealed record Key(string RoleArn, string? ExternalId, string Region, string SessionName);
}
