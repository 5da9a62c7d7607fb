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
/// calls from another's. One that is not used any more, such as a preview's, is dropped earlier.
/// </summary>
internal sealed class AwsSessions(AwsClients clients, AwsOptions options, TimeProvider time, TokenCredential? identity = null)
{
    // Of a chained session, the most that AWS gives.
    private const int SessionSeconds = 3600;
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Idle = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(20);

    private readonly ConcurrentDictionary<Key, SemaphoreSlim> gates = [];
    private readonly ConcurrentDictionary<Key, AwsSession> sessions = [];
    private readonly HubCredentials? hub = options is { HubRoleArn: { } role, WebIdentityAudience: { } audience }
        ? new HubCredentials(clients, identity ?? ManagedIdentity(options), time, role, audience)
        : null;

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
            DropUnused();
            return sessions[key] = await AssumeAsync(key, cancellationToken);
        }
        finally
        {
            gate.Release();
            if (!sessions.ContainsKey(key))
                gates.TryRemove(key, out _);
        }
    }

    private AwsSession? Find(Key key, AwsSession? ended)
    {
        var now = time.GetUtcNow();
        if (!sessions.TryGetValue(key, out var session) || session == ended || session.EndsAt - Margin <= now)
            return null;
        session.UsedAt = now;
        return session;
    }

    private void DropUnused()
    {
        var now = time.GetUtcNow();
        foreach (var (key, session) in sessions)
        {
            if ((session.EndsAt <= now || session.UsedAt + Idle <= now) && sessions.TryRemove(new(key, session)))
                gates.TryRemove(key, out _);
        }
    }

    private async Task<AwsSession> AssumeAsync(Key key, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeLimit);
        try
        {
            var own = await OwnAsync(limit.Token);
            AssumeRoleResponse answer;
            try
            {
                answer = await AssumeAsync(key, own, limit.Token);
            }
            catch (AmazonServiceException error) when (own is not null && AwsErrors.HasEnded(error))
            {
                hub!.Drop(own);
                answer = await AssumeAsync(key, await OwnAsync(limit.Token), limit.Token);
            }

            var credentials = answer.Credentials.GetCredentials();
            var session = new SessionAWSCredentials(credentials.AccessKey, credentials.SecretKey, credentials.Token);
            var endsAt = answer.Credentials.Expiration is { } end ? new DateTimeOffset(end.ToUniversalTime()) : time.GetUtcNow().AddSeconds(SessionSeconds);
            return new AwsSession(key.RoleArn, session, clients.Ec2(session, key.Region), endsAt) { UsedAt = time.GetUtcNow() };
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            throw AccessErrors.Of(error, key.RoleArn, key.ExternalId is not null, key.Region, options);
        }
    }

    private async Task<AssumeRoleResponse> AssumeAsync(Key key, ImmutableCredentials? own, CancellationToken cancellationToken)
    {
        using var sts = clients.Sts(own is null ? null : new SessionAWSCredentials(own.AccessKey, own.SecretKey, own.Token), key.Region);
        var request = new AssumeRoleRequest
        {
            RoleArn = key.RoleArn,
            ExternalId = key.ExternalId,
            RoleSessionName = key.SessionName,
            DurationSeconds = SessionSeconds,
        };
        return await Throttling.RetryAsync(() => sts.AssumeRoleAsync(request, cancellationToken), time, cancellationToken);
    }

    // Null: the SDK finds credentials by itself.
    private Task<ImmutableCredentials?> OwnAsync(CancellationToken cancellationToken) =>
        hub is null ? Task.FromResult<ImmutableCredentials?>(null) : hub.GetCredentialsAsync().WaitAsync(cancellationToken)!;

    private static ManagedIdentityCredential ManagedIdentity(AwsOptions options) => new(
        options.ManagedIdentityClientId is { } clientId
            ? ManagedIdentityId.FromUserAssignedClientId(clientId)
            : ManagedIdentityId.SystemAssigned);

    private sealed record Key(string RoleArn, string? ExternalId, string Region, string SessionName);
}
