using CloudRewind.Functions.Http;
using Microsoft.AspNetCore.Http;

namespace CloudRewind.Functions.Tests.Http;

public sealed class QueryParametersTests
{
    [Theory]
    [InlineData("?status=failed", "status: Unknown query parameter; known here: protection_id, groupStatus.")]
    [InlineData("?groupstatus=ALL&protection_id=1", null)]
    [InlineData("?group_status=ALL", "group_status: Unknown query parameter; did you mean 'groupStatus'?")]
    [InlineData("?protectionId=1", "protectionId: Unknown query parameter; did you mean 'protection_id'?")]
    [InlineData("?status", "status: Unknown query parameter; known here: protection_id, groupStatus.")]
    [InlineData("?code=key&CODE=key", null)]
    [InlineData("", null)]
    public void A_parameter_that_was_not_read_is_refused(string query, string? message)
    {
        var request = Request(query);
        QueryParameters.Values(request, "protection_id");
        QueryParameters.Values(request, "groupStatus");

        Assert.Equal(message, Refuse(request));
    }

    [Fact]
    public void An_operation_that_reads_none_takes_none() =>
        Assert.Equal("page: Unknown query parameter; this operation takes none.", Refuse(Request("?page=2")));

    private static string? Refuse(HttpRequest request)
    {
        var errors = new FieldErrors();
        QueryParameters.RefuseOthers(request, errors);
        return Record.Exception(errors.ThrowIfAny)?.Message;
    }

    private static HttpRequest Request(string query)
    {
        var request = new DefaultHttpContext().Request;
        request.QueryString = new QueryString(query);
        return request;
    }
}
