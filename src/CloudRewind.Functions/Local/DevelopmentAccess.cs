using System.Security.Cryptography;
using System.Text.Json;
using CloudRewind.Functions.Local;
using CloudRewind.Functions.Security;
using CloudRewind.LocalRuntime;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

[assembly: LocalRuntimeStartup(typeof(DevelopmentAccess))]

namespace CloudRewind.Functions.Local;

/// <summary>
/// In development, where no setting says whose tokens to trust: makes a signing key of this machine's own, trusts it, and writes a token
/// that is ready to use. Not compiled into the Azure build.
/// </summary>
internal sealed class DevelopmentAccess : ILocalRuntimeStartup
{
    private const string Issuer = "cloud-rewind-development";
    private const string Audience = "cloud-rewind";
    private static readonly TimeSpan TokenLifetime = TimeSpan.FromHours(8);

    private ECDsaSecurityKey? key;

    /// <inheritdoc/>
    public void Configure(IHostApplicationBuilder builder, LocalRuntimeEnvironment environment)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(environment);
        if (!builder.Environment.IsDevelopment() || builder.Configuration.GetSection("Auth").GetChildren().Any(setting => !string.IsNullOrWhiteSpace(setting.Value)))
            return;

        key = ReadOrMakeKey(Path.Combine(environment.LocalFolder, "dev-key.pem"));
        var publicKey = ECDsa.Create(key.ECDsa.ExportParameters(includePrivateParameters: false));
        var jwk = JsonWebKeyConverter.ConvertFromECDsaSecurityKey(new ECDsaSecurityKey(publicKey) { KeyId = key.KeyId });
        builder.Configuration.AddInMemoryCollection(
        [
            new("Auth:Jwks", JsonSerializer.Serialize(new { keys = new[] { new { kty = jwk.Kty, crv = jwk.Crv, x = jwk.X, y = jwk.Y, kid = jwk.Kid } } })),
            new("Auth:Issuer", Issuer),
            new("Auth:Audience", Audience),
        ]);
    }

    /// <inheritdoc/>
    public async Task StartedAsync(IServiceProvider services, LocalRuntimeEnvironment environment, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(environment);
        if (key is null)
            return;

        var tokenFile = Path.Combine(environment.LocalFolder, "dev-token");
        var token = CreateToken(key);
        await WritePrivatelyAsync(tokenFile, token, cancellationToken);
        var assembly = new Uri(environment.BaseAddress, $"{environment.RoutePrefix}/v1/accounts/1/projects/demo/aws/cloud-assemblies/7");
        const string Body = """{"name":"Demo","sourceRegion":"eu-central-1","cloudConnection":{"roleArn":"arn:aws:iam::123456789012:role/cloud-rewind"},"resourceFilterStrategy":{"filterType":"manual","resources":["sim-ok-a","sim-ok-b"]},"status":"enabled"}""";
        Console.WriteLine(
            $$"""

            No Auth__* setting is there, so a development key is trusted. A token for account 1, every project and every permission, good for 8 hours, is in
              {{tokenFile}}
            and is
              {{token}}
            Put a cloud assembly, then protect it; the second answer's Location is the address of the protection's status, asked for with the same token:
              curl -i -X PUT -H "Authorization: Bearer $(cat '{{tokenFile}}')" '{{assembly}}' -d '{{Body}}'
              curl -i -X POST -H "Authorization: Bearer $(cat '{{tokenFile}}')" '{{assembly}}/protections'

            """);
    }

    private static string CreateToken(ECDsaSecurityKey key)
    {
        var now = DateTime.UtcNow;
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
                [ClaimNames.AccountId] = 1L,
                [ClaimNames.Projects] = ClaimNames.EveryProject,
                [ClaimNames.Permissions] = Permissions.All,
            },
        });
    }

    private static ECDsaSecurityKey ReadOrMakeKey(string file)
    {
        var ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        if (!TryImport(ecdsa, file))
            WritePrivatelyAsync(file, ecdsa.ExportPkcs8PrivateKeyPem(), CancellationToken.None).GetAwaiter().GetResult();
        var point = ecdsa.ExportSubjectPublicKeyInfo();
        return new ECDsaSecurityKey(ecdsa) { KeyId = Convert.ToHexStringLower(SHA256.HashData(point))[..16] };
    }

    // A file that is not there, or was cut short, is replaced: nothing depends on the old key but tokens of hours ago.
    private static bool TryImport(ECDsa ecdsa, string file)
    {
        try
        {
            ecdsa.ImportFromPem(File.ReadAllText(file));
            return true;
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException or ArgumentException or CryptographicException)
        {
            return false;
        }
    }

    private static async Task WritePrivatelyAsync(string file, string text, CancellationToken cancellation)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.Delete(file); // an earlier file keeps the rights it was made with
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        await using var writer = new StreamWriter(file, options);
        await writer.WriteAsync(text.AsMemory(), cancellation);
    }
}
