namespace RealtimeInference;

/// <summary>A part of a date. The members of <c>DatePart</c>, in its order.</summary>
internal enum DatePartKind
{
    Year,
    Month,
    Day,
    DayOfWeek,
    DayOfYear,
    Hour,
    Minute,
}
