namespace CloudRewind.Domain;

/// <summary>A row of a list that cannot be read, such as one of another version of the app. It is passed over: it must not keep the others from being read.</summary>
/// <param name="Table">The table.</param>
/// <param name="PartitionKey">The partition.</param>
/// <param name="RowKey">The row.</param>
/// <param name="Error">What is wrong with it.</param>
public sealed record UnreadableRow(string Table, string PartitionKey, string RowKey, Exception Error);
