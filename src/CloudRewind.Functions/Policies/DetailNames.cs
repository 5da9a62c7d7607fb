using System.Globalization;
using NodaTime;

namespace CloudRewind.Functions.Policies;

/// <summary>The names of days and months on the wire: English, in capitals.</summary>
internal static class DetailNames
{
    public static string Of(IsoDayOfWeek day) => day.ToString().ToUpperInvariant();

    public static string OfMonth(int month) => CultureInfo.InvariantCulture.DateTimeFormat.GetMonthName(month).ToUpperInvariant();
}
