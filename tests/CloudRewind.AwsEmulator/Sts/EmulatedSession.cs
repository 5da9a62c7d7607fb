namespace CloudRewind.AwsEmulator.Sts;

/// <summary>Credentials that STS gave out.</summary>
public sealed record EmulatedSession(string AccessKeyId, string SecretKey, string Token, string Name, EmulatedRole Role, DateTimeOffset EndsAt);
