using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace RealtimeInference.Redis;

/// <summary>One <c>feast.types.Value</c>, read from its bytes; it points into them.</summary>
internal readonly ref struct FeastValue
{
    private readonly ulong _number;
    private readonly ReadOnlySpan<byte> _bytes;

    private FeastValue(FeastValueKind kind, ulong number, ReadOnlySpan<byte> bytes)
    {
        Kind = kind;
        _number = number;
        _bytes = bytes;
    }

    /// <summary>Gets which alternative is set.</summary>
    public FeastValueKind Kind { get; }

    /// <summary>Gets whether nothing is set: the value is null.</summary>
    public bool IsNull => Kind is FeastValueKind.None or FeastValueKind.Null;

    /// <summary>Gets an integer, a truth value as 0 or 1, or a moment in seconds since 1970.</summary>
    public long Integer => (long)_number;

    /// <summary>Gets a number with a fraction.</summary>
    public double Number => Kind == FeastValueKind.Float
        ? BitConverter.UInt32BitsToSingle((uint)_number)
        : BitConverter.UInt64BitsToDouble(_number);

    /// <summary>Gets text as UTF-8, or the message of a list.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>Reads a value.</summary>
    /// <param name="message">The bytes of the message; none is a null.</param>
    /// <param name="value">The value; of a kind that is no member of the enumeration where Feast has one that is not known here.</param>
    /// <returns>Whether the bytes are such a message.</returns>
    public static bool TryRead(ReadOnlySpan<byte> message, out FeastValue value)
    {
        value = default;
        var reader = new ProtobufReader(message);

        // The alternatives exclude each other; where several are written the last one counts, as everywhere in protobuf.
        while (reader.Read())
        {
            if (reader.Type != WireTypeOf((FeastValueKind)reader.Field))
            {
                return false;
            }

            value = reader.Type == ProtobufReader.WireType.LengthDelimited
                ? new FeastValue((FeastValueKind)reader.Field, 0, reader.Bytes)
                : new FeastValue((FeastValueKind)reader.Field, reader.Number, default);
        }

        return !reader.IsBroken;
    }

    /// <summary>Reads a list of floats or doubles.</summary>
    /// <param name="destination">Where to; its length is what the list must have.</param>
    /// <returns>Whether it is such a list of that length.</returns>
    public bool TryReadNumbers(Span<float> destination)
    {
        int size = Kind == FeastValueKind.FloatList ? sizeof(float) : sizeof(double);
        int count = 0;
        var reader = new ProtobufReader(_bytes);
        while (reader.Read())
        {
            // Packed, as every writer of proto3 does, or one by one, as a reader must take too.
            if (reader.Field != 1)
            {
                continue;
            }

            if (reader.Type == ProtobufReader.WireType.LengthDelimited)
            {
                if (reader.Bytes.Length % size != 0 || reader.Bytes.Length / size > destination.Length - count)
                {
                    return false;
                }

                Copy(reader.Bytes, destination[count..], size);
                count += reader.Bytes.Length / size;
            }
            else if (reader.Type == (size == sizeof(float) ? ProtobufReader.WireType.Fixed32 : ProtobufReader.WireType.Fixed64) &&
                count < destination.Length)
            {
                destination[count++] = size == sizeof(float)
                    ? BitConverter.UInt32BitsToSingle((uint)reader.Number)
                    : (float)BitConverter.UInt64BitsToDouble(reader.Number);
            }
            else
            {
                return false;
            }
        }

        return !reader.IsBroken && count == destination.Length;
    }

    private static void Copy(ReadOnlySpan<byte> numbers, Span<float> destination, int size)
    {
        if (size == sizeof(float) && BitConverter.IsLittleEndian)
        {
            MemoryMarshal.Cast<byte, float>(numbers).CopyTo(destination);
            return;
        }

        for (int i = 0; i < numbers.Length / size; i++)
        {
            destination[i] = size == sizeof(float)
                ? BinaryPrimitives.ReadSingleLittleEndian(numbers[(i * size)..])
                : (float)BinaryPrimitives.ReadDoubleLittleEndian(numbers[(i * size)..]);
        }
    }

    private static ProtobufReader.WireType WireTypeOf(FeastValueKind kind) => kind switch
    {
        FeastValueKind.Int32 or FeastValueKind.Int64 or FeastValueKind.Bool or FeastValueKind.UnixTimestamp or FeastValueKind.Null =>
            ProtobufReader.WireType.Varint,
        FeastValueKind.Double => ProtobufReader.WireType.Fixed64,
        FeastValueKind.Float => ProtobufReader.WireType.Fixed32,
        _ => ProtobufReader.WireType.LengthDelimited,
    };
}
