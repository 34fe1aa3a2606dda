using System.Text;

namespace RealtimeInference.Redis;

/// <summary>Puts values of Feast into fields. Numbers go into wider ones, and any number into a float; everything else must be of the field's type.</summary>
internal static class FeastFieldValue
{
    /// <summary>Reads a value into its field. What is of another type is recorded as such; a null is left out.</summary>
    public static void Read(FeatureRow row, FeatureField field, ReadOnlySpan<byte> message)
    {
        if (!FeastValue.TryRead(message, out FeastValue value))
        {
            row.SetWrongType(field, "bytes that are no value of Feast");
            return;
        }

        if (value.IsNull)
        {
            return;
        }

        bool isRead = field switch
        {
            // Feast's Float64 is the common type of features, and models take floats.
            FeatureField<float> f => TryGetNumber(value, out double number) && Set(row, f, (float)number),
            FeatureField<double> f => TryGetNumber(value, out double number) && Set(row, f, number),
            FeatureField<int> f => IsInteger(value) && value.Integer == (int)value.Integer && Set(row, f, (int)value.Integer),
            FeatureField<long> f => IsInteger(value) && Set(row, f, value.Integer),
            FeatureField<bool> f => value.Kind == FeastValueKind.Bool && Set(row, f, value.Integer != 0),
            FeatureField<string> f => value.Kind is FeastValueKind.String or FeastValueKind.Uuid or FeastValueKind.TimeUuid &&
                Set(row, f, Encoding.UTF8.GetString(value.Bytes)),
            FeatureField<DateTimeOffset> f => value.Kind == FeastValueKind.UnixTimestamp &&
                FeastTimestamp.TryCreate(value.Integer, 0, out DateTimeOffset moment) && Set(row, f, moment),
            FeatureVectorField f => value.Kind is FeastValueKind.FloatList or FeastValueKind.DoubleList && SetVector(row, f, value),
            _ => false,
        };
        if (!isRead)
        {
            row.SetWrongType(field, Describe(value));
        }
    }

    private static bool IsInteger(in FeastValue value) => value.Kind is FeastValueKind.Int32 or FeastValueKind.Int64;

    private static bool TryGetNumber(in FeastValue value, out double number)
    {
        number = IsInteger(value) ? value.Integer : value.Kind is FeastValueKind.Float or FeastValueKind.Double ? value.Number : 0;
        return IsInteger(value) || value.Kind is FeastValueKind.Float or FeastValueKind.Double;
    }

    private static bool Set<T>(FeatureRow row, FeatureField<T> field, T value)
        where T : notnull
    {
        row.Set(field, value);
        return true;
    }

    private static bool SetVector(FeatureRow row, FeatureVectorField field, in FeastValue value)
    {
        const int MaxOnStack = 1024;
        Span<float> vector = field.Length <= MaxOnStack ? stackalloc float[field.Length] : new float[field.Length];
        return value.TryReadNumbers(vector) && row.Set(field, vector);
    }

    private static string Describe(in FeastValue value) => value.Kind switch
    {
        FeastValueKind.Int32 or FeastValueKind.Int64 => $"{value.Kind} {value.Integer}",
        FeastValueKind.FloatList or FeastValueKind.DoubleList => $"a {value.Kind} of {value.Bytes.Length} bytes",
        _ when Enum.IsDefined(value.Kind) => $"a {value.Kind}",
        _ => $"Feast's type {(int)value.Kind}",
    };
}
