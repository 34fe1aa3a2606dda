using System.Globalization;

namespace RealtimeInference;

/// <summary>Reads values from text, in the invariant culture.</summary>
internal static class FeatureText
{
    /// <summary>Reads one value into a row.</summary>
    /// <returns>Whether the text is of the field's type.</returns>
    public static bool TryRead(FeatureField field, ReadOnlySpan<char> text, FeatureRowData data)
    {
        long bits;
        switch (field.Type)
        {
            case FeatureType.String:
                data.SetObject(field.Ordinal, text.ToString());
                return true;
            case FeatureType.Vector:
                return TryReadVector((FeatureVectorField)field, text, data);
            case FeatureType.Single when float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out float value):
                bits = FeatureBits.Encode(value);
                break;
            case FeatureType.Double when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value):
                bits = FeatureBits.Encode(value);
                break;
            case FeatureType.Int32 when int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out int value):
                bits = FeatureBits.Encode(value);
                break;
            case FeatureType.Int64 when long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out long value):
                bits = value;
                break;
            case FeatureType.Boolean when TryReadBoolean(text, out bool value):
                bits = FeatureBits.Encode(value);
                break;
            case FeatureType.Timestamp when TryReadTimestamp(text, out DateTimeOffset value):
                bits = FeatureBits.Encode(value);
                break;
            default:
                return false;
        }

        data.SetBits(field.Ordinal, bits);
        return true;
    }

    public static bool TryReadTimestamp(ReadOnlySpan<char> text, out DateTimeOffset value) => DateTimeOffset.TryParse(
        text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal | DateTimeStyles.AllowLeadingWhite | DateTimeStyles.AllowTrailingWhite, out value);

    /// <summary>Says in words what a text of the type looks like.</summary>
    public static string Describe(FeatureField field) => field.Type switch
    {
        FeatureType.Single or FeatureType.Double => "a number",
        FeatureType.Int32 => "a whole number of 32 bits",
        FeatureType.Int64 => "a whole number of 64 bits",
        FeatureType.Boolean => "true, false, 1 or 0",
        FeatureType.Timestamp => "a time in ISO 8601",
        FeatureType.Vector => $"{((FeatureVectorField)field).Length} numbers",
        _ => "a text",
    };

    private static bool TryReadBoolean(ReadOnlySpan<char> text, out bool value)
    {
        if (text is "1" or "0")
        {
            value = text is "1";
            return true;
        }

        return bool.TryParse(text, out value);
    }

    private static bool TryReadVector(FeatureVectorField field, ReadOnlySpan<char> text, FeatureRowData data)
    {
        text = text.Trim();
        if (text is ['[', .. var inner, ']'])
        {
            text = inner;
        }

        Span<float> vector = data.SetVector(field.Ordinal, field.Length);
        int count = 0;
        foreach (Range range in text.SplitAny(" ,;\t"))
        {
            ReadOnlySpan<char> number = text[range];
            if (number.IsEmpty)
            {
                continue;
            }

            if (count == vector.Length || !float.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out vector[count]))
            {
                return false;
            }

            count++;
        }

        return count == vector.Length;
    }
}
