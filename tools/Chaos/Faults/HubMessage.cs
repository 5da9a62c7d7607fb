namespace CloudRewind.Chaos.Faults;

/// <summary>A message of the engine.</summary>
/// <param name="Text">Which message it is.</param>
/// <param name="IsWorkItem">Whether it is one to an activity; otherwise, one to an orchestration.</param>
internal sealed record HubMessage(string Text, bool IsWorkItem);
