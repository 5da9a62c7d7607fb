namespace CloudRewind.Benchmarks;

/// <summary>The command line cannot be understood; the message names what is wrong with it.</summary>
internal sealed class OptionsException(string message) : Exception(message);
