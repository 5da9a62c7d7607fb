namespace CloudRewind.AwsEmulator;

/// <summary>A call that was made.</summary>
/// <param name="Action">Such as <c>CreateSnapshots</c>.</param>
/// <param name="Region">The region that it was signed for.</param>
/// <param name="Session">The name of the session that it was signed with; empty where it was none.</param>
/// <param name="Parameters">What was asked.</param>
/// <param name="Answer"><c>ok</c>, the code of an error, or <c>lost</c>.</param>
/// <param name="At">When it was answered.</param>
public sealed record Call(string Action, string Region, string Session, IReadOnlyDictionary<string, string> Parameters, string Answer, DateTimeOffset At);
