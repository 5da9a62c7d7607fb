using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml;

namespace CloudRewind.Functions.Http;

/// <summary>ISO 8601 durations, without years and months, whose length depends on the calendar.</summary>
internal static partial class IsoDuration
{
    private const int DaysPerWeek = 7;

    /// <summary>Reads <c>P2W</c>, or days, hours, minutes and seconds such as <c>P1DT12H</c>.</summary>
    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = default;
        if (Weeks().Match(text) is { Success: true } weeks)
        {
            duration = TimeSpan.FromDays(DaysPerWeek * int.Parse(weeks.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture));
            return true;
        }

        if (!DaysAndTime().IsMatch(text))
            return false;
        try
        {
            duration = XmlConvert.ToTimeSpan(text);
            return true;
        }
        catch (Exception error) when (error is FormatException or OverflowException)
        {
            return false;
        }
    }

    /// <summary>Writes a duration.</summary>
    public static string Format(TimeSpan duration) => XmlConvert.ToString(duration);

    [GeneratedRegex(@"\AP([0-9]{1,5})W\z", RegexOptions.CultureInvariant)]
    private static partial Regex Weeks();

    [GeneratedRegex(@"\AP(?=[0-9T])(?:[0-9]+D)?(?:T(?=[0-9])(?:[0-9]+H)?(?:[0-9]+M)?(?:[0-9]+(?:\.[0-9]+)?S)?)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex DaysAndTime();
}
