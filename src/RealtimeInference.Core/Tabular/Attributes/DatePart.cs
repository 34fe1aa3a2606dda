namespace RealtimeInference;

/// <summary>A part of a date, on the clock that the value itself shows: nothing is converted between time zones.</summary>
public enum DatePart
{
    /// <summary>The year.</summary>
    Year,

    /// <summary>The month, from 1 to 12.</summary>
    Month,

    /// <summary>The day of the month, from 1 to 31.</summary>
    Day,

    /// <summary>The day of the week, from 0 for Monday to 6 for Sunday.</summary>
    DayOfWeek,

    /// <summary>The day of the year, from 1 to 366.</summary>
    DayOfYear,

    /// <summary>The hour, from 0 to 23; 0 for a date without time.</summary>
    Hour,

    /// <summary>The minute, from 0 to 59; 0 for a date without time.</summary>
    Minute,
}
