using System.Text.RegularExpressions;
using Amazon.Runtime;

namespace CloudRewind.Aws.Calls;

/// <summary>What AWS says, for a person to read.</summary>
internal static partial class AwsMessage
{
    /// <summary>The message without the encoded part that only STS can read, and the code, or else the HTTP status.</summary>
    public static string Of(AmazonServiceException error)
    {
        var code = string.IsNullOrEmpty(error.ErrorCode) ? $"HTTP {(int)error.StatusCode}" : error.ErrorCode;
        return $"{Encoded().Replace(error.Message, "").TrimEnd().TrimEnd('.')} ({code}).";
    }

    /// <summary>The part that only <c>sts:DecodeAuthorizationMessage</c> can read; null where there is none.</summary>
    public static string? EncodedPart(AmazonServiceException error) => Encoded().Match(error.Message) is { Success: true } match ? match.Groups["message"].Value : null;

    /// <summary>The IAM action that a refusal names; null where it names none.</summary>
    public static string? ActionOf(AmazonServiceException error) => Action().Match(error.Message) is { Success: true } match ? match.Groups["action"].Value : null;

    [GeneratedRegex(@"\s*Encoded authorization failure message:\s*(?<message>\S+)", RegexOptions.CultureInvariant)]
    private static partial Regex Encoded();

    [GeneratedRegex(@"is not authorized to perform:\s*(?<action>[\w-]+:\w+)", RegexOptions.CultureInvariant)]
    private static partial Regex Action();
}
