using Amazon.Runtime;
using Amazon.SecurityToken.Model;
using Azure.Core;

namespace CloudRewind.Aws.Access;

/// <summary>
/// The hub role's credentials, for the token of the app's managed identity: no AWS key is stored anywhere. The SDK's own web identity credentials read the token
/// from a file, which a managed identity does not have.
/// </summary>
internal sealed class HubCredentials : RefreshingAWSCredentials
{
    private const string SessionName = "cloud-rewind";
    private const int SessionSeconds = 3600;

    // The SDK's own caller cannot cancel this; a call without an end would keep everybody from the role.
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(15);

    private readonly AwsClients clients;
    private readonly TokenCredential identity;
    private readonly string roleArn;
    private readonly string audience;
    private readonly string region;

    public HubCredentials(AwsClients clients, TokenCredential identity, string roleArn, string audience, string region)
    {
        (this.clients, this.identity, this.roleArn, this.audience, this.region) = (clients, identity, roleArn, audience, region);
        PreemptExpiryTime = TimeSpan.FromMinutes(5);
    }

    protected override CredentialsRefreshState GenerateNewCredentials() => GenerateNewCredentialsAsync().GetAwaiter().GetResult();

    protected override async Task<CredentialsRefreshState> GenerateNewCredentialsAsync()
    {
        using var limit = new CancellationTokenSource(TimeLimit);
        try
        {
            return await AssumeAsync(limit.Token);
        }
        catch (Exception error) when (error is AmazonServiceException or OperationCanceledException)
        {
            throw AccessErrors.OfHub(error, roleArn, audience);
        }
    }

    private async Task<CredentialsRefreshState> AssumeAsync(CancellationToken cancellationToken)
    {
        // A token of version 1: its issuer is the tenant's sts.windows.net, and its audience the URI of the app registration.
        var token = await identity.GetTokenAsync(new TokenRequestContext([$"{audience}/.default"]), cancellationToken);
        using var sts = clients.Sts(new AnonymousAWSCredentials(), region);
        var answer = await sts.AssumeRoleWithWebIdentityAsync(new AssumeRoleWithWebIdentityRequest
        {
            RoleArn = roleArn,
            RoleSessionName = SessionName,
            WebIdentityToken = token.Token,
            DurationSeconds = SessionSeconds,
        }, cancellationToken);
        return new CredentialsRefreshState
        {
            Credentials = answer.Credentials.GetCredentials(),
            Expiration = (answer.Credentials.Expiration ?? DateTime.UtcNow.AddSeconds(SessionSeconds)).ToUniversalTime(),
        };
    }
}
