using System.Globalization;

namespace RealtimeInference;

/// <summary>Reads numbers, truth values and dates from what a table without types holds. Null is a missing value.</summary>
internal static class LooseValues
{
    private static readonly string[] s_dateFormats =
    [
        "yyyy-MM-dd", "yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF",
        "yyyy-MM-dd' 'HH:mm", "yyyy-MM-dd' 'HH:mm:ss", "yyyy-MM-dd' 'HH:mm:ss.FFFFFFF",
        "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK",
        "yyyy-MM-dd' 'HH:mmK", "yyyy-MM-dd' 'HH:mm:ssK", "yyyy-MM-dd' 'HH:mm:ss.FFFFFFFK",
    ];

    public static bool TryNumber(object? value, out double number)
    {
        switch (value)
        {
            case null: number = double.NaN; return true;
            case double x: number = x; return true;
            case string text: return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number);
            case float x: number = x; return true;
            case int x: number = x; return true;
            case long x: number = x; return true;
            case decimal x: number = (double)x; return true;
            case short x: number = x; return true;
            case byte x: number = x; return true;
            case sbyte x: number = x; return true;
            case ushort x: number = x; return true;
            case uint x: number = x; return true;
            case ulong x: number = x; return true;
            case Half x: number = (double)x; return true;
            default: number = 0; return false;
        }
    }

    public static bool TryTruth(object? value, out bool? truth)
    {
        truth = value switch
        {
            bool x => x,
            string text => text.Trim() switch
            {
                "0" => false,
                "1" => true,
                var word => bool.TryParse(word, out bool x) ? x : null,
            },
            int or long or double or float or byte or short => TryNumber(value, out double x) && x is 0 or 1 ? x == 1 : null,
            _ => null,
        };
        return truth is not null || value is null;
    }

    public static bool TryDate(object? value, out DateTime? date)
    {
        switch (value)
        {
            case null: date = null; return true;
            case DateTime x: date = x; return true;
            case DateTimeOffset x: date = x.DateTime; return true;
            case DateOnly x: date = x.ToDateTime(TimeOnly.MinValue); return true;
            case string text when DateTimeOffset.TryParseExact(
                text.Trim(), s_dateFormats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset parsed):
                date = parsed.DateTime;
                return true;
            default: date = null; return false;
        }
    }
}
