using System.Diagnostics.Metrics;
using System.Text.Json;
using Amazon.EC2;
using Amazon.Runtime;
using Amazon.SecurityToken.Model;
using CloudRewind.Aws.Access;
using CloudRewind.Domain.Capture;

namespace CloudRewind.Aws.Calls;

/// <summary>
/// Calls EC2 with a protection's session. It repeats what may be repeated, assumes the role anew once where the session has ended, and says in the port's terms what an
/// error means: refused, later, or nobody knows.
/// </summary>
internal sealed class Ec2Calls(AwsSessions sessions, AwsClients clients, AwsOptions options, TimeProvider time)
{
    /// <summary>The name of the meter that counts calls.</summary>
    public const string MeterName = "CloudRewind.Aws";

    private const int MaxAttempts = 6;
    private static readonly TimeSpan ReadLimit = TimeSpan.FromSeconds(40);
    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan DecodeLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan PaceOfVolume = TimeSpan.FromSeconds(15); // https://docs.aws.amazon.com/ebs/latest/userguide/ebs-creating-snapshot.html
    private static readonly Meter Meter = new(MeterName);
    private static readonly Counter<long> Calls = Meter.CreateCounter<long>("cloudrewind.aws.calls", "{call}", "Calls to EC2, by action and by AWS's answer.");

    /// <summary>A call that changes nothing, or that may be made twice.</summary>
    /// <param name="target">The protection.</param>
    /// <param name="action">The IAM action, such as <c>ec2:DescribeVolumes</c>.</param>
    /// <param name="call">The call.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <param name="region">The region; null: the location's.</param>
    public Task<T> RepeatableAsync<T>(
        CaptureTarget target, string action, Func<AmazonEC2Client, CancellationToken, Task<T>> call, CancellationToken cancellationToken, string? region = null) =>
        CallAsync(target, action, call, region ?? target.Location.Region, mayRepeat: true, ReadLimit, cancellationToken);

    /// <summary>A call that starts snapshots: it is repeated only where AWS says that nothing was done.</summary>
    public Task<T> OnceAsync<T>(CaptureTarget target, string action, Func<AmazonEC2Client, CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        var half = options.SettleWindow / 2;
        return CallAsync(target, action, call, target.Location.Region, mayRepeat: false, half < LongestStart ? half : LongestStart, cancellationToken);
    }

    private async Task<T> CallAsync<T>(
        CaptureTarget target,
        string action,
        Func<AmazonEC2Client, CancellationToken, Task<T>> call,
        string region,
        bool mayRepeat,
        TimeSpan timeLimit,
        CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(timeLimit);
        AwsSession? ended = null;
        Exception? refusal = null;
        for (var attempt = 1; ; attempt++)
        {
            var session = await sessions.GetAsync(target, region, ended, cancellationToken);
            if (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
                throw await OutOfTimeAsync(refusal, action, session, region, mayRepeat, cancellationToken);
            try
            {
                limit.Token.ThrowIfCancellationRequested();
                var answer = await call(session.Ec2, limit.Token);
                Count(action, "ok");
                return answer;
            }
            catch (Exception error) when (!cancellationToken.IsCancellationRequested)
            {
                Count(action, (error as AmazonServiceException)?.ErrorCode ?? error.GetType().Name);
                refusal = error;
                var hasEnded = error is AmazonServiceException aws && AwsErrors.HasEnded(aws);
                if (hasEnded && ended is null)
                    ended = session;
                else if (attempt < MaxAttempts && !limit.IsCancellationRequested && (IsThrottling(error) || (mayRepeat && AwsErrors.MayPass(error))))
                    await Throttling.PauseAsync(attempt, time, cancellationToken);
                else
                    throw await MeaningAsync(error, action, session, region, mayRepeat, cancellationToken);
            }
        }
    }

    private static bool IsThrottling(Exception error) => error is AmazonServiceException aws && AwsErrors.IsThrottling(aws);

    // The time is over before the call was sent (again): what came of the last attempt is still all that is known, and where there was none, nothing was done.
    private async Task<Exception> OutOfTimeAsync(Exception? refusal, string action, AwsSession session, string region, bool mayRepeat, CancellationToken cancellationToken) =>
        refusal is null
            ? new RetryLaterException($"{action} was not asked of AWS in {region}: assuming the role took too long.", Throttling.Jittered(TimeSpan.FromSeconds(5)))
            : await MeaningAsync(refusal, action, session, region, mayRepeat, cancellationToken);

    private async Task<Exception> MeaningAsync(Exception error, string action, AwsSession session, string region, bool mayRepeat, CancellationToken cancellationToken)
    {
        switch (error)
        {
            case AmazonServiceException aws when AwsErrors.IsDenied(aws):
                return new CaptureRefusedException(await DeniedAsync(aws, action, session, region, cancellationToken), aws);
            case AmazonServiceException aws when AwsErrors.IsThrottling(aws):
                return Later($"AWS limits the requests of the account in {region}; they go on when it allows: {AwsMessage.Of(aws)}", TimeSpan.FromSeconds(5));
            case AmazonServiceException aws when AwsErrors.HasEnded(aws):
                return Later($"AWS does not take the session of role {session.RoleArn} in {region}, not even a new one: {AwsMessage.Of(aws)}", TimeSpan.FromSeconds(10));
            case AmazonServiceException aws when AwsErrors.IsIncorrectState(aws):
                return Later($"{action}: AWS is still creating or changing the resource; it is tried again: {AwsMessage.Of(aws)}", PaceOfVolume, concernsAll: false);
            case AmazonServiceException aws when AwsErrors.IsLimitOfVolume(aws):
                return Later($"AWS's limit on snapshots of one volume is reached; it is tried again: {AwsMessage.Of(aws)}", PaceOfVolume, concernsAll: false);
            case AmazonServiceException aws when AwsErrors.IsLimitOfAccount(aws):
                return Later($"AWS's limit on snapshots of the account in {region} is reached; remove snapshots, or ask AWS for a higher quota: {AwsMessage.Of(aws)}", TimeSpan.FromSeconds(30));
            case AmazonServiceException aws when (int)aws.StatusCode is (>= 400 and < 500) or 501:
                return new CaptureRefusedException($"{action}: {AwsMessage.Of(aws)}", aws);
            case var _ when AwsErrors.IsUnknownHost(error) && options.ServiceUrl is null && !AwsErrors.IsKnownRegion(region):
                return new CaptureRefusedException(AwsErrors.NoSuchRegion(region), error);
            case var _ when mayRepeat || AwsErrors.WasNotSent(error):
                return Later($"{action} could not be asked of AWS in {region}: {AwsErrors.MessageOf(error)}", TimeSpan.FromSeconds(5));
            default:
                return new IOException($"Nobody knows whether {action} was done: {(error is OperationCanceledException ? "AWS did not answer in time." : AwsErrors.MessageOf(error))}", error);
        }

        RetryLaterException Later(string reason, TimeSpan least, bool concernsAll = true) => new(reason, Throttling.Jittered(least), concernsAll, error);
    }

    /// <summary>Names the missing permission: by AWS's own message, else by what STS decodes of it where the role may ask, else by the call.</summary>
    public async Task<string> DeniedAsync(AmazonServiceException error, string action, AwsSession session, string region, CancellationToken cancellationToken)
    {
        var named = AwsMessage.ActionOf(error);
        if (named is null && AwsMessage.EncodedPart(error) is { } encoded)
            named = await DecodeAsync(encoded, session, region, cancellationToken);
        return $"The role {session.RoleArn} lacks the IAM permission {named ?? action}. AWS says: {AwsMessage.Of(error)}";
    }

    private async Task<string?> DecodeAsync(string encoded, AwsSession session, string region, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(DecodeLimit);
        try
        {
            using var sts = clients.Sts(session.Credentials, region);
            var answer = await sts.DecodeAuthorizationMessageAsync(new DecodeAuthorizationMessageRequest { EncodedMessage = encoded }, limit.Token);
            using var message = JsonDocument.Parse(answer.DecodedMessage);
            return message.RootElement.TryGetProperty("context", out var context) && context.TryGetProperty("action", out var action) ? action.GetString() : null;
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested
            && error is AmazonServiceException or AmazonClientException or HttpRequestException or JsonException or OperationCanceledException)
        {
            return null; // it only helps to explain another error
        }
    }

    private static void Count(string action, string answer) => Calls.Add(1, new("action", action), new("answer", answer));
}
