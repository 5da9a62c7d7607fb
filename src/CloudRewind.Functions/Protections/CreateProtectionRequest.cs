using System.Text.Json;
using CloudRewind.Domain;
using CloudRewind.Domain.Protections;
using CloudRewind.Functions.Http;
using CloudRewind.Functions.Settings;
using Microsoft.AspNetCore.Http;

namespace CloudRewind.Functions.Protections;

/// <summary>What a client wants of a new protection.</summary>
/// <param name="Name">What to call it; null: it is named after its assembly.</param>
/// <param name="PolicyId">The policy that asks; 0 is on demand.</param>
/// <param name="Retention">How long to keep it; null: as the assembly says.</param>
/// <param name="Idempotency">How to know the same request again; null where the client gave no key.</param>
internal sealed record CreateProtectionRequest(string? Name, long PolicyId, TimeSpan? Retention, IdempotencyKey? Idempotency)
{
    private const string KeyHeader = "Idempotency-Key";
    private const int LongestKey = 255;
    private const int LongestName = 256;
    private const int MostBytes = 16 * 1024;

    /// <exception cref="Refusal">412: all that is wrong.</exception>
    public static async Task<CreateProtectionRequest> ReadAsync(HttpRequest request, CancellationToken cancellation)
    {
        var faults = new FieldErrors();
        var key = ReadKey(request, faults);
        var body = new JsonMembers(await JsonBody.ReadObjectAsync(request, MostBytes, mayBeEmpty: true, cancellation), "", faults);
        var name = body.Text("name", LongestName, required: false);
        var policy = body.Number("protectionPolicyId", least: 0, required: false) ?? 0;
        var retention = body.Duration("retention", AppSettings.ShortestRetention, AppSettings.LongestRetention);
        body.RefuseOthers();
        faults.ThrowIfAny();

        // What the client said, and not what follows from it: the assembly's own retention may change before the request is repeated.
        var fingerprint = Digest.Sha256Hex(JsonSerializer.Serialize(new { name, policy, retention }));
        return new CreateProtectionRequest(name, policy, retention, key is null ? null : new IdempotencyKey(key, fingerprint));
    }

    private static string? ReadKey(HttpRequest request, FieldErrors faults)
    {
        var values = request.Headers[KeyHeader];
        if (values.Count == 0)
            return null;
        if (values is [{ Length: >= 1 and <= LongestKey } key] && key.All(character => character is >= '!' and <= '~'))
            return key;
        faults.Add(KeyHeader, $"It must be there once, and be 1 to {LongestKey} visible ASCII characters.");
        return null;
    }
}
