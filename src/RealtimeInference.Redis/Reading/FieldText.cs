using System.Buffers.Binary;
using System.Buffers.Text;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
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
        if (length <= MaxShort && length <= maxBytes)
        {
            ReadShort(row, field, value);
        }
        else if (length <= maxBytes)
        {
            Read(row, field, ((ReadOnlyMemory<byte>)value).Span);
        }
        else
        {
            row.SetWrongType(field, string.Create(CultureInfo.InvariantCulture, $"a value of {length} bytes, where {maxBytes} are the most that is taken"));
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

    // The client keeps the shortest values in the struct itself: as memory each would be an array.
    [SkipLocalsInit]
    private static void ReadShort(FeatureRow row, FeatureField field, RedisValue value)
    {
        Span<byte> bytes = stackalloc byte[MaxShort];
        Read(row, field, bytes[..value.CopyTo(bytes)]);
    }

    private static void Read(FeatureRow row, FeatureField field, ReadOnlySpan<byte> bytes)
    {
        // Numbers go without the way over characters that the general method takes.
        switch (field.Type)
        {
            case FeatureType.Single when float.TryParse(bytes, NumberStyles.Float, CultureInfo.InvariantCulture, out float number):
                row.Set((FeatureField<float>)field, number);
                break;
            case FeatureType.Double when double.TryParse(bytes, NumberStyles.Float, CultureInfo.InvariantCulture, out double number):
                row.Set((FeatureField<double>)field, number);
                break;
            case FeatureType.Int64 when Utf8Parser.TryParse(bytes, out long number, out int read) && read == bytes.Length:
                row.Set((FeatureField<long>)field, number);
                break;
            case FeatureType.Int32 when Utf8Parser.TryParse(bytes, out int number, out int read) && read == bytes.Length:
                row.Set((FeatureField<int>)field, number);
                break;
            case FeatureType.String:
                row.Set((FeatureField<string>)field, Encoding.UTF8.GetString(bytes));
                break;
            case FeatureType.Vector:
                ReadVector(row, (FeatureVectorField)field, bytes);
                break;
            default:
                row.SetUtf8(field, bytes);
                break;
        }
    }

    private static void ReadVector(FeatureRow row, FeatureVectorField field, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != field.Length * sizeof(float))
        {
            row.SetWrongType(field, string.Create(CultureInfo.InvariantCulture, $"{bytes.Length} bytes, where {field.Length * sizeof(float)} are a vector of {field.Length}"));
            return;
        }

        if (BitConverter.IsLittleEndian)
        {
            row.Set(field, MemoryMarshal.Cast<byte, float>(bytes));
            return;
        }

        var vector = new float[field.Length];
        for (int i = 0; i < vector.Length; i++)
        {
            vector[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes[(i * sizeof(float))..]);
        }

        row.Set(field, vector);
    }

    private static byte[] ToBytes(ReadOnlySpan<float> vector)
    {
        var bytes = new byte[vector.Length * sizeof(float)];
        for (int i = 0; i < vector.Length; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), vector[i]);
        }

        return bytes;
    }
}
