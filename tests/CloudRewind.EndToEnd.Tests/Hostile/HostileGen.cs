using System.Text;
using System.Text.Json;
using CloudRewind.EndToEnd.Tests.Errors;
using CsCheck;

namespace CloudRewind.EndToEnd.Tests.Hostile;

/// <summary>Requests that nobody sends by mistake: for each operation, with a good token or a bad one, and rubbish wherever there is room for it.</summary>
internal static class HostileGen
{
    /// <summary>Stands in a body for the byte 0xFF, which is nowhere in UTF-8.</summary>
    public const char NoUtf8 = '\uE0FF';

    private static readonly string[] Fragments =
    [
        "' or '1' eq '1", "' or PartitionKey ne '", "'; drop table Protections; --", "$filter=1 eq 1", "../../..", "..%2f..%2f..", "%2e%2e%2f", "..\\..\\", "%5c..%5c",
        "%00", "%0d%0aSet-Cookie:%20a=b", "%c0%ae%c0%ae/", "%ff%fe", "%u0041", "%", "%zz", "%25252f", "%2F", "%2f", "%252F", "//", "/./", "?", "#", ";a=b", "&", "=", "+", "%20", "%09",
        "<script>", "${jndi:ldap://a}", "{{7*7}}", "\u202e", "\ufeff", "%ED%A0%80", "🚀", "a\u0308", "~", "*", ":", "::", "t1:a:1:0:1", "null", "undefined", "NaN", "true",
        "9223372036854775807", "9223372036854775808", "-9223372036854775808", "-1", "0", "00", "1e309", "0x7f", "١", "253402300799999", "253402300800000", "1.0",
    ];

    private static readonly string[] Values =
    [
        "{}", "[]", "null", "true", "-0", "1e999", "9223372036854775808", "\"\"", "\"\\ud800\"", "\"\\u0000\"", "NaN", "\"P9999999999D\"", "\"P1Y\"", "\"PT-1S\"", "\"PT0.0000000001S\"",
        "{\"a\":{\"b\":[{}]}}", "{\"\\ud800\":1}", "[{\"\\udfff\":1}]", $"{{\"{NoUtf8}\":1}}", $"\"{NoUtf8}\"", "[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]", "\"' or '1' eq '1\"", "\"../../etc/passwd\"", "1.5", "[null]", "[1,\"a\"]", "{\"filterType\":\"tags\",\"tags\":[{}]}",
        "{\"filterType\":\"manual\",\"resources\":[\"\\u0000\"]}", "{\"roleArn\":1}", "\"enabled\"", "\"P99999W\"",
    ];

    private static readonly string[] Members =
    [
        "name", "description", "sourceRegion", "cloudConnection", "resourceFilterStrategy", "retention", "status", "protectionPolicyId", "tokenId", "reason", "__proto__", "$type", "PartitionKey", "",
    ];

    private static readonly Gen<string> Wild = Gen.Frequency(
        (6, OneOf(Fragments)),
        (2, Gen.String[Gen.Char, 0, 40]),
        (1, Gen.String[Gen.Char['\u0001', '\u007f'], 1, 40]),
        (1, from length in Gen.Int[200, 3_000] from unit in OneOf("a", "%41", "ä", "'", "%2F") select Repeat(unit, length)),
        (2, from one in OneOf(Fragments) from other in OneOf(Fragments) select one + other));

    // What ends a request's line on the way, nothing can be said about: it is sent encoded.
    private static readonly Gen<string> Segment = from text in Wild from encode in Gen.Bool select encode ? Uri.EscapeDataString(Whole(text)) : OnOneLine(text);

    private static readonly Gen<string> HeaderValue = from text in Wild select OnOneLine(text).Trim();

    private static readonly Gen<string> Json = Gen.Frequency(
        (6, from members in Member.Array[0, 8] select $"{{{string.Join(',', members)}}}"),
        (4, OneOf("{}", """{"retention":"PT1S"}""", """{"tokenId":"nobodys"}""", AssemblyBody.Of("sim-ok-a").ToJsonString())),
        (1, from text in Wild select text),
        (1, from depth in Gen.Int[10, 5_000] select Repeat("[", depth)),
        (1, from length in Gen.Int[1_000, 300_000] select $"{{\"name\":\"{new string('x', length)}\"}}"),
        (1, OneOf(Values)));

    // Also what no JSON serializer would write: half a surrogate pair, and a byte that is not UTF-8 (NoUtf8 stands for it).
    private static Gen<string> MemberName => Gen.Frequency(
        (8, OneOf(Members).Select(name => JsonSerializer.Serialize(name))),
        (1, Wild.Select(text => JsonSerializer.Serialize(Whole(text)))),
        (2, OneOf("\"\\ud800\"", "\"name\\udfff\"", "\"\\ud800\\ud800\"", $"\"{NoUtf8}\"", $"\"na{NoUtf8}me\"", "\"\\u0000\"")));

    private static Gen<string> Member =>
        from name in MemberName
        from value in Gen.Frequency((3, OneOf(Values)), (2, Wild.Select(text => JsonSerializer.Serialize(Whole(text)))))
        select $"{name}:{value}";

    /// <param name="own">The sender's assembly, and a protection of it.</param>
    /// <param name="other">Another tenant's.</param>
    /// <param name="tokens">Tokens that are good for the sender's account; others are made up.</param>
    public static Gen<HostileRequest> Requests(Scene own, Scene other, string[] tokens)
    {
        var account = Part($"{own.Address.AccountId}", $"{other.Address.AccountId}", 12);
        var project = Part(own.Address.ProjectId, other.Address.ProjectId, 4);
        var assembly = Part($"{own.Address.CloudAssemblyId}", $"{other.Address.CloudAssemblyId}", 6);
        var neverThere = Part($"{AssemblyAddress.NewId()}", $"{other.Address.CloudAssemblyId}", 6);
        var id = Part(Uri.EscapeDataString(own.ProtectionId), Uri.EscapeDataString(other.ProtectionId), 3);
        var authorization = Gen.Frequency(
            (12, from token in OneOf(tokens) select $"Bearer {token}"),
            (1, HeaderValue),
            (1, from text in HeaderValue select $"Bearer {text}"),
            (1, from token in OneOf(tokens) from cut in Gen.Int[0, 200] select $"Bearer {token[..Math.Min(cut, token.Length)]}"));
        var query = Gen.Frequency(
            (4, from value in id select $"protection_id={value}"),
            (1, from one in id from two in id select $"protection_id={one}&protection_id={two}"),
            (2, from name in OneOf("start_time", "end_time", "protection_id", "$filter", "code", "__") from value in Segment select $"{name}={value}"),
            (2, from start in Segment from end in Segment select $"start_time={start}&end_time={end}"),
            (1, Segment),
            (1, Gen.Const("")));
        // "wait" is left out: how long a client may wait is no fault.
        var header =
            from name in OneOf("Range", "If-Match", "If-None-Match", "Idempotency-Key", "x-correlation-id", "Accept", "Content-Type", "X-HTTP-Method-Override", "Forwarded", "X-Forwarded-Host", "X-Original-URL")
            from value in Gen.Frequency(
                (4, HeaderValue),
                (1, OneOf("items=0-0", "items=1-1000000", "items=-1--1", "items=9999999-9999999", "items=1-9223372036854775808", "*", "\"1\"", "W/\"0\"", "\"\"", "text/xml", "application/json; charset=utf-16", "evil.example.com")))
            select (name, value);
        return
            from operation in OneOf<Operation>([.. Operations.All])
            from a in account
            from p in project
                // The sender's own assembly is not to be deleted while others use it.
            from c in operation.Method == HttpMethod.Delete ? neverThere : assembly
            from q in query
            from auth in authorization
            from headers in header.Array[0, 3]
            from body in Json
            let path = operation.Route.Replace("{accountId}", a, StringComparison.Ordinal).Replace("{projectId}", p, StringComparison.Ordinal).Replace("{cloudAssemblyId}", c, StringComparison.Ordinal)
            select new HostileRequest(
                operation.Id,
                operation.Method.Method,
                q.Length == 0 ? path : $"{path}?{q}",
                [("Authorization", auth), .. headers],
                operation.Method == HttpMethod.Post || operation.Method == HttpMethod.Put ? Whole(body) : null);
    }

    // Mostly the right one, so that the request gets past what is read before.
    private static Gen<string> Part(string own, string other, int often) => Gen.Frequency((often, Gen.Const(own)), (2, Gen.Const(other)), (2, Segment));

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);

    private static string Repeat(string unit, int times) => new StringBuilder().Insert(0, unit, times).ToString();

    // A single half of a surrogate pair cannot be sent: it goes out as the replacement character.
    private static string Whole(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));

    private static string OnOneLine(string text) => string.Concat(Whole(text).Where(character => character is not ('\r' or '\n' or ' ' or '\0')));
}
