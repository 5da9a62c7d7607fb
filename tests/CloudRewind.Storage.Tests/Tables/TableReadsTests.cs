using System.Globalization;
using Azure;
using Azure.Data.Tables;
using CloudRewind.Storage.Tables;

namespace CloudRewind.Storage.Tests.Tables;

public sealed class TableReadsTests
{
    private const int All = 12_345;

    [Theory]
    [InlineData(0, 100)]
    [InlineData(0, 1)]
    [InlineData(950, 100)]
    [InlineData(6_000, 1_000)]
    [InlineData(12_300, 100)]
    [InlineData(12_345, 100)]
    [InlineData(int.MaxValue, 1_000)]
    public async Task Of_rows_in_the_opposite_order_no_more_are_read_whole_than_two_pages_and_the_rest_is_counted(int skip, int take)
    {
        var table = new LargeTable(All);

        var (rows, total) = await table.PageFromEndAsync("all", skip, take, CancellationToken.None);

        Assert.Equal(Enumerable.Range(0, All).Reverse().Skip(skip).Take(take), rows.Select(row => row.GetInt32(LargeTable.Number)!.Value));
        Assert.Equal(All, total);
        Assert.InRange(table.WholeRows, rows.Count, 2 * LargeTable.PageSize);
    }

    [Fact]
    public async Task Of_no_rows_none_is_given()
    {
        var (rows, total) = await new LargeTable(0).PageFromEndAsync("all", 0, 10, CancellationToken.None);

        Assert.Equal((0, 0), (rows.Count, total!.Value));
    }

    /// <summary>A table that makes its rows when they are asked for, and counts those that it gives whole.</summary>
    private sealed class LargeTable(int all) : TableClient
    {
        public const int PageSize = 1_000;
        public const string Number = nameof(Number);

        public int WholeRows { get; private set; }

        public override AsyncPageable<T> QueryAsync<T>(
            string? filter = null, int? maxPerPage = null, IEnumerable<string>? select = null, CancellationToken cancellationToken = default) =>
            (AsyncPageable<T>)(object)new Pages(this, isWhole: select is null);

        private sealed class Pages(LargeTable table, bool isWhole) : AsyncPageable<TableEntity>
        {
            public override async IAsyncEnumerable<Page<TableEntity>> AsPages(string? continuationToken = null, int? pageSizeHint = null)
            {
                for (var first = int.Parse(continuationToken ?? "0", CultureInfo.InvariantCulture); first == 0 || first < table.Size; first += PageSize)
                {
                    await Task.Yield();
                    var rows = Enumerable.Range(first, Math.Min(PageSize, table.Size - first)).Select(Row).ToList();
                    table.WholeRows += isWhole ? rows.Count : 0;
                    yield return Page<TableEntity>.FromValues(rows, first + PageSize < table.Size ? $"{first + PageSize}" : null, null!);
                }
            }

            private TableEntity Row(int number)
            {
                var row = new TableEntity("p", $"{number:D10}");
                if (isWhole)
                    row[Number] = number;
                return row;
            }
        }

        private int Size => all;
    }
}
