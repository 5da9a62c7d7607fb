using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Azure;
using Azure.Data.Tables;

namespace CloudRewind.TestSupport;

/// <summary>Where things are in the app's tables. It is spelled out once more: what judges the app must not be the app's own code.</summary>
public static partial class TableLayout
{
    /// <summary>The table of protections and of all that belongs to them.</summary>
    public const string Protections = "Protections";

    /// <summary>The partition of an assembly in <see cref="Protections"/>.</summary>
    public static string Partition(AssemblyAddress assembly)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        return string.Create(CultureInfo.InvariantCulture, $"{assembly.AccountId}:{KeyText(assembly.ProjectId)}:{assembly.CloudAssemblyId}");
    }

    /// <summary>The row of a protection that was created on request: the newest of an assembly is the first.</summary>
    public static string Row(long milliseconds, long policyId = 0) => string.Create(CultureInfo.InvariantCulture, $"{long.MaxValue - milliseconds:D19}-{policyId}");

    /// <summary>The keys of a protection.</summary>
    /// <exception cref="FormatException">It is not the id of a protection.</exception>
    public static (string Partition, string Row) KeysOf(string protectionId)
    {
        var match = IdForm().Match(protectionId);
        if (!match.Success)
            throw new FormatException($"'{protectionId}' is not the id of a protection.");
        return (Partition(new AssemblyAddress(Number(1), match.Groups[2].Value, Number(3))), Row(milliseconds: Number(5), policyId: Number(4)));

        long Number(int group) => long.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);
    }

    /// <summary>The row of a protection, of the table <see cref="Protections"/>.</summary>
    public static async Task<TableEntity> ReadProtectionAsync(this TableClient protections, string id)
    {
        ArgumentNullException.ThrowIfNull(protections);
        var (partition, row) = KeysOf(id);
        return await protections.GetEntityAsync<TableEntity>(partition, row);
    }

    /// <summary>The rows of the simulated provider, of one protection or all; none before it has created its table.</summary>
    public static async Task<List<TableEntity>> ReadSimulatedAsync(this TableServiceClient service, string? protectionId = null)
    {
        ArgumentNullException.ThrowIfNull(service);
        var filter = protectionId is null ? null : TableClient.CreateQueryFilter($"ProtectionId eq {protectionId}");
        List<TableEntity> rows = [];
        try
        {
            await foreach (var row in service.GetTableClient("SimulatedSnapshots").QueryAsync<TableEntity>(filter))
                rows.Add(row);
        }
        catch (RequestFailedException error) when (error.ErrorCode == "TableNotFound")
        {
        }

        return rows;
    }

    /// <summary>Text of a person's as a part of a key: letters, digits, '-', '_' and '.' as they are, every other byte of the UTF-8 as '=XX'; what is long ends in the text's digest.</summary>
    public static string KeyText(string text)
    {
        const int Longest = 200, Kept = 100;
        var key = string.Concat(Encoding.UTF8.GetBytes(text).Select(b => char.IsAsciiLetterOrDigit((char)b) || (char)b is '-' or '_' or '.' ? $"{(char)b}" : $"={b:X2}"));
        return key.Length <= Longest ? key : $"{key[..Kept]}=~{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}";
    }

    [GeneratedRegex(@"\At(\d+):(.+):(\d+):(\d+):(\d+)\z", RegexOptions.Singleline)]
    private static partial Regex IdForm();
}
