using System.Text;

namespace CloudRewind.Benchmarks;

/// <summary>What has been measured.</summary>
internal sealed class Report
{
    private readonly List<Row> rows = [];
    private readonly List<(string Title, string Body)> tables = [];

    /// <summary>Whether everything that was asked for was measured, or skipped with a reason.</summary>
    public bool IsComplete { get; private set; } = true;

    public void Add(Row row) => rows.Add(row);

    public void AddFailure(string measurement, string message)
    {
        IsComplete = false;
        rows.Add(new Row(measurement, "could not be measured", "", message, ""));
    }

    /// <summary>Adds a table of its own, which comes after the report's.</summary>
    /// <param name="title">Its heading.</param>
    /// <param name="header">The names of its columns.</param>
    /// <param name="lines">A cell for each column.</param>
    public void AddTable(string title, string[] header, IEnumerable<string[]> lines) =>
        tables.Add(
            (
                title,
                string.Join(
                    '\n',
                    new[] { header, [.. header.Select(_ => "---")] }.Concat(lines).Select(line => $"| {string.Join(" | ", line)} |"))));

    public string ToMarkdown()
    {
        var text = new StringBuilder("| measurement | figure | ratio | behind it | aim |\n| --- | --- | ---: | --- | --- |\n");
        text.AppendJoin('\n', rows.Select(row => row.ToMarkdown()));
        foreach (var (title, body) in tables)
            text.Append("\n\n### ").Append(title).Append("\n\n").Append(body);
        return text.ToString();
    }
}
