namespace CloudRewind.Functions.Health;

/// <summary>The body of a health check that succeeds.</summary>
/// <param name="Status"><c>live</c> or <c>ready</c>.</param>
/// <param name="Version">The app's version, as in 1.0.0; of <c>live</c> only.</param>
/// <param name="Provider">The capture provider, <c>Aws</c> or <c>Simulated</c>; of <c>live</c> only.</param>
internal sealed record HealthResponse(string Status, string? Version = null, string? Provider = null);
