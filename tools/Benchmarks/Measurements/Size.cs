using System.Diagnostics;
using Azure.Data.Tables;

namespace CloudRewind.Benchmarks.Measurements;

/// <summary>
/// Whether it matters how much is stored. One store grows, and at each size blocks of lookups take turns with point
/// reads of the same rows from this process: Azurite, which gets slower itself, and the machine change both alike, so
/// their ratio says what the app adds. Stored protections are copies of the row of a real one under other keys.
/// </summary>
internal sealed class Size : IMeasurement
{
    /// <inheritdoc/>
    public string Name => "size";

    /// <inheritdoc/>
    public string Summary => "lookups and lists with much stored against little";

    /// <inheritdoc/>
    public string? WhyNotOutside => "it fills a storage of its own";

    /// <inheritdoc/>
    public async Task MeasureAsync(Run run)
    {
        await using var storage = await StorageEmulator.StartAsync();
        using var app = await MeasuredApp.StartAsync(storage.ConnectionString);
        var (_, id) = await app.ProtectAsync();
        var table = new TableClient(storage.ConnectionString, TableLayout.Protections);
        var filler = new Filler(table, await table.ReadProtectionAsync(id), app.NewAssembly);
        await MeasureLookupsAsync(run, app.Client, table, filler);

        // A store of their own: Azurite looks through every row of a table for a range of one.
        await using var history = await StorageEmulator.StartAsync();
        using var appOfHistory = await MeasuredApp.StartAsync(history.ConnectionString, beside: app);
        await new HistoryLists(
            Name, run, appOfHistory, new TableClient(history.ConnectionString, TableLayout.Protections), filler.Pattern).MeasureAsync();
    }

    private async Task MeasureLookupsAsync(Run run, ApiClient client, TableClient table, Filler filler)
    {
        var sizes = new List<(int Stored, List<double> Lookups, List<double> Reads)>();
        foreach (var stored in run.Sizes.Stored)
        {
            var begun = Stopwatch.GetTimestamp();
            await filler.FillAsync(stored);
            run.Say($"{stored} protections stored, {Stopwatch.GetElapsedTime(begun).TotalSeconds:F1} s");
            var (lookups, reads) = (new List<double>(), new List<double>());
            Func<Task> lookup = () => Lookup(filler.Any());
            Func<Task> read = () => Read(filler.Any());
            (Func<Task> Ask, List<double> Figures)[] all = [(lookup, lookups), (read, reads)];
            foreach (var (ask, _) in all)
                await Block.RunAsync(sizes.Count == 0 ? run.Sizes.WarmUp : run.Sizes.OneByOne, 1, ask);
            foreach (var round in run.Rounds)
            {
                foreach (var (ask, figures) in all.Rotated(round))
                    figures.Add((await Block.RunAsync(run.Sizes.OneByOne, 1, ask)).P50);
            }

            sizes.Add((stored, lookups, reads));
            run.Report.Add(Row.Of(
                Name,
                FormattableString.Invariant($"{stored:N0} stored: p50 of lookup / point read"),
                Ratio(lookups, reads),
                $"{lookups.Median():F2} ms / {reads.Median():F2} ms"));
        }

        var (least, most) = (sizes[0], sizes[^1]);
        var (leastRatio, mostRatio) = (Ratio(least.Lookups, least.Reads), Ratio(most.Lookups, most.Reads));
        var lookupGrowth = most.Lookups.Median() / least.Lookups.Median();
        var readGrowth = most.Reads.Median() / least.Reads.Median();
        run.Report.Add(Row.Of(
            Name,
            FormattableString.Invariant($"(lookup / point read) with {most.Stored:N0} stored / with {least.Stored:N0}"),
            mostRatio / leastRatio,
            $"{mostRatio:F2} / {leastRatio:F2}; of the lookup alone {lookupGrowth:F2}, of the point read alone {readGrowth:F2}"));

        Task Lookup(StoredProtection one) => client.ReadAsync(ApiClient.StatusPath(one.Assembly, one.Id));
        Task Read(StoredProtection one) => table.ReadProtectionAsync(one.Id);
        static double Ratio(List<double> lookups, List<double> reads) => lookups.Zip(reads, (one, two) => one / two).Median();
    }
}
