using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace CloudRewind.DevStack;

/// <summary>
/// In development, where no setting says whose tokens to trust: a signing key of this machine's own, which the app is told
/// to trust, and a token that is ready to use.
/// </summary>
internal sealed class DevelopmentAccess
{
    private const string Issuer = "cloud-rewind-development";
    private const string Audience = "cloud-rewind";
    private const string JwksName = "Auth__Jwks";
    private const string IssuerName = "Auth__Issuer";
    private const string AudienceName = "Auth__Audience";
    private static readonly string[] Settings = [JwksName, IssuerName, AudienceName, "Auth__Authority"];
    private static readonly TimeSpan TokenLifetime = TimeSpan.FromHours(8);
    private static readonly TimeSpan RenewalCheck = TimeSpan.FromMinutes(1);

    private readonly ECDsaSecurityKey key;
    private readonly string tokenFile;
    private readonly TimeProvider time;
    private DateTimeOffset writtenAt;

    private DevelopmentAccess(ECDsaSecurityKey key, string tokenFile, TimeProvider time)
    {
        (this.key, this.tokenFile, this.time) = (key, tokenFile, time);
        var publicKey = ECDsa.Create(key.ECDsa.ExportParameters(includePrivateParameters: false));
        var jwk = JsonWebKeyConverter.ConvertFromECDsaSecurityKey(new ECDsaSecurityKey(publicKey) { KeyId = key.KeyId });
        WorkerSettings = new Dictionary<string, string>
        {
            [JwksName] = JsonSerializer.Serialize(
                new { keys = new[] { new { kty = jwk.Kty, crv = jwk.Crv, x = jwk.X, y = jwk.Y, kid = jwk.Kid } } }),
            [IssuerName] = Issuer,
            [AudienceName] = Audience,
        };
    }

    // The app's Permissions.All, and below its ClaimNames: this project does not know the app's types.
    /// <summary>What a token may allow.</summary>
    public static IReadOnlyList<string> Permissions { get; } =
    [
        "aws-protections.read", "aws-protections.create", "aws-protections.prune", "aws-assemblies.read", "aws-assemblies.write",
        "aws-policies.read", "aws-policies.write", "tokens.revoke",
    ];

    /// <summary>Whether the app captures on AWS: then the cloud assembly that the host offers names no simulated resources.</summary>
    private bool CapturesOnAws { get; init; }

    /// <summary>What the app is told, so that it trusts the key.</summary>
    public IReadOnlyDictionary<string, string> WorkerSettings { get; }

    /// <summary>Reads the key, or makes one.</summary>
    /// <param name="root">The key and the token are kept below it in <c>.local</c>.</param>
    /// <param name="setting">Gives the app's settings by their names as environment variables.</param>
    /// <param name="time">The clock.</param>
    /// <returns>Null outside development, and where a setting says whose tokens to trust.</returns>
    public static DevelopmentAccess? CreateIfNeeded(string root, Func<string, string?> setting, TimeProvider time)
    {
        var environment = setting("AZURE_FUNCTIONS_ENVIRONMENT");
        var inDevelopment = string.IsNullOrWhiteSpace(environment) || environment.Equals("Development", StringComparison.OrdinalIgnoreCase);
        if (!inDevelopment || Settings.Any(name => !string.IsNullOrWhiteSpace(setting(name))))
            return null;
        var folder = Path.Combine(root, ".local");
        return new DevelopmentAccess(ReadOrMakeKey(Path.Combine(folder, "dev-key.pem")), Path.Combine(folder, "dev-token"), time)
        {
            CapturesOnAws = string.Equals(setting("Capture__Provider")?.Trim(), "Aws", StringComparison.OrdinalIgnoreCase),
        };
    }

    /// <summary>Writes a token to <c>.local/dev-token</c>, and says how to use it.</summary>
    /// <param name="address">The address of the functions.</param>
    /// <param name="console">Where it is said.</param>
    /// <param name="cancellationToken">Ends the writing.</param>
    public async Task AnnounceAsync(Uri address, TextWriter console, CancellationToken cancellationToken)
    {
        var token = WriteToken();
        var api = new Uri($"{address.AbsoluteUri.TrimEnd('/')}/");
        var assembly = Quoted(new Uri(api, "v1/accounts/1/projects/demo/aws/cloud-assemblies/1").AbsoluteUri);
        var protections = Quoted(new Uri(api, "v1/accounts/1/projects/demo/aws/cloud-assemblies/1/protections").AbsoluteUri);
        var authorization = $"-H \"Authorization: Bearer $(cat {Quoted(tokenFile)})\"";
        var (role, resources, hint) = CapturesOnAws
            ? ("ROLE_ARN", "\"RESOURCE_ID\"", " ROLE_ARN and RESOURCE_ID are yours: see docs/aws.md.")
            : ("arn:aws:iam::123456789012:role/cloud-rewind", "\"sim-ok-a\",\"sim-ok-b\"", "");
        var body = $$$"""
            {"name":"Demo","sourceRegion":"eu-central-1","status":"enabled","cloudConnection":{"roleArn":"{{{role}}}"},
            "resourceFilterStrategy":{"filterType":"manual","resources":[{{{resources}}}]}}
            """.ReplaceLineEndings("");
        await console.WriteLineAsync(
            $$"""

            The API is described on {{new Uri(api, "docs")}}

            No Auth__* setting is set, so the app trusts a development key. This token is for account 1,
            all its projects and all permissions; it expires in 8 hours:
              {{token}}
            It is also in {{tokenFile}}, where a new one replaces it in time. For one that may do less:
              dotnet run --project src/CloudRewind.Functions -- token --help

            To create a cloud assembly, and then to protect it (the Location of the second response is where
            the protection's status is, for the same token):{{hint}}
              curl -i -X PUT {{authorization}} {{assembly}} -d '{{body}}'
              curl -i -X POST {{authorization}} {{protections}}

            """.AsMemory(),
            cancellationToken);
    }

    /// <summary>Writes a new token to the file whenever the last one has half of its life behind it.</summary>
    /// <param name="cancellationToken">Ends it, without an exception.</param>
    public async Task KeepTokenFreshAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(RenewalCheck, time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                try
                {
                    // By the clock of the tokens: a machine that slept has an old one.
                    if (time.GetUtcNow() - writtenAt >= TokenLifetime / 2)
                        WriteToken();
                }
                catch (Exception error) when (error is IOException or UnauthorizedAccessException)
                {
                    // The next check tries again.
                }
            }
        }
        catch (OperationCanceledException)
        {
            // It was asked to end.
        }
    }

    /// <summary>A token that lasts for eight hours.</summary>
    /// <param name="accountId">The account that it is for.</param>
    /// <param name="projects">The projects that it is for; <c>*</c> is all of them.</param>
    /// <param name="permissions">Some of <see cref="Permissions"/>.</param>
    public string CreateToken(long accountId, IReadOnlyList<string> projects, IReadOnlyList<string> permissions)
    {
        var now = time.GetUtcNow().UtcDateTime;
        return new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = Issuer,
            Audience = Audience,
            NotBefore = now,
            IssuedAt = now,
            Expires = now + TokenLifetime,
            SigningCredentials = new SigningCredentials(key, SecurityAlgorithms.EcdsaSha256),
            Claims = new Dictionary<string, object>
            {
                [JwtRegisteredClaimNames.Sub] = "developer",
                [JwtRegisteredClaimNames.Jti] = Guid.NewGuid().ToString("N"),
                ["account_id"] = accountId,
                ["projects"] = projects,
                ["permissions"] = permissions,
            },
        });
    }

    private static string Quoted(string text) => $"'{text.Replace("'", @"'\''", StringComparison.Ordinal)}'";

    private string WriteToken()
    {
        var token = CreateToken(1, ["*"], Permissions);
        WritePrivately(tokenFile, token);
        writtenAt = time.GetUtcNow();
        return token;
    }

    private static ECDsaSecurityKey ReadOrMakeKey(string file)
    {
        var ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        if (!TryImport(ecdsa, file))
            WritePrivately(file, ecdsa.ExportPkcs8PrivateKeyPem());
        var publicKey = ecdsa.ExportSubjectPublicKeyInfo();
        return new ECDsaSecurityKey(ecdsa) { KeyId = Convert.ToHexStringLower(SHA256.HashData(publicKey))[..16] };
    }

    // A file that is missing or cut short is replaced: nothing depends on the old key but tokens of the last hours.
    private static bool TryImport(ECDsa ecdsa, string file)
    {
        try
        {
            ecdsa.ImportFromPem(File.ReadAllText(file));
            return true;
        }
        catch (Exception error)
            when (error is FileNotFoundException or DirectoryNotFoundException or ArgumentException or CryptographicException)
        {
            return false;
        }
    }

    // Written aside and renamed: a second host never sees a half of it, and an earlier file's mode does not stay.
    private static void WritePrivately(string file, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        var aside = $"{file}.{Guid.NewGuid():N}";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var writer = new StreamWriter(aside, options))
            writer.Write(text);
        try
        {
            File.Move(aside, file, overwrite: true);
        }
        catch
        {
            File.Delete(aside);
            throw;
        }
    }
}
