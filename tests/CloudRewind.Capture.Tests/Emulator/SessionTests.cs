using System.Buffers.Text;
using System.Text;
using Amazon.EC2.Model;
using Amazon.Runtime;
using Amazon.SecurityToken;
using Amazon.SecurityToken.Model;
using CloudRewind.AwsEmulator.Sts;
using static CloudRewind.Capture.Tests.Emulator.EmulatorBench;

namespace CloudRewind.Capture.Tests.Emulator;

public sealed class SessionTests : EmulatorTests
{
    private const string Issuer = "https://issuer.example/";

    [Fact]
    public async Task A_role_is_assumed_with_its_external_id_only()
    {
        Bench.Aws.AddRole(new EmulatedRole(RoleArn, "between-us"));

        var session = await AssumeAsync(Bench.Sts, externalId: "between-us");
        Assert.Equal("arn:aws:sts::123456789012:assumed-role/tested/a-test", session.AssumedRoleUser.Arn);
        Assert.Equal(session.AssumedRoleUser.Arn, (await Bench.StsOf(session.Credentials).GetCallerIdentityAsync(new GetCallerIdentityRequest())).Arn);
        foreach (var wrong in new[] { null, "another" })
        {
            var error = await RefusedAsync("AccessDenied", () => AssumeAsync(Bench.Sts, externalId: wrong));
            Assert.Equal($"User: arn:aws:iam::123456789012:user/test is not authorized to perform: sts:AssumeRole on resource: {RoleArn}", error.Message);
        }
    }

    [Theory]
    [InlineData("a")]
    [InlineData("a name")]
    [InlineData("a:b")]
    public async Task A_session_name_has_its_own_characters(string name)
    {
        Bench.Aws.AddRole(new EmulatedRole(RoleArn));
        await RefusedAsync("ValidationError", () => AssumeAsync(Bench.Sts, name: name));
        await RefusedAsync("ValidationError", () => AssumeAsync(Bench.Sts, name: new string('x', 65)));
        await AssumeAsync(Bench.Sts, name: new string('x', 64));
    }

    [Fact]
    public async Task A_chained_session_lasts_an_hour_at_most_and_another_as_long_as_its_role_says()
    {
        Bench.Aws.AddRole(new EmulatedRole(RoleArn) { LongestSessionSeconds = 7_200 });
        var first = await AssumeAsync(Bench.Sts, seconds: 7_200);
        var chained = Bench.StsOf(first.Credentials);

        Assert.Equal(Bench.Time.GetUtcNow().UtcDateTime.AddHours(2), first.Credentials.Expiration!.Value.ToUniversalTime());
        await AssumeAsync(chained, seconds: 3_600);
        Assert.Contains("role chaining", (await RefusedAsync("ValidationError", () => AssumeAsync(chained, seconds: 3_601))).Message, StringComparison.Ordinal);
        await RefusedAsync("ValidationError", () => AssumeAsync(Bench.Sts, seconds: 7_201));
        await RefusedAsync("ValidationError", () => AssumeAsync(Bench.Sts, seconds: 899));
    }

    [Fact]
    public async Task A_role_trusts_the_sessions_that_it_names()
    {
        const string Hub = "arn:aws:iam::123456789012:role/hub";
        Bench.Aws.AddRole(new EmulatedRole(Hub));
        Bench.Aws.AddRole(new EmulatedRole(RoleArn, TrustedRoles: [Hub]));
        var hub = await Bench.Sts.AssumeRoleAsync(new AssumeRoleRequest { RoleArn = Hub, RoleSessionName = "hub" });

        await AssumeAsync(Bench.StsOf(hub.Credentials));
        await RefusedAsync("AccessDenied", () => AssumeAsync(Bench.Sts));
    }

    [Fact]
    public async Task A_session_ends_by_itself_or_when_it_is_told_to()
    {
        Bench.Aws.AddRole(new EmulatedRole(RoleArn));
        var first = (await AssumeAsync(Bench.Sts)).Credentials;
        await Bench.Ec2Of(first).DescribeVolumesAsync(new DescribeVolumesRequest());
        Bench.Time.Advance(TimeSpan.FromHours(1));
        await EmulatorBench.RefusedAsync("RequestExpired", 400, () => Bench.Ec2Of(first).DescribeVolumesAsync(new DescribeVolumesRequest()));

        var second = (await AssumeAsync(Bench.Sts)).Credentials;
        Bench.Aws.ExpireSessions();
        await EmulatorBench.RefusedAsync("RequestExpired", 400, () => Bench.Ec2Of(second).DescribeVolumesAsync(new DescribeVolumesRequest()));
        var error = await Assert.ThrowsAnyAsync<AmazonSecurityTokenServiceException>(() => AssumeAsync(Bench.StsOf(second)));
        Assert.Equal(("ExpiredToken", 403), (error.ErrorCode, (int)error.StatusCode));
    }

    [Fact]
    public async Task A_session_that_was_never_given_out_is_not_taken()
    {
        var made = new SessionAWSCredentials("ASIAMADEUP", "secret", "token");

        await EmulatorBench.RefusedAsync("AuthFailure", 401, () => Bench.Ec2Of(made).DescribeVolumesAsync(new DescribeVolumesRequest()));
        await RefusedAsync("InvalidClientTokenId", () => AssumeAsync(Bench.StsOf(made)));
    }

    [Theory]
    [InlineData(Issuer, "api://rewind", "app", 60, null)]
    [InlineData("https://other.example/", "api://rewind", "app", 60, "InvalidIdentityToken")]
    [InlineData(Issuer, "api://other", "app", 60, "InvalidIdentityToken")]
    [InlineData(Issuer, "api://rewind", "other", 60, "AccessDenied")]
    [InlineData(Issuer, "api://rewind", "app", -60, "ExpiredTokenException")]
    public async Task A_web_identity_is_taken_for_what_its_token_says(string issuer, string audience, string subject, int seconds, string? code)
    {
        Bench.Aws.AddRole(new EmulatedRole(RoleArn, Web: new WebIdentity(Issuer, "api://rewind", "app")));
        var claims = $$"""{"iss":"{{issuer}}","aud":"{{audience}}","sub":"{{subject}}","exp":{{Bench.Time.GetUtcNow().ToUnixTimeSeconds() + seconds}}}""";
        var token = $"e30.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims))}.c2ln";

        if (code is null)
            await Bench.Ec2Of((await WebAsync(token)).Credentials).DescribeVolumesAsync(new DescribeVolumesRequest());
        else
            await RefusedAsync(code, () => WebAsync(token));
    }

    [Theory]
    [InlineData("nothing")]
    [InlineData("a.b.c")]
    [InlineData("e30.####.c2ln")]
    public async Task What_is_no_token_is_refused(string token)
    {
        Bench.Aws.AddRole(new EmulatedRole(RoleArn, Web: new WebIdentity(Issuer, "api://rewind", "app")));
        await RefusedAsync("InvalidIdentityToken", () => WebAsync(token));
    }

    private static Task<AssumeRoleResponse> AssumeAsync(AmazonSecurityTokenServiceClient sts, string? externalId = null, string name = "a-test", int? seconds = null) =>
        sts.AssumeRoleAsync(new AssumeRoleRequest { RoleArn = RoleArn, RoleSessionName = name, ExternalId = externalId, DurationSeconds = seconds });

    private Task<AssumeRoleWithWebIdentityResponse> WebAsync(string token) =>
        Bench.StsOf(new AnonymousAWSCredentials()).AssumeRoleWithWebIdentityAsync(new AssumeRoleWithWebIdentityRequest { RoleArn = RoleArn, RoleSessionName = "a-test", WebIdentityToken = token });

    private static async Task<AmazonSecurityTokenServiceException> RefusedAsync(string code, Func<Task> call)
    {
        var error = await Assert.ThrowsAnyAsync<AmazonSecurityTokenServiceException>(call);
        Assert.Equal(code, error.ErrorCode);
        return error;
    }
}
