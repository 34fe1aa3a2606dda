using System.Globalization;
using Microsoft.CodeAnalysis.CSharp;

namespace RealtimeInference;

/// <summary>Values as code.</summary>
internal static class Literals
{
    public static string Text(string value) => SymbolDisplay.FormatLiteral(value, quote: true);

    /// <summary>The shortest of two forms that reads back as the very same number.</summary>
    public static string Number(double value)
    {
        string text = value.ToString("G15", CultureInfo.InvariantCulture);
        if (double.Parse(text, CultureInfo.InvariantCulture) != value)
        {
            text = value.ToString("G17", CultureInfo.InvariantCulture);
        }

        return text + "d";
    }

    public static string Count(int value) => value.ToString(CultureInfo.InvariantCulture);
}
