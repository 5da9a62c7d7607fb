using System.Net;
using System.Net.Sockets;
using Amazon;
using Amazon.Runtime;

namespace CloudRewind.Aws.Calls;

/// <summary>What AWS's errors mean: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html.</summary>
internal static class AwsErrors
{
    private static readonly HashSet<string> Throttling = new(StringComparer.Ordinal)
    {
        "RequestLimitExceeded", "Throttling", "ThrottlingException", "ThrottledException", "RequestThrottled", "RequestThrottledException", "TooManyRequestsException",
        "EC2ThrottledException", "SlowDown", "BandwidthLimitExceeded",
    };

    private static readonly HashSet<string> Ended = new(StringComparer.Ordinal)
    {
        "ExpiredToken", "ExpiredTokenException", "RequestExpired", "AuthFailure", "InvalidClientTokenId", "UnrecognizedClientException",
    };

    private static readonly HashSet<string> Denied = new(StringComparer.Ordinal) { "UnauthorizedOperation", "AccessDenied", "AccessDeniedException", "Client.UnauthorizedOperation" };

    private static readonly HashSet<string> OfVolume = new(StringComparer.Ordinal) { "SnapshotCreationPerVolumeRateExceeded", "ConcurrentSnapshotLimitExceeded" };

    private static readonly HashSet<string> OfAccount = new(StringComparer.Ordinal) { "PendingSnapshotLimitExceeded", "SnapshotLimitExceeded" };

    /// <summary>Too many requests: nothing was done.</summary>
    public static bool IsThrottling(AmazonServiceException error) => Throttling.Contains(error.ErrorCode ?? "") || error.StatusCode == HttpStatusCode.TooManyRequests;

    /// <summary>The session has ended, or is not known yet: nothing was done.</summary>
    public static bool HasEnded(AmazonServiceException error) => Ended.Contains(error.ErrorCode ?? "");

    /// <summary>A permission is missing: nothing was done.</summary>
    public static bool IsDenied(AmazonServiceException error) => Denied.Contains(error.ErrorCode ?? "");

    /// <summary>Whether it is about the caller or the moment, and not about the operation itself.</summary>
    public static bool IsAboutTheCaller(AmazonServiceException error) => IsThrottling(error) || HasEnded(error) || IsDenied(error);

    /// <summary>The volume or the instance is being created or changed: nothing was done.</summary>
    public static bool IsIncorrectState(AmazonServiceException error) => error.ErrorCode is "IncorrectState" or "IncorrectInstanceState";

    /// <summary>A limit on the snapshots of one volume: nothing was done.</summary>
    public static bool IsLimitOfVolume(AmazonServiceException error) => OfVolume.Contains(error.ErrorCode ?? "");

    /// <summary>A limit on the snapshots of the account: nothing was done.</summary>
    public static bool IsLimitOfAccount(AmazonServiceException error) => OfAccount.Contains(error.ErrorCode ?? "");

    /// <summary>No connection was made: nothing was done. A connection that takes too long is the one thing that the HTTP client itself limits in time.</summary>
    public static bool WasNotSent(Exception error) => Find<HttpRequestException>(error) is
    {
        HttpRequestError: HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError,
    } || Find<TimeoutException>(error) is not null;

    /// <summary>The endpoint has no address.</summary>
    public static bool IsUnknownHost(Exception error) => Find<HttpRequestException>(error) is { HttpRequestError: HttpRequestError.NameResolutionError };

    /// <summary>The network, or the endpoint, broke the call off.</summary>
    public static bool IsNetwork(Exception error) => Find<HttpRequestException>(error) is not null || Find<IOException>(error) is not null || Find<SocketException>(error) is not null;

    /// <summary>Whether a call that may be repeated is worth repeating: the server or the network failed.</summary>
    public static bool MayPass(Exception error) =>
        (error is AmazonServiceException aws && (int)aws.StatusCode >= 500 && aws.StatusCode != HttpStatusCode.NotImplemented) || IsNetwork(error);

    /// <summary>The message of AWS, or of the network.</summary>
    public static string MessageOf(Exception error) => error is AmazonServiceException aws ? AwsMessage.Of(aws) : Innermost(error).Message;

    /// <summary>Whether the SDK knows the region. One that it does not know may be new.</summary>
    public static bool IsKnownRegion(string region) => RegionEndpoint.EnumerableAllRegions.Any(known => known.SystemName == region);

    public static string NoSuchRegion(string region) => $"AWS has no region '{region}', or it is not enabled in this account: correct the assembly's sourceRegion, or enable the region.";

    private static Exception Innermost(Exception error) => error.InnerException is { } inner ? Innermost(inner) : error;

    private static T? Find<T>(Exception? error)
        where T : Exception => error is null ? null : error as T ?? Find<T>(error.InnerException);
}
