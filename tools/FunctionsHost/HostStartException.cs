namespace CloudRewind.FunctionsHost;

/// <summary>
/// The host cannot start, or cannot go on. The message says why and what would be right; it is all that the console
/// shows.
/// </summary>
public sealed class HostStartException(string message, Exception? cause = null) : Exception(message, cause);
