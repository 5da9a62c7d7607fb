using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using CloudRewind.AwsEmulator.Protocol;

namespace CloudRewind.AwsEmulator.Sts;

/// <summary>STS: sessions of roles.</summary>
internal sealed partial class StsApi(EmulatedAws aws, TimeProvider time)
{
    private const int ShortestSession = 900;
    private const int LongestChainedSession = 3_600;

    private readonly Dictionary<string, EmulatedSession> sessions = new(StringComparer.Ordinal);

    public Dictionary<string, EmulatedRole> Roles { get; } = new(StringComparer.Ordinal);

    public static bool Knows(string action) => action is "AssumeRole" or "AssumeRoleWithWebIdentity" or "GetCallerIdentity" or "DecodeAuthorizationMessage";

    public void ExpireAll()
    {
        foreach (var session in sessions.Values.ToList())
            sessions[session.AccessKeyId] = session with { EndsAt = time.GetUtcNow() };
    }

    public void Remove(string arn)
    {
        Roles.Remove(arn);
        foreach (var session in sessions.Values.Where(session => session.Role.Arn == arn).ToList())
            sessions.Remove(session.AccessKeyId);
    }

    /// <summary>Whose session a request is signed with; null for long-lived keys, which may do everything.</summary>
    public EmulatedSession? Caller(QueryRequest request)
    {
        if (request.AccessKeyId.Length == 0)
            throw new AwsError("MissingAuthenticationToken", "Request is missing Authentication Token", 403);
        if (request.SessionToken is null)
            return null;
        var isSts = Knows(request.Action);
        if (!sessions.TryGetValue(request.AccessKeyId, out var session) || session.Token != request.SessionToken)
        {
            throw isSts
                ? new AwsError("InvalidClientTokenId", "The security token included in the request is invalid", 403)
                : new AwsError("AuthFailure", "AWS was not able to validate the provided access credentials", 401);
        }

        if (session.EndsAt <= time.GetUtcNow())
            throw isSts ? new AwsError("ExpiredToken", "The security token included in the request is expired", 403) : new AwsError("RequestExpired", "Request has expired.");
        return session;
    }

    /// <summary>The name of the session that a request is signed with; empty where it is none.</summary>
    public string NameOfSession(QueryRequest request) => sessions.GetValueOrDefault(request.AccessKeyId)?.Name ?? "";

    public XElement Answer(QueryRequest request)
    {
        switch (request.Action)
        {
            case "AssumeRole":
                var caller = Caller(request);
                var role = RoleOf(request);
                if (role is null || role.ExternalId != request["ExternalId"] || (role.TrustedRoles is { } trusted && !trusted.Contains(caller?.Role.Arn)))
                {
                    throw new AwsError(
                        "AccessDenied",
                        $"User: {ArnOf(caller)} is not authorized to perform: sts:AssumeRole on resource: {request["RoleArn"]}",
                        403);
                }

                if (caller is not null && Seconds(request) > LongestChainedSession)
                    throw new AwsError("ValidationError", "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining");
                return Begin(request, role);
            case "AssumeRoleWithWebIdentity":
                return Begin(request, WebRoleOf(request));
            case "GetCallerIdentity":
                return Answers.OfSts("GetCallerIdentity", new XElement("Arn", ArnOf(Caller(request))), new XElement("Account", EmulatedAws.Account), new XElement("UserId", "AIDA"));
            default:
                var who = Caller(request);
                if (who?.Role.Policy is { } policy && !policy.Allows("sts:DecodeAuthorizationMessage", "*", []))
                {
                    throw new AwsError(
                        "AccessDenied",
                        $"User: {ArnOf(who)} is not authorized to perform: sts:DecodeAuthorizationMessage because no identity-based policy allows the sts:DecodeAuthorizationMessage action",
                        403);
                }

                return Answers.OfSts("DecodeAuthorizationMessage", new XElement("DecodedMessage", Decoded(request["EncodedMessage"] ?? "")));
        }
    }

    public static string ArnOf(EmulatedSession? session) => session is null
        ? $"arn:aws:iam::{EmulatedAws.Account}:user/test"
        : $"arn:aws:sts::{session.Role.Account}:assumed-role/{session.Role.Name}/{session.Name}";

    private EmulatedRole? RoleOf(QueryRequest request) => Roles.GetValueOrDefault(request["RoleArn"] ?? "");

    private EmulatedRole WebRoleOf(QueryRequest request)
    {
        if (request.AccessKeyId.Length > 0)
            throw new AwsError("InvalidAction", "The request must not be signed.");
        var token = ClaimsOf(request["WebIdentityToken"] ?? "");
        if (RoleOf(request) is not { Web: { } demanded } role)
            throw new AwsError("AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity", 403);
        if (Claim("iss") != demanded.Issuer)
            throw new AwsError("InvalidIdentityToken", "No OpenIDConnect provider found in your account for " + Claim("iss"));
        if (Claim("aud") != demanded.Audience)
            throw new AwsError("InvalidIdentityToken", "Incorrect token audience");
        if (!token.TryGetProperty("exp", out var end) || DateTimeOffset.FromUnixTimeSeconds(end.GetInt64()) <= time.GetUtcNow())
            throw new AwsError("ExpiredTokenException", "Token expired");
        return Claim("sub") == demanded.Subject ? role : throw new AwsError("AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity", 403);

        string? Claim(string name) => token.TryGetProperty(name, out var claim) ? claim.GetString() : null;
    }

    private XElement Begin(QueryRequest request, EmulatedRole role)
    {
        var name = request["RoleSessionName"] ?? "";
        if (!SessionName().IsMatch(name))
            throw new AwsError("ValidationError", $"1 validation error detected: Value '{name}' at 'roleSessionName' failed to satisfy constraint");
        var seconds = Seconds(request);
        if (seconds < ShortestSession)
            throw new AwsError("ValidationError", $"1 validation error detected: Value '{seconds}' at 'durationSeconds' failed to satisfy constraint: Member must have value greater than or equal to {ShortestSession}");
        if (seconds > role.LongestSessionSeconds)
            throw new AwsError("ValidationError", "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.");
        var session = new EmulatedSession(
            $"ASIA{aws.NewId("k")[2..].ToUpperInvariant()}", Guid.NewGuid().ToString("N"), Guid.NewGuid().ToString("N"), name, role, time.GetUtcNow().AddSeconds(seconds));
        sessions[session.AccessKeyId] = session;
        return Answers.OfSts(
            request.Action,
            new XElement(
                "Credentials",
                new XElement("AccessKeyId", session.AccessKeyId),
                new XElement("SecretAccessKey", session.SecretKey),
                new XElement("SessionToken", session.Token),
                new XElement("Expiration", Answers.Time(session.EndsAt))),
            new XElement("AssumedRoleUser", new XElement("Arn", ArnOf(session)), new XElement("AssumedRoleId", $"AROA:{name}")));
    }

    private static int Seconds(QueryRequest request) => int.TryParse(request["DurationSeconds"] ?? "3600", NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
        ? seconds
        : throw new AwsError("MalformedInput", "DurationSeconds is not a number.");

    private static string Decoded(string message)
    {
        try
        {
            return Encoding.UTF8.GetString(Convert.FromHexString(message));
        }
        catch (FormatException)
        {
            throw new AwsError("InvalidAuthorizationMessageException", "Message is not valid");
        }
    }

    private static JsonElement ClaimsOf(string token)
    {
        try
        {
            if (token.Split('.') is [_, var claims, _])
                return JsonDocument.Parse(Base64Url.DecodeFromChars(claims)).RootElement;
        }
        catch (Exception error) when (error is FormatException or JsonException)
        {
            // It is as bad as a token of other parts.
        }

        throw new AwsError("InvalidIdentityToken", "The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)");
    }

    [GeneratedRegex(@"^[\w+=,.@-]{2,64}$", RegexOptions.ECMAScript)]
    private static partial Regex SessionName();
}
