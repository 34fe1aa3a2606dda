namespace RealtimeInference;

/// <summary>A part of a date, with its word in a specification and the circle that it goes round in.</summary>
/// <param name="Kind">The part.</param>
/// <param name="Word">Its word.</param>
/// <param name="First">Its lowest value.</param>
/// <param name="Period">How many values it has; 0 for one that never comes back.</param>
internal sealed record DatePartName(DatePartKind Kind, string Word, int First, int Period)
{
    public static IReadOnlyList<DatePartName> All { get; } =
    [
        new(DatePartKind.Year, "year", 0, 0),
        new(DatePartKind.Month, "month", 1, 12),
        new(DatePartKind.Day, "day", 1, 31),
        new(DatePartKind.DayOfWeek, "day-of-week", 0, 7),
        new(DatePartKind.DayOfYear, "day-of-year", 1, 366),
        new(DatePartKind.Hour, "hour", 0, 24),
        new(DatePartKind.Minute, "minute", 0, 60),
    ];
}
