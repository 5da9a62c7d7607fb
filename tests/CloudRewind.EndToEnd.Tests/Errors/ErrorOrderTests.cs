using System.Text.Json.Nodes;

namespace CloudRewind.EndToEnd.Tests.Errors;

/// <summary>Each operation × each thing that can be wrong, alone and together with every other: 401, then 403, 412, 404 and 409.</summary>
public sealed class ErrorOrderTests(AppFixture fixture) : IClassFixture<AppFixture>
{
    // What is understood or else ignored, as its description says, and so never at fault.
    private static readonly string[] NeverAtFault = ["x-correlation-id", "Prefer"];

    private readonly App app = fixture.App;

    public static TheoryData<string, string> Cases()
    {
        var cases = new TheoryData<string, string>();
        foreach (var operation in Operations.All)
        {
            foreach (var fault in operation.Faults)
                cases.Add(operation.Id, fault.Name);
        }

        return cases;
    }

    // A deletion would end the scene that others use: DeletionTests see it served.
    public static TheoryData<string> Repeatable() =>
        [.. Operations.All.Where(operation => operation.Method != HttpMethod.Delete).Select(operation => operation.Id)];

    [Theory]
    [MemberData(nameof(Repeatable))]
    public async Task Without_a_fault_it_is_served(string operation)
    {
        var (asked, _) = Find(operation);

        var answer = await (await asked.DraftAsync(app)).SendAsync(app, asked);

        Assert.True(answer.Status is >= 200 and < 300, answer.ToString());
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_fault_alone_is_answered_as_documented(string operation, string fault)
    {
        var (asked, wrong) = Find(operation, fault);

        var answer = await (await asked.DraftAsync(app, wrong!)).SendAsync(app, asked);

        answer.IsRefused(wrong!.Status, wrong.Code, wrong.Field is null ? [] : [wrong.Field]);
        Assert.Equal(wrong.Status == 401, answer.Header("WWW-Authenticate") is not null);
        Assert.Equal(
            wrong.Code == "permission-missing" ? [asked.Permission] : [],
            answer.Json.GetProperty("requiredPermissions").EnumerateArray().Select(name => name.GetString()!));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Of_two_faults_the_earlier_in_the_documented_order_is_answered(string operation, string fault)
    {
        var (asked, earlier) = Find(operation, fault);
        var failures = new List<string>();
        foreach (var later in asked.Faults.Where(other => other.Place > earlier!.Place))
        {
            // No token can be for an account that cannot be read, nor against it.
            var expected = earlier!.IsAnothers && later.IsUnreadableAccount ? later : earlier;
            var answer = await (await asked.DraftAsync(app, earlier, later)).SendAsync(app, asked);
            if (answer.Status != expected.Status || answer.Json.GetProperty("errors")[0].GetProperty("code").GetString() != expected.Code)
                failures.Add($"{earlier} and {later}: {expected.Status} {expected.Code} was expected: {answer}");
        }

        Assert.True(failures.Count == 0, string.Join('\n', failures));
    }

    [Fact]
    public void Every_operation_of_the_contract_that_needs_a_token_is_in_the_table()
    {
        var documented = Documented().Where(operation => operation["security"] is null).Select(operation => operation["operationId"]!.GetValue<string>());

        Assert.Equal(documented.Order(StringComparer.Ordinal), Operations.All.Select(operation => operation.Id).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_parameter_of_the_contract_has_a_fault_in_the_table()
    {
        foreach (var documented in Documented())
        {
            if (Operations.All.FirstOrDefault(known => known.Id == documented["operationId"]!.GetValue<string>()) is not { } operation)
                continue;
            var names = (documented["parameters"]?.AsArray() ?? []).Select(parameter => Contract.Resolve(parameter)!["name"]!.GetValue<string>());
            // On a read, a condition that makes no sense is no condition.
            var open = operation.Method == HttpMethod.Get ? [.. NeverAtFault, "If-None-Match"] : NeverAtFault;
            Assert.Empty(names.Except(open).Except(operation.Faults.Select(fault => fault.Field ?? fault.Parameter ?? "")));
        }
    }

    private static IEnumerable<JsonObject> Documented() =>
        Contract.Document["paths"]!.AsObject()
            .SelectMany(path => path.Value!.AsObject())
            .Select(member => member.Value)
            .OfType<JsonObject>()
            .Where(operation => operation.ContainsKey("operationId"));

    private static (Operation Operation, Fault? Fault) Find(string operation, string? fault = null)
    {
        var asked = Operations.All.Single(known => known.Id == operation);
        return (asked, fault is null ? null : asked.Faults.Single(known => known.Name == fault));
    }
}
