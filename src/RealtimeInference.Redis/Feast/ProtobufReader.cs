using System.Buffers.Binary;

namespace RealtimeInference.Redis;

/// <summary>Reads the fields of one protobuf message from its bytes, without copying them.</summary>
/// <remarks>
/// The wire format: https://protobuf.dev/programming-guides/encoding. By hand, because Feast's values need four wire types of it
/// and a look-up should make no objects; a message that ends too early, or is no message, is an end with <see cref="IsBroken"/>.
/// </remarks>
internal ref struct ProtobufReader(ReadOnlySpan<byte> message)
{
    private ReadOnlySpan<byte> _rest = message;

    public enum WireType
    {
        Varint = 0,
        Fixed64 = 1,
        LengthDelimited = 2,
        Fixed32 = 5,
    }

    /// <summary>Gets the number of the field that was read last.</summary>
    public int Field { get; private set; }

    /// <summary>Gets its wire type.</summary>
    public WireType Type { get; private set; }

    /// <summary>Gets its value where it is a number: as written, the fixed ones as their bits.</summary>
    public ulong Number { get; private set; }

    /// <summary>Gets its value where it has a length.</summary>
    public ReadOnlySpan<byte> Bytes { get; private set; }

    /// <summary>Gets whether the bytes are no message.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Reads the next field.</summary>
    /// <returns>Whether there was one.</returns>
    public bool Read()
    {
        if (_rest.IsEmpty || IsBroken)
        {
            return false;
        }

        // Field numbers go up to 2^29 - 1, from 1.
        if (!TryReadVarint(ref _rest, out ulong tag) || tag >> 3 is 0 or > 0x1FFFFFFF)
        {
            IsBroken = true;
            return false;
        }

        Field = (int)(tag >> 3);
        Type = (WireType)(tag & 7);
        IsBroken = !TryReadValue();
        return !IsBroken;
    }

    /// <summary>Reads a number of variable length from the front of a list of them.</summary>
    public static bool TryReadVarint(ref ReadOnlySpan<byte> rest, out ulong value)
    {
        value = 0;

        // Ten bytes hold 64 bits; the last of them one bit.
        for (int i = 0; i < rest.Length && i < 10; i++)
        {
            value |= (ulong)(rest[i] & 0x7F) << (7 * i);
            if (rest[i] < 0x80)
            {
                bool fits = i < 9 || rest[i] <= 1;
                rest = rest[(i + 1)..];
                return fits;
            }
        }

        return false;
    }

    private bool TryReadValue()
    {
        switch (Type)
        {
            case WireType.Varint:
                bool isRead = TryReadVarint(ref _rest, out ulong number);
                Number = number;
                return isRead;
            case WireType.Fixed64 when _rest.Length >= 8:
                Number = BinaryPrimitives.ReadUInt64LittleEndian(_rest);
                _rest = _rest[8..];
                return true;
            case WireType.Fixed32 when _rest.Length >= 4:
                Number = BinaryPrimitives.ReadUInt32LittleEndian(_rest);
                _rest = _rest[4..];
                return true;
            case WireType.LengthDelimited when TryReadVarint(ref _rest, out ulong length) && length <= (ulong)_rest.Length:
                Bytes = _rest[..(int)length];
                _rest = _rest[(int)length..];
                return true;
            default:
                return false;
        }
    }
}
