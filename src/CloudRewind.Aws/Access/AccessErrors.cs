using Amazon.Runtime;
using Azure.Identity;
using CloudRewind.Aws.Calls;
using CloudRewind.Domain.Capture;

namespace CloudRewind.Aws.Access;

/// <summary>Why a role could not be assumed, in words that a reader can act on.</summary>
internal static class AccessErrors
{
    public static Exception Of(Exception error, string roleArn, bool hasExternalId, string region, AwsOptions options) => error switch
    {
        CaptureRefusedException or RetryLaterException => error, // about the hub role, and said already
        AuthenticationFailedException => Later($"The app has no token of its managed identity for {options.WebIdentityAudience}: {error.Message}", error),
        AmazonServiceException { ErrorCode: "RegionDisabledException" } aws => Refused($"AWS region {region} is not enabled for STS in this account: {AwsMessage.Of(aws)}", aws),
        AmazonServiceException aws when AwsErrors.IsDenied(aws) => Refused(
            $"The role {roleArn} cannot be assumed: its trust policy must allow {options.HubRoleArn ?? "the app's own AWS identity"} to, "
            + $"{(hasExternalId ? "with the external id of this connection" : "and must not ask for an external id, since the connection has none")}. AWS says: {AwsMessage.Of(aws)}",
            aws),
        AmazonServiceException aws when AwsErrors.IsThrottling(aws) || AwsErrors.HasEnded(aws) || (int)aws.StatusCode >= 500 => Later($"The role {roleArn} cannot be assumed now: {AwsMessage.Of(aws)}", aws),
        AmazonServiceException aws => Refused($"The role {roleArn} cannot be assumed: {AwsMessage.Of(aws)}", aws),
        _ when AwsErrors.IsUnknownHost(error) && options.ServiceUrl is null && !AwsErrors.IsKnownRegion(region) => Refused(AwsErrors.NoSuchRegion(region), error),
        _ when AwsErrors.IsNetwork(error) || error is OperationCanceledException => Later($"STS does not answer in {region}: {AwsErrors.MessageOf(error)}", error),
        AmazonClientException when options.HubRoleArn is null => Refused(
            "The app has no AWS credentials. In Azure, set Aws__HubRoleArn and Aws__WebIdentity__Audience; elsewhere, set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, AWS_PROFILE, or run with an instance role."
            + (error is AWSCommonRuntimeException ? "" : $" The AWS SDK says: {error.Message}"), // without credentials it also asks for a package, which would not help
            error),
        _ => Later($"The role {roleArn} cannot be assumed now: {error.Message}", error),
    };

    /// <summary>Why the hub role was not given for the token of the app's managed identity.</summary>
    public static Exception OfHub(Exception error, string hubArn, string audience, string region) => error switch
    {
        AmazonServiceException { ErrorCode: "RegionDisabledException" } aws => Refused(
            $"STS in AWS region {region} is not activated in the account of the hub role {hubArn}: activate it there. "
            + $"AWS says: {AwsMessage.Of(aws)}",
            aws),
        AmazonServiceException aws when AwsErrors.IsThrottling(aws) || (int)aws.StatusCode >= 500 || aws.ErrorCode is "IDPCommunicationError" =>
            Later($"The hub role {hubArn} cannot be assumed now: {AwsMessage.Of(aws)}", aws),
        AmazonServiceException aws => Refused($"The hub role {hubArn} does not take the token of the app's managed identity (audience {audience}): {AwsMessage.Of(aws)}", aws),
        OperationCanceledException => Later($"The hub role {hubArn} cannot be assumed now: STS or the managed identity does not answer in time.", error),
        _ when AwsErrors.IsNetwork(error) =>
            Later($"The hub role {hubArn} cannot be assumed now: STS does not answer in {region}: {AwsErrors.MessageOf(error)}", error),
        _ => error,
    };

    private static CaptureRefusedException Refused(string reason, Exception error) => new(reason, error);

    private static RetryLaterException Later(string reason, Exception error) => new(reason, Throttling.Jittered(TimeSpan.FromSeconds(5)), innerException: error);
}
