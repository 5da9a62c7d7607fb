using System.Text;
using CloudRewind.Domain;

namespace CloudRewind.Storage.Tables;

/// <summary>
/// Makes any text fit for a key of Table Storage, which forbids <c>/ \ # ?</c> and control characters and limits the length.
/// Two texts never share an encoding.
/// </summary>
internal static class KeyText
{
    // Well under the 512 characters that a key may have, since a key can hold more than one text.
    private const int LongestPlain = 200;

    /// <summary>
    /// Letters, digits, <c>-</c>, <c>_</c> and <c>.</c> stand for themselves, every other byte of the text's UTF-8 is <c>=XX</c>.
    /// What would be longer than 200 characters is cut and ends in <c>=~</c> and the text's SHA-256.
    /// </summary>
    public static string Encode(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var bytes = Encoding.UTF8.GetBytes(text);
        var encoded = new StringBuilder(bytes.Length);
        foreach (var value in bytes)
        {
            if (char.IsAsciiLetterOrDigit((char)value) || value is (byte)'-' or (byte)'_' or (byte)'.')
                encoded.Append((char)value);
            else
                encoded.Append('=').Append(value.ToString("X2", null));
        }

        if (encoded.Length > LongestPlain)
        {
            encoded.Length = 100;
            encoded.Append("=~").Append(Digest.Sha256Hex(text));
        }

        return encoded.ToString();
    }
}
