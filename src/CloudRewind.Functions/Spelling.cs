namespace CloudRewind.Functions;

/// <summary>Finds the name that a misspelt one was meant to be.</summary>
internal static class Spelling
{
    private const int MostMistakes = 3;

    /// <summary>The known name that is spelled most alike; null where none is alike.</summary>
    public static string? Nearest(string name, IEnumerable<string> known) =>
        known.Select(other => (Name: other, Mistakes: Mistakes(name, other)))
            .Where(other => other.Mistakes <= MostMistakes && other.Mistakes < other.Name.Length)
            .OrderBy(other => other.Mistakes)
            .Select(other => other.Name)
            .FirstOrDefault();

    /// <summary>How many characters must be added, removed or replaced to turn one name into the other (Levenshtein).</summary>
    private static int Mistakes(string from, string to)
    {
        var row = Enumerable.Range(0, to.Length + 1).ToArray();
        for (var i = 0; i < from.Length; i++)
        {
            var diagonal = row[0]++;
            for (var j = 0; j < to.Length; j++)
            {
                var replaced = diagonal + (char.ToUpperInvariant(from[i]) == char.ToUpperInvariant(to[j]) ? 0 : 1);
                diagonal = row[j + 1];
                row[j + 1] = Math.Min(replaced, Math.Min(row[j], diagonal) + 1);
            }
        }

        return row[^1];
    }
}
