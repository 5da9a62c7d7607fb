namespace CloudRewind.AwsEmulator.Protocol;

/// <summary>An answer that says what went wrong, as AWS gives it.</summary>
public sealed class AwsError(string code, string message, int status = 400) : Exception(message)
{
    public string Code { get; } = code;

    public int Status { get; } = status;
}
