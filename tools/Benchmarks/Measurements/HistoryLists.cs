using System.Globalization;
using Azure.Data.Tables;

namespace CloudRewind.Benchmarks.Measurements;

/// <summary>
/// Lists of one day: out of a long history, out of nothing but that day, and of a day with ten times as many. A list
/// must cost what it answers, not what is stored beside it. Azurite looks through a whole table for a range of one; so
/// the bare query of the same range, from this process, is measured beside each.
/// </summary>
internal sealed class HistoryLists(string name, Run run, MeasuredApp app, TableClient table, TableEntity pattern)
{
    private const int PerDay = 24;
    private const int PerBusyDay = 240;

    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    // Not a day that begins or ends the history.
    private readonly DateTimeOffset day = new(DateTime.UtcNow.Date.AddDays(-run.Sizes.DaysListed / 2), TimeSpan.Zero);

    public async Task MeasureAsync()
    {
        var first = day - (Day * (run.Sizes.DaysListed / 2));
        var history = await FillAsync("day out of a long history", first, run.Sizes.DaysListed * PerDay, PerDay);
        var alone = await FillAsync("day alone", day, PerDay, PerDay);
        var busy = await FillAsync("busy day alone", day, PerBusyDay, PerBusyDay);
        Subject[] all = [history, alone, busy];
        foreach (var subject in all)
        {
            await Block.RunAsync(run.Sizes.Lists, 1, subject.ListAsync);
            await Block.RunAsync(run.Sizes.Lists, 1, subject.QueryAsync);
        }

        foreach (var round in run.Rounds)
        {
            foreach (var subject in all.Rotated(round))
            {
                subject.Lists.Add((await Block.RunAsync(run.Sizes.Lists, 1, subject.ListAsync)).P50);
                subject.Queries.Add((await Block.RunAsync(run.Sizes.Lists, 1, subject.QueryAsync)).P50);
            }

            var medians = all.Select(subject => FormattableString.Invariant($"{subject.What} {subject.Lists[^1]:F2} ms"));
            run.Say($"round {round + 1}: {string.Join(", ", medians)}");
        }

        Add(
            FormattableString.Invariant($"list a day of {PerDay} out of {run.Sizes.DaysListed} days / out of that day alone"),
            history,
            alone);
        Add(FormattableString.Invariant($"list a day of {PerBusyDay} / a day of {PerDay}"), busy, alone);
    }

    private void Add(string what, Subject one, Subject two)
    {
        run.Report.Add(
            Row.Of(name, $"{what}: p50", Ratio(subject => subject.Lists), $"{one.Lists.Median():F2} ms / {two.Lists.Median():F2} ms"));
        run.Report.Add(
            Row.Of(
                name,
                $"the bare queries of the same: p50",
                Ratio(subject => subject.Queries),
                $"{one.Queries.Median():F2} ms / {two.Queries.Median():F2} ms"));

        double Ratio(Func<Subject, List<double>> figures) => figures(one).Zip(figures(two), (left, right) => left / right).Median();
    }

    private async Task<Subject> FillAsync(string what, DateTimeOffset first, int count, int perDay)
    {
        var assembly = app.NewAssembly();
        await app.Client.PutAsync(assembly, SimulatedResources.Two);
        var copies = Enumerable.Range(0, count).Select(at => Filler.Copy(pattern, assembly, first + (Day / perDay * at)));
        foreach (var rows in copies.Chunk(Filler.RowsOfTransaction))
            await table.SubmitTransactionAsync(rows.Select(row => new TableTransactionAction(TableTransactionActionType.Add, row)));

        var (from, to) = (day.ToUnixTimeMilliseconds(), (day + Day).ToUnixTimeMilliseconds() - 1);
        var path = string.Create(CultureInfo.InvariantCulture, $"{assembly.Path}/protections?start_time={from}&end_time={to}");
        var range = string.Create(CultureInfo.InvariantCulture, $"items=1-{perDay}");
        var (partition, start, end) = (TableLayout.Partition(assembly), TableLayout.Row(to), TableLayout.Row(from) + ":");
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey ge {start} and RowKey lt {end}");
        var subject = new Subject(what, () => app.Client.ReadAsync(path, ("Range", range)), QueryAsync);
        return (await app.Client.ReadAsync(path, ("Range", range))).Json.GetArrayLength() == perDay && await CountAsync() == perDay
            ? subject
            : throw new InvalidOperationException($"The list of the {what} does not have {perDay} items.");

        Task QueryAsync() => CountAsync();

        async Task<int> CountAsync()
        {
            var count = 0;
            await foreach (var _ in table.QueryAsync<TableEntity>(filter))
                count++;
            return count;
        }
    }

    private sealed record Subject(string What, Func<Task> ListAsync, Func<Task> QueryAsync)
    {
        public List<double> Lists { get; } = [];

        public List<double> Queries { get; } = [];
    }
}
