namespace CloudRewind.Domain.Assemblies;

/// <summary>An AWS resource tag.</summary>
/// <param name="Key">The tag's key.</param>
/// <param name="Value">The tag's value.</param>
public sealed record ResourceTag(string Key, string Value);
