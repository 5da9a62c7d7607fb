using System.Globalization;
using CloudRewind.Domain;
using NodaTime;

namespace CloudRewind.Functions.Policies;

/// <summary>The names of days and months on the wire: English, in capitals.</summary>
internal static class CalendarNames
{
    public static string Of(IsoDayOfWeek day) => day.ToWireName().ToUpperInvariant();

    public static string OfMonth(int month) => CultureInfo.InvariantCulture.DateTimeFormat.GetMonthName(month).ToUpperInvariant();
}
