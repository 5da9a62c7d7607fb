using System.Globalization;
using System.Text;

namespace CloudRewind.LocalRuntime.Durable.Storage;

/// <summary>Turns any text into a table key.</summary>
internal static class KeyText
{
    /// <summary>ASCII letters, digits, '-' and '_' as they are, everything else as '~' and four hex digits: one text, one key.</summary>
    public static string Encode(string text)
    {
        var key = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (char.IsAsciiLetterOrDigit(c) || c is '-' or '_')
                key.Append(c);
            else
                key.Append('~').Append(((int)c).ToString("x4", CultureInfo.InvariantCulture));
        }

        return key.ToString();
    }
}
