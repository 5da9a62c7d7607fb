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
    private const int MaxKey = 255;
    private const int MaxName = 256;
    private const int MaxBytes = 16 * 1024;

    /// <exception cref="ApiException">412: all that is wrong.</exception>
    public static async Task<CreateProtectionRequest> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var errors = new FieldErrors();
        var key = ReadKey(request, errors);
        var body = new JsonMembers(await JsonBody.ReadObjectAsync(request, MaxBytes, mayBeEmpty: true, cancellationToken), "", errors);
        var name = body.Text("name", MaxName, required: false);
        var policy = body.Number("protectionPolicyId", min: 0, required: false) ?? 0;
        var retention = body.Duration("retention", RetentionOptions.Min, RetentionOptions.Max);
        body.RefuseOthers();
        errors.ThrowIfAny();

        // What the client said, and not what follows from it: the assembly's own retention may change before the request is repeated.
        var fingerprint = Digest.Sha256Hex(JsonSerializer.Serialize(new { name, policy, retention }));
        return new CreateProtectionRequest(name, policy, retention, key is null ? null : new IdempotencyKey(key, fingerprint));
    }

    private static string? ReadKey(HttpRequest request, FieldErrors errors)
    {
        var values = request.Headers[KeyHeader];
        if (values.Count == 0)
            return null;
        if (values is [{ Length: >= 1 and <= MaxKey } key] && key.All(character => character is >= '!' and <= '~'))
            return key;
        errors.Add(KeyHeader, $"Give it once, as 1 to {MaxKey} visible ASCII characters.");
        return null;
    }
}
