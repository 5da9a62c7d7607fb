namespace CloudRewind.Functions.Health;

/// <summary>The answer of a health check that went well.</summary>
internal sealed record HealthAnswer(string Status);
