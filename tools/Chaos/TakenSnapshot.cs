namespace CloudRewind.Chaos;

/// <summary>A snapshot that the provider has.</summary>
/// <param name="ResourceId">The resource that it is of.</param>
/// <param name="Id">Its id.</param>
/// <param name="Place">The AWS account and the region that have it, as <see cref="Ledger.PlaceOf"/> names them.</param>
internal sealed record TakenSnapshot(string ResourceId, string Id, string Place);
