namespace CloudRewind.LocalRuntime;

/// <summary>The app cannot start, and the message alone tells its user why.</summary>
internal sealed class LocalRuntimeStartException(string message) : Exception(message);
