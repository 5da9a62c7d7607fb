using System.Text;
using System.Text.RegularExpressions;

namespace CloudRewind.EndToEnd.Tests.Docs;

/// <summary>The commands of the README and of the walkthrough, run as they stand, print what is shown below them.</summary>
public sealed partial class WalkthroughTests(AppFixture fixture) : IClassFixture<AppFixture>
{
    private const string Local = "http://localhost:7071";
    private const string EndOfBlock = "=== end of block ===";

    private readonly App app = fixture.App;

    [OwnProcessTheory]
    [InlineData("README.md")]
    [InlineData("docs/walkthrough.md")]
    public async Task The_commands_print_what_is_shown(string page)
    {
        var blocks = Blocks(await File.ReadAllTextAsync(Path.Combine(Repository.Root, page))).ToList();
        var folder = Directory.CreateTempSubdirectory("walkthrough");
        try
        {
            Directory.CreateDirectory(Path.Combine(folder.FullName, ".local"));
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, ".local", "dev-token"), app.Tokens.Issue(new TokenClaims { AccountId = 1 }));
            var script = new StringBuilder();
            foreach (var (commands, _) in blocks)
                script.AppendLine(commands.Replace(Local, app.Http.BaseAddress!.GetLeftPart(UriPartial.Authority), StringComparison.Ordinal)).AppendLine($"echo; echo '{EndOfBlock}'");

            var run = await Tool.RunAsync("bash", ["-c", script.ToString()], folder.FullName);

            var printed = run.Output.Replace(app.Http.BaseAddress!.GetLeftPart(UriPartial.Authority), Local, StringComparison.Ordinal).Split(EndOfBlock);
            Assert.NotEmpty(blocks);
            Assert.Equal(blocks.Count, printed.Length - 1);
            foreach (var ((commands, shown), output) in blocks.Zip(printed))
                Assert.True(Regex.IsMatch(output, shown), $"These commands:\n{commands}\nprinted:\n{output}");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    // A block of `sh` is run; a block without a language that follows it is what it prints, with `...` for anything.
    private static IEnumerable<(string Commands, string Shown)> Blocks(string markdown)
    {
        foreach (Match block in Block().Matches(markdown))
        {
            var lines = block.Groups["shown"].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            yield return (block.Groups["commands"].Value, string.Join(@"\s+", lines.Select(line => Regex.Escape(line).Replace(@"\.\.\.", "(?s:.*?)", StringComparison.Ordinal))));
        }
    }

    [GeneratedRegex(@"^```sh\n(?<commands>.*?)^```\n(\n^```\n(?<shown>.*?)^```\n)?", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Block();
}
