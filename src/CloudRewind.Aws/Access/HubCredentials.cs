using Amazon.Runtime;
using Amazon.SecurityToken.Model;
using Azure.Core;
using Azure.Identity;
using CloudRewind.Aws.Calls;
using CloudRewind.Domain.Assemblies;

namespace CloudRewind.Aws.Access;

/// <summary>
/// The hub role's credentials, for the token of the app's managed identity: no AWS key is stored anywhere. The SDK's own web identity
/// credentials read the token from a file, which a managed identity does not have. STS is asked in the home region of the role's partition: it
/// is active in every account, and its sessions are valid in every region, whereas an opt-in region would have to be enabled in the hub's
/// account, too.
/// </summary>
internal sealed class HubCredentials : RefreshingAWSCredentials
{
    private const string SessionName = "cloud-rewind";
    private const int SessionSeconds = 3600;

    // The SDK's own caller cannot cancel this; a call without an end would block every caller of the role.
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(15);

    private readonly AwsClients clients;
    private readonly TokenCredential identity;
    private readonly TimeProvider time;
    private readonly string roleArn;
    private readonly string audience;

    public HubCredentials(AwsClients clients, TokenCredential identity, TimeProvider time, string roleArn, string audience)
    {
        (this.clients, this.identity, this.time, this.roleArn, this.audience) = (clients, identity, time, roleArn, audience);
        Region = (AwsPartition.OfArn(roleArn) ?? AwsPartition.OfRegion("")).HomeRegion;
        PreemptExpiryTime = TimeSpan.FromMinutes(5);
    }

    /// <summary>Where the role is assumed.</summary>
    public string Region { get; }

    /// <summary>Forgets credentials that AWS refused, unless others have replaced them: all customers share them.</summary>
    public void Drop(ImmutableCredentials refused)
    {
        if (currentState?.Credentials.AccessKey == refused.AccessKey)
            ClearCredentials();
    }

    protected override CredentialsRefreshState GenerateNewCredentials() => GenerateNewCredentialsAsync().GetAwaiter().GetResult();

    protected override async Task<CredentialsRefreshState> GenerateNewCredentialsAsync()
    {
        using var limit = new CancellationTokenSource(TimeLimit);
        try
        {
            return await AssumeAsync(limit.Token);
        }
        catch (Exception error) when (error is AmazonServiceException or OperationCanceledException
            || (error is not AuthenticationFailedException && AwsErrors.IsNetwork(error)))
        {
            throw AccessErrors.OfHub(error, roleArn, audience, Region);
        }
    }

    private async Task<CredentialsRefreshState> AssumeAsync(CancellationToken cancellationToken)
    {
        // A token of version 1: its issuer is the tenant's sts.windows.net, and its audience the URI of the app registration.
        var token = await identity.GetTokenAsync(new TokenRequestContext([$"{audience}/.default"]), cancellationToken);
        using var sts = clients.Sts(new AnonymousAWSCredentials(), Region);
        var request = new AssumeRoleWithWebIdentityRequest
        {
            RoleArn = roleArn,
            RoleSessionName = SessionName,
            WebIdentityToken = token.Token,
            DurationSeconds = SessionSeconds,
        };
        var answer = await Throttling.RetryAsync(
            () => sts.AssumeRoleWithWebIdentityAsync(request, cancellationToken), time, cancellationToken);
        return new CredentialsRefreshState
        {
            Credentials = answer.Credentials.GetCredentials(),
            Expiration = (answer.Credentials.Expiration ?? DateTime.UtcNow.AddSeconds(SessionSeconds)).ToUniversalTime(),
        };
    }
}
