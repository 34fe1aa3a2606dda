using System.Globalization;
using System.Runtime.InteropServices;
using StackExchange.Redis;

namespace RealtimeInference.Redis;

/// <summary>Values of features as they lie in the hashes of this package: text that any program can write, vectors as bytes.</summary>
internal static class FieldText
{
    // Longer than any number or time; longer ones take the way of strings.
    private const int MaxShort = 128;

    /// <summary>Reads a value into its field. What cannot be read is recorded as of the wrong type.</summary>
    public static void Read(FeatureRow row, FeatureField field, RedisValue value, int maxBytes)
    {
        long length = value.Length();
        if (length > maxBytes)
        {
            row.SetWrongType(field, string.Create(CultureInfo.InvariantCulture, $"a value of {length} bytes, where {maxBytes} are the most that is taken"));
        }
        else if (length <= MaxShort)
        {
            // The client keeps short values in the struct itself: as memory each would be an array.
            Span<byte> bytes = stackalloc byte[MaxShort];
            Read(row, field, bytes[..value.CopyTo(bytes)]);
        }
        else
        {
            Read(row, field, ((ReadOnlyMemory<byte>)value).Span);
        }
    }

    /// <summary>Writes the value of a field.</summary>
    /// <returns>The value, or null where the row has none.</returns>
    public static RedisValue Write(FeatureValues values, FeatureField field) => values.HasDefault(field)
        ? RedisValue.Null
        : field switch
        {
            FeatureField<float> f => values.Get(f).ToString("R", CultureInfo.InvariantCulture),
            FeatureField<double> f => values.Get(f).ToString("R", CultureInfo.InvariantCulture),
            FeatureField<int> f => values.Get(f),
            FeatureField<long> f => values.Get(f),
            FeatureField<bool> f => values.Get(f) ? 1 : 0,
            FeatureField<string> f => values.Get(f),
            FeatureField<DateTimeOffset> f => values.Get(f).UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
            FeatureVectorField f => ToBytes(values.Get(f)),
            _ => throw new NotSupportedException($"The feature '{field}' is of a type that this version cannot write."),
        };

    private static void Read(FeatureRow row, FeatureField field, ReadOnlySpan<byte> bytes)
    {
        switch (field)
        {
            // Without the way over characters that the general method takes: these two are nearly all features.
            case FeatureField<float> f when float.TryParse(bytes, NumberStyles.Float, CultureInfo.InvariantCulture, out float number):
                row.Set(f, number);
                break;
            case FeatureField<double> f when double.TryParse(bytes, NumberStyles.Float, CultureInfo.InvariantCulture, out double number):
                row.Set(f, number);
                break;
            case FeatureVectorField f when bytes.Length != f.Length * sizeof(float):
                row.SetWrongType(f, string.Create(CultureInfo.InvariantCulture, $"{bytes.Length} bytes, where {f.Length * sizeof(float)} are a vector of {f.Length}"));
                break;
            case FeatureVectorField f:
                ReadVector(row, f, bytes);
                break;
            default:
                row.SetUtf8(field, bytes);
                break;
        }
    }

    private static void ReadVector(FeatureRow row, FeatureVectorField field, ReadOnlySpan<byte> bytes)
    {
        if (BitConverter.IsLittleEndian)
        {
            row.Set(field, MemoryMarshal.Cast<byte, float>(bytes));
            return;
        }

        var vector = new float[field.Length];
        for (int i = 0; i < vector.Length; i++)
        {
            vector[i] = System.Buffers.Binary.BinaryPrimitives.ReadSingleLittleEndian(bytes[(i * sizeof(float))..]);
        }

        row.Set(field, vector);
    }

    private static byte[] ToBytes(ReadOnlySpan<float> vector)
    {
        var bytes = new byte[vector.Length * sizeof(float)];
        for (int i = 0; i < vector.Length; i++)
        {
            System.Buffers.Binary.BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), vector[i]);
        }

        return bytes;
    }
}
