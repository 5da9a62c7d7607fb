namespace CloudRewind.Domain.Capture;

/// <summary>The provider cannot do what it was asked to, and nothing was done; trying again does not help until somebody changes something.</summary>
/// <param name="reason">What somebody has to change, for a person to read.</param>
/// <param name="innerException">What the provider was told; null where it knows by itself.</param>
public sealed class CaptureRefusedException(string reason, Exception? innerException = null) : Exception(reason, innerException);
