using System.Text;
using System.Text.Json.Nodes;

namespace CloudRewind.EndToEnd.Tests.Errors;

/// <summary>Every operation that needs a token.</summary>
internal static class Operations
{
    private const string Assemblies = "/api/v1/accounts/{accountId}/projects/{projectId}/aws/cloud-assemblies";
    private const string Assembly = Assemblies + "/{cloudAssemblyId}";
    private const string Protections = Assembly + "/protections";
    private const string Policies = Assembly + "/protection-policies";
    private const string Policy = Policies + "/{protectionPolicyId}";

    private static readonly Fault AssemblyAbsent = new("an assembly that is not there", 404, "cloud-assembly-not-found")
    {
        Apply = draft => draft.CloudAssemblyId = $"{AssemblyAddress.NewId()}",
    };

    private static readonly Fault AssemblyDeleted = new("a deleted assembly", 409, "assembly-being-deleted") { Scene = Scene.DeletedAsync };

    private static readonly Fault PolicyAbsent = new("a policy that is not there", 404, "protection-policy-not-found") { Scene = Scene.WithoutPolicyAsync };

    private static readonly Fault ProtectionRunning = new("a protection that runs", 409, "protection-running") { Scene = Scene.RunningAsync };

    private static readonly Fault ProtectionLocked = new("a protection that is locked", 409, "protection-locked") { Scene = Scene.LockedAsync };

    public static readonly IReadOnlyList<Operation> All =
    [
        new("GetAwsProtectionStatus", HttpMethod.Get, $"{Protections}/status", "aws-protections.read")
        {
            Complete = NameProtection,
            OwnFaults = [.. ProtectionFaults(), AssemblyDeleted],
        },
        new("GetAwsProtectionTimeline", HttpMethod.Get, $"{Protections}/timeline", "aws-protections.read")
        {
            Complete = NameProtection,
            OwnFaults = [.. ProtectionFaults()],
        },
        new("PruneAwsProtection", HttpMethod.Post, $"{Protections}/prune", "aws-protections.prune")
        {
            Complete = NameProtection,
            OwnFaults = [.. ProtectionFaults(), AssemblyDeleted, ProtectionRunning, ProtectionLocked],
        },
        new("CancelAwsProtection", HttpMethod.Post, $"{Protections}/cancel", "aws-protections.create")
        {
            Served = Scene.CancelledAsync,
            Complete = NameProtection,
            OwnFaults = [.. ProtectionFaults(), AssemblyDeleted, new("a protection that has its outcome", 409, "protection-ended")],
        },
        new("LockAwsProtection", HttpMethod.Post, $"{Protections}/lock", "aws-protections.prune")
        {
            Served = Scene.LockedAsync,
            Complete = NameProtection,
            OwnFaults = [.. ProtectionFaults(), AssemblyDeleted, new("a protection that is gone", 409, "protection-pruned") { Scene = Scene.ElapsedAsync }],
        },
        new("UnlockAwsProtection", HttpMethod.Post, $"{Protections}/unlock", "aws-protections.prune")
        {
            Complete = NameProtection,
            OwnFaults = [.. ProtectionFaults(), AssemblyDeleted],
        },
        new("ListAwsProtectionPolicies", HttpMethod.Get, Policies, "aws-policies.read") { OwnFaults = [.. RangeFaults(), AssemblyAbsent] },
        new("CreateAwsProtectionPolicy", HttpMethod.Post, Policies, "aws-policies.write")
        {
            Served = Scene.ElapsedAsync,
            Complete = draft => draft.Body = PolicyBody.Of().ToJsonString(),
            OwnFaults =
            [
                .. PolicyFaults(),
                AssemblyAbsent,
                AssemblyDeleted,
                new("a name that is taken", 409, "protection-policy-name-taken"),
            ],
        },
        new("GetAwsProtectionPolicy", HttpMethod.Get, Policy, "aws-policies.read") { OwnFaults = [.. PolicyIdFaults(), AssemblyAbsent, PolicyAbsent] },
        new("PutAwsProtectionPolicy", HttpMethod.Put, Policy, "aws-policies.write")
        {
            Complete = draft => draft.Body = PolicyBody.Of().ToJsonString(),
            OwnFaults =
            [
                .. PolicyIdFaults(), .. PolicyFaults(), AssemblyAbsent, PolicyAbsent, AssemblyDeleted, Condition("another version", "If-Match", "\"999\""),
            ],
        },
        new("DeleteAwsProtectionPolicy", HttpMethod.Delete, Policy, "aws-policies.write")
        {
            OwnFaults = [.. PolicyIdFaults(), AssemblyAbsent, PolicyAbsent, AssemblyDeleted, Condition("another version", "If-Match", "\"999\"")],
        },
        new("ListAwsProtectionPolicyNextRuns", HttpMethod.Get, $"{Policy}/next-runs", "aws-policies.read")
        {
            OwnFaults =
            [
                .. PolicyIdFaults(),
                .. new[] { "0", "101", "-1", "many", "" }.Select(count => InQuery($"count={count}", "count", draft => draft.SetQuery("count", count))),
                AssemblyAbsent,
                PolicyAbsent,
            ],
        },
        new("ListAwsProtectionPolicyMissedRuns", HttpMethod.Get, $"{Policy}/missed-runs", "aws-policies.read") { OwnFaults = [.. PolicyIdFaults(), .. RangeFaults(), AssemblyAbsent, PolicyAbsent] },
        new("ListAwsProtections", HttpMethod.Get, Protections, "aws-protections.read")
        {
            OwnFaults = [.. TimeFaults("start_time"), .. TimeFaults("end_time"), StartAfterEnd(), .. WordFaults("groupStatus"), .. WordFaults("sortOrder"), .. RangeFaults(), AssemblyAbsent],
        },
        new("CreateAwsProtection", HttpMethod.Post, Protections, "aws-protections.create")
        {
            OwnFaults =
            [
                .. KeyFaults(),
                .. BodyFaults(20_000),
                Member("a name that is no text", "name", """{"name":1}"""),
                Member("a policy that is no number", "protectionPolicyId", """{"protectionPolicyId":"1"}"""),
                Member("a policy beyond int64", "protectionPolicyId", """{"protectionPolicyId":9223372036854775808}"""),
                Member("a retention with months", "retention", """{"retention":"P1M"}"""),
                Member("a member that is not known", "other", """{"other":1}"""),
                AssemblyAbsent,
                new("a policy that is not there", 404, "protection-policy-not-found") { Apply = draft => draft.Body = """{"protectionPolicyId":99}""" },
                new("a disabled assembly", 412, "assembly-disabled") { Scene = Scene.DisabledAsync },
                AssemblyDeleted,
                ProtectionRunning,
                new("a key that was used with another body", 409, "idempotency-key-reused")
                {
                    Parameter = "Idempotency-Key",
                    Apply = draft =>
                    {
                        draft.SetHeader("Idempotency-Key", Scene.UsedKey);
                        draft.Body = """{"name":"second"}""";
                    },
                },
            ],
        },
        new("ListAwsCloudAssemblies", HttpMethod.Get, Assemblies, "aws-assemblies.read") { OwnFaults = [.. RangeFaults()] },
        new("GetAwsCloudAssembly", HttpMethod.Get, Assembly, "aws-assemblies.read") { OwnFaults = [AssemblyAbsent] },
        new("PreviewAwsCloudAssembly", HttpMethod.Get, $"{Assembly}/preview", "aws-assemblies.read") { OwnFaults = [AssemblyAbsent, AssemblyDeleted] },
        new("PutAwsCloudAssembly", HttpMethod.Put, Assembly, "aws-assemblies.write")
        {
            Complete = draft => draft.Body = AssemblyBody.Of().ToJsonString(),
            OwnFaults =
            [
                Empty(),
                .. BodyFaults(300_000),
                .. new[] { "name", "sourceRegion", "cloudConnection", "resourceFilterStrategy", "status" }
                    .Select(name => Member($"no {name}", name, With(body => body.Remove(name)))),
                Member("a name that is no text", "name", With(body => body["name"] = 1)),
                Member("a retention with years", "retention", With(body => body["retention"] = "P1Y")),
                Member("a member that is not known", "other", With(body => body["other"] = 1)),
                Condition("another version", "If-Match", "\"999\""),
                Condition("a malformed condition", "If-Match", "rubbish"),
                Condition("a condition that there is none", "If-None-Match", "*"),
                Condition("a malformed condition", "If-None-Match", "rubbish"),
                AssemblyDeleted,
            ],
        },
        new("DeleteAwsCloudAssembly", HttpMethod.Delete, Assembly, "aws-assemblies.write") { OwnFaults = [AssemblyAbsent, ProtectionLocked] },
        new("ListRevokedTokens", HttpMethod.Get, "/api/v1/accounts/{accountId}/revoked-tokens", "tokens.revoke") { OwnFaults = [.. RangeFaults()] },
        new("RevokeToken", HttpMethod.Post, "/api/v1/accounts/{accountId}/revoked-tokens", "tokens.revoke")
        {
            Complete = draft => draft.Body = """{"tokenId":"nobodys"}""",
            OwnFaults =
            [
                Empty(),
                .. BodyFaults(20_000),
                Member("no token id", "tokenId", "{}"),
                Member("an empty token id", "tokenId", """{"tokenId":""}"""),
                Member("a token in place of its id", "tokenId", """{"tokenId":"Bearer eyJhbGciOiJFUzI1NiJ9.eyJqdGkiOiJhIn0.AAAA"}"""),
                Member("a token in the reason", "reason", """{"tokenId":"a","reason":"eyJhbGciOiJFUzI1NiJ9.eyJqdGkiOiJhIn0.AAAA"}"""),
                Member("a reason that is no text", "reason", """{"tokenId":"a","reason":{}}"""),
                Member("a member that is not known", "other", """{"tokenId":"a","other":1}"""),
            ],
        },
    ];

    private static void NameProtection(Draft draft) => draft.SetQuery("protection_id", Uri.EscapeDataString(draft.Scene.ProtectionId));

    private static IEnumerable<Fault> ProtectionFaults()
    {
        yield return InQuery("no protection id", "protection_id", draft => draft.SetQuery("protection_id", null));
        yield return InQuery("an empty protection id", "protection_id", draft => draft.SetQuery("protection_id", ""));
        yield return InQuery("the same protection id twice", "protection_id", draft => draft.Query.Add(("protection_id", Uri.EscapeDataString(draft.Scene.ProtectionId))));
        yield return new("a protection that is not there", 404, "protection-not-found")
        {
            Apply = draft => draft.SetQuery("protection_id", Uri.EscapeDataString(draft.Scene.Address.ProtectionId())),
        };
        yield return new("a malformed protection id", 404, "protection-not-found") { Apply = draft => draft.SetQuery("protection_id", "t1:x") };
        yield return new("an assembly that is not there", 404, "protection-not-found") { Apply = AssemblyAbsent.Apply };
    }

    private static IEnumerable<Fault> TimeFaults(string name)
    {
        foreach (var value in new[] { "", "soon", "-1", "1.5", "5%00", "%D9%A1", "253402300800000", "9223372036854775808" })
            yield return InQuery($"{name}={value}", name, draft => draft.SetQuery(name, value));
        yield return InQuery($"{name} twice", name, draft => draft.Query.AddRange([(name, "1"), (name, "1")]));
    }

    private static IEnumerable<Fault> WordFaults(string name)
    {
        foreach (var value in new[] { "", "SOME", "0" })
            yield return InQuery($"{name}={value}", name, draft => draft.SetQuery(name, value));
        yield return InQuery($"{name} twice", name, draft => draft.Query.AddRange([(name, "ALL"), (name, "ALL")]));
    }

    private static IEnumerable<Fault> PolicyIdFaults()
    {
        foreach (var value in new[] { "0", "first", "9223372036854775808" })
            yield return new($"the policy id '{value}'", 412, "invalid-request") { Field = "protectionPolicyId", Apply = draft => draft.PolicyId = value };
    }

    private static IEnumerable<Fault> PolicyFaults() =>
    [
        Empty(),
        .. BodyFaults(20_000),
        Member("a frequency that is not defined", "frequencyType", WithPolicy(body => body["frequencyType"] = "custom")),
        Member("a time zone that is not known", "timeZone", WithPolicy(body => body["timeZone"] = "Mars/Olympus")),
    ];

    private static Fault StartAfterEnd() => InQuery("a start after the end", "start_time", draft =>
    {
        draft.SetQuery("start_time", "2");
        draft.SetQuery("end_time", "1");
    });

    private static IEnumerable<Fault> RangeFaults()
    {
        foreach (var value in new[] { "items=0-1", "items=2-1", "items=-1-5", "items=1-1001", "items=1000001-1000002", "bytes=0-1", "items=1-2,5-6", "rubbish" })
            yield return InHeader($"Range: {value}", "Range", draft => draft.SetHeader("Range", value));
        foreach (var value in new[] { "0-1", "2-1", "1-1001", "items=1-2", "" })
            yield return InQuery($"items={value}", "items", draft => draft.SetQuery("items", value));
        yield return InQuery("items twice", "items", draft => draft.Query.AddRange([("items", "1-2"), ("items", "1-2")]));
        yield return InHeader("Range twice", "Range", draft => draft.Headers.AddRange([("Range", "items=1-2"), ("Range", "items=1-2")]));
    }

    private static IEnumerable<Fault> KeyFaults()
    {
        (string Name, string Value)[] invalid = [("empty", ""), ("with a space", "a b"), ("too long", new string('k', 256)), ("not in ASCII", "kéy")];
        // Not every host passes on what is not ASCII.
        foreach (var (name, value) in invalid.Where(key => !OutsideApp.IsGiven || Ascii.IsValid(key.Value)))
            yield return InHeader($"an Idempotency-Key that is {name}", "Idempotency-Key", draft => draft.SetHeader("Idempotency-Key", value));
        yield return InHeader("the same Idempotency-Key twice", "Idempotency-Key", draft => draft.Headers.AddRange([("Idempotency-Key", "a"), ("Idempotency-Key", "a")]));
    }

    private static IEnumerable<Fault> BodyFaults(int tooLong)
    {
        yield return new("a body that is no JSON", 412, "body-invalid") { Apply = draft => draft.Body = "{" };
        yield return new("a body that is a list", 412, "body-invalid") { Apply = draft => draft.Body = "[]" };
        yield return new("a body with a member twice", 412, "body-invalid") { Apply = draft => draft.Body = """{"name":"a","name":"a"}""" };
        yield return new("a body that is too large", 412, "body-too-large") { Apply = draft => draft.Body = $$"""{"name":"{{new string('n', tooLong)}}"}""" };
    }

    private static Fault Empty() => new("no body", 412, "body-invalid") { Apply = draft => draft.Body = null };

    private static Fault Member(string name, string field, string body) =>
        new(name, 412, "invalid-request") { Field = field, Apply = draft => draft.Body = body };

    private static Fault InQuery(string name, string field, Action<Draft> apply) => new(name, 412, "invalid-request") { Field = field, Apply = apply };

    private static Fault InHeader(string name, string field, Action<Draft> apply) => InQuery(name, field, apply);

    private static Fault Condition(string name, string header, string value) =>
        new($"{header}: {name}", 412, "precondition-failed") { Parameter = header, Apply = draft => draft.SetHeader(header, value) };

    private static string WithPolicy(Action<JsonObject> change)
    {
        var body = PolicyBody.Of();
        change(body);
        return body.ToJsonString();
    }

    private static string With(Action<JsonObject> change)
    {
        var body = AssemblyBody.Of();
        change(body);
        return body.ToJsonString();
    }
}
