using System.Globalization;

namespace CloudRewind.Domain;

/// <summary>Reads whole numbers that are written with the digits 0 to 9 and nothing else.</summary>
public static class WholeNumber
{
    /// <summary>Reads a number from 0 to 2^63-1. Leading zeros are allowed.</summary>
    /// <returns>False where the text is empty, holds anything but digits (a sign, a space, a NUL), or is too large.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out long value)
    {
        value = 0;
        // long.TryParse alone ignores NULs at the end.
        return !text.ContainsAnyExceptInRange('0', '9') && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
    }
}
