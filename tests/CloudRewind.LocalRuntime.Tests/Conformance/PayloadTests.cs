using System.Text.Json;
using CloudRewind.LocalRuntime.Tests.Conformance.Support;

namespace CloudRewind.LocalRuntime.Tests.Conformance;

[Collection(ConformanceSuite.Name)]
public sealed class PayloadTests(ConformanceApp app)
{
    [Fact]
    public async Task Names_are_written_as_declared_and_enums_as_numbers()
    {
        var end = await app.Client.RunAsync("Described", new { Text = "a", Span = TimeSpan.Zero, Kind = 0 });
        Assert.Equal("""{"Text":"a","Span":"01:30:00","Kind":1}""", end.Output);
        Assert.Equal("""{"Text":"a","Span":"00:00:00","Kind":0}""", end.Input);
    }

    [Fact]
    public async Task Names_are_read_whatever_their_case()
    {
        // As documented of FunctionsApplication.CreateBuilder: the default options ignore the case of property names.
        var end = await app.Client.RunAsync("Described", new { text = "a", SPAN = TimeSpan.Zero, kind = 0 });
        Assert.Equal("""{"Text":"a","Span":"01:30:00","Kind":1}""", end.Output);
    }

    [Fact]
    public async Task No_input_is_the_default_and_no_output_is_null()
    {
        var end = await app.Client.RunAsync("NoPayload");
        Assert.Equal(("Completed", true), (end.Status, end.Output is null or "null"));
        Assert.True(end.Input is null or "null");
    }

    [Fact]
    public async Task A_payload_of_200_KB_is_the_same_in_input_activity_event_and_output()
    {
        // Quotes, backslashes and pairs of surrogates, so that a split in the wrong place shows.
        var text = string.Concat(Enumerable.Range(0, 25_000).Select(i => $"{(char)('"' + (i % 90))}ü\U0001F600"));
        var id = await app.Client.StartAsync("Large", text);
        await app.Client.RaiseAsync(id, "Text", text);
        var end = await app.Client.EndOfAsync(id);
        Assert.Equal(text + text, ConformanceClient.Output<string>(end));
        Assert.Equal(text, JsonSerializer.Deserialize<string>(end.Input!));
    }
}
