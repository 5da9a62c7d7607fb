using CloudRewind.Functions.Docs;
using CloudRewind.Functions.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace CloudRewind.Functions.Tests.Docs;

public sealed class ContractPageTests : IAsyncDisposable
{
    private readonly WebApplication app = WebApplication.CreateBuilder().Build();

    public ValueTask DisposeAsync() => app.DisposeAsync();

    [Theory]
    [InlineData("index.html")]
    [InlineData("swagger-ui.css")]
    public async Task Its_files_are_served_to_requests_that_routing_has_matched_to_the_function_as_it_does_in_azure(string file)
    {
        var http = Request(file);
        var function = new Endpoint(_ => Task.CompletedTask, EndpointMetadataCollection.Empty, "GetDocsFile");
        http.SetEndpoint(function);

        await new ContractPage(app.Services).ServeAsync(http, file);

        Assert.Equal(200, http.Response.StatusCode);
        Assert.NotEqual(0, http.Response.Body.Length);
        Assert.Equal(("/api/docs/" + file, function), (http.Request.Path.Value, http.GetEndpoint()));
    }

    [Fact]
    public async Task HEAD_finds_the_page_too()
    {
        var http = Request("index.html");
        http.Request.Method = "HEAD";

        await new ContractPage(app.Services).ServeAsync(http, "index.html");

        Assert.Equal((200, "HEAD"), (http.Response.StatusCode, http.Request.Method));
    }

    [Fact]
    public async Task An_unknown_file_is_named_with_its_whole_path()
    {
        var error = await Assert.ThrowsAsync<ApiException>(() => new ContractPage(app.Services).ServeAsync(Request("nothing.css"), "nothing.css"));

        Assert.Equal((404, "Unknown path '/api/docs/nothing.css'."), (error.StatusCode, error.Message));
    }

    private DefaultHttpContext Request(string file) => new()
    {
        RequestServices = app.Services,
        Request = { Method = "GET", Path = $"/api/docs/{file}" },
        Response = { Body = new MemoryStream() },
    };
}
