using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Protections;
using CloudRewind.Functions.Http;
using CsCheck;
using Microsoft.AspNetCore.Http;

namespace CloudRewind.Functions.Tests.Http;

public sealed class PathParametersTests
{
    private static readonly string[] Parts = ["%", "%2F", "%2f", "%252F", "%5C", "%25", "2F", "/", "\\", "a", "B", "ä", "🚀", "?", "#", " ", "{cloudAssemblyId}", "%FF", ".."];

    private static readonly Gen<string> ProjectIds = Gen.Int[0, Parts.Length - 1].Select(index => Parts[index]).Array[1, 6].Select(string.Concat);

    [Fact]
    public void A_project_id_is_read_back_from_its_location() => ProjectIds.Sample(projectId =>
    {
        var assembly = new AssemblyKey(1, projectId, 7);
        var location = Routes.StatusUrl(Request(projectId), new ProtectionId(assembly, 0, 1_795_540_311_888));

        var raw = new Uri(location).OriginalString.Split("/projects/")[1].Split('/')[0];
        Assert.Equal(projectId, PathParameters.ReadProjectId(AsForwarded(raw), new FieldErrors()));
    });

    [Theory]
    [InlineData("a%2Fb", "a/b")]
    [InlineData("a%2fb", "a/b")]
    [InlineData("a%252Fb", "a%2Fb")]
    [InlineData("a%252Fb%2Fc", "a%2Fb/c")]
    [InlineData("a%25252Fb", "a%252Fb")]
    [InlineData("a%255Cb", "a%5Cb")]
    public void An_encoded_slash_and_an_encoded_percent_sign_are_told_apart(string sent, string expected) =>
        Assert.Equal(expected, PathParameters.ReadProjectId(AsForwarded(sent), new FieldErrors()));

    [Theory]
    [InlineData(null)]
    [InlineData("/api/v1/accounts/1/projects/other%252F/aws/cloud-assemblies/7")]
    [InlineData("rubbish")]
    public void Without_a_header_that_fits_it_is_a_slash(string? original)
    {
        var request = AsForwarded("a%2Fb");
        request.Headers[PathParameters.OriginalUrlHeader] = original;

        Assert.Equal("a/b", PathParameters.ReadProjectId(request, new FieldErrors()));
    }

    [Theory]
    [InlineData("7", 7L)]
    [InlineData("007", 7L)]
    [InlineData("9223372036854775807", long.MaxValue)]
    [InlineData("0", null)]
    [InlineData("7\0", null)]
    [InlineData("+7", null)]
    [InlineData("١", null)]
    [InlineData("", null)]
    public void An_id_is_digits_only(string text, long? expected)
    {
        var request = new DefaultHttpContext().Request;
        request.RouteValues["accountId"] = text;

        Assert.Equal(expected, PathParameters.ReadId(request, "accountId", new FieldErrors()));
    }

    private static HttpRequest Request(string projectId)
    {
        var request = new DefaultHttpContext().Request;
        (request.Scheme, request.Host, request.Path) = ("https", new HostString("example.com"), new PathString($"/api/v1/accounts/1/projects/{projectId}/aws/cloud-assemblies/7/protections"));
        return request;
    }

    // As hosts hand it on: decoded once, all but an encoded slash; and beside it the address as it was sent.
    private static HttpRequest AsForwarded(string sent)
    {
        var request = new DefaultHttpContext().Request;
        request.RouteValues["projectId"] = Uri.UnescapeDataString(sent.Replace("%2F", "%252F", StringComparison.Ordinal).Replace("%2f", "%252f", StringComparison.Ordinal));
        request.Headers[PathParameters.OriginalUrlHeader] = $"/api/v1/accounts/1/projects/{sent}/aws/cloud-assemblies/7?a=b";
        return request;
    }
}
