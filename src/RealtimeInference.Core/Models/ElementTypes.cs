using Microsoft.ML.OnnxRuntime;

namespace RealtimeInference;

/// <summary>The table of element types: sizes and the .NET types that stand for them.</summary>
internal static class ElementTypes
{
    /// <summary>Bytes of one element; 0 for strings, which have no fixed size.</summary>
    public static int SizeOf(TensorElementType type) => type switch
    {
        TensorElementType.Float64 or TensorElementType.Int64 or TensorElementType.UInt64 => 8,
        TensorElementType.Float32 or TensorElementType.Int32 or TensorElementType.UInt32 => 4,
        TensorElementType.Float16 or TensorElementType.BFloat16 or TensorElementType.Int16 or TensorElementType.UInt16 => 2,
        TensorElementType.Int8 or TensorElementType.UInt8 or TensorElementType.Boolean => 1,
        _ => 0,
    };

    public static bool Accepts<T>(TensorElementType type)
        where T : unmanaged => Map<T>.Type == type;

    public static string ClrName(TensorElementType type) => type switch
    {
        TensorElementType.Float32 => "float",
        TensorElementType.Float64 => "double",
        TensorElementType.Float16 => "Half",
        TensorElementType.BFloat16 => "BFloat16",
        TensorElementType.Int8 => "sbyte",
        TensorElementType.Int16 => "short",
        TensorElementType.Int32 => "int",
        TensorElementType.Int64 => "long",
        TensorElementType.UInt8 => "byte",
        TensorElementType.UInt16 => "ushort",
        TensorElementType.UInt32 => "uint",
        TensorElementType.UInt64 => "ulong",
        TensorElementType.Boolean => "bool",
        _ => "string",
    };

    /// <summary>Fills elements of a numeric tensor with a number.</summary>
    public static void Fill(TensorBuffer buffer, int start, int count, double value)
    {
        switch (buffer.Spec.ElementType)
        {
            case TensorElementType.Float32: buffer.GetSpan<float>().Slice(start, count).Fill((float)value); break;
            case TensorElementType.Float64: buffer.GetSpan<double>().Slice(start, count).Fill(value); break;
            case TensorElementType.Float16: buffer.GetSpan<Half>().Slice(start, count).Fill((Half)value); break;
            case TensorElementType.BFloat16: buffer.GetSpan<BFloat16>().Slice(start, count).Fill((BFloat16)(float)value); break;
            case TensorElementType.Int8: buffer.GetSpan<sbyte>().Slice(start, count).Fill((sbyte)value); break;
            case TensorElementType.Int16: buffer.GetSpan<short>().Slice(start, count).Fill((short)value); break;
            case TensorElementType.Int32: buffer.GetSpan<int>().Slice(start, count).Fill((int)value); break;
            case TensorElementType.Int64: buffer.GetSpan<long>().Slice(start, count).Fill((long)value); break;
            case TensorElementType.UInt8: buffer.GetSpan<byte>().Slice(start, count).Fill((byte)value); break;
            case TensorElementType.UInt16: buffer.GetSpan<ushort>().Slice(start, count).Fill((ushort)value); break;
            case TensorElementType.UInt32: buffer.GetSpan<uint>().Slice(start, count).Fill((uint)value); break;
            case TensorElementType.UInt64: buffer.GetSpan<ulong>().Slice(start, count).Fill((ulong)value); break;
            case TensorElementType.Boolean: buffer.GetSpan<bool>().Slice(start, count).Fill(value != 0); break;
            default: throw new NotSupportedException($"'{buffer.Spec}' does not hold numbers.");
        }
    }

    // One static per T: the JIT makes the check a compare with a constant.
    private static class Map<T>
        where T : unmanaged
    {
        public static readonly TensorElementType? Type =
            typeof(T) == typeof(float) ? TensorElementType.Float32
            : typeof(T) == typeof(double) ? TensorElementType.Float64
            : typeof(T) == typeof(Half) || typeof(T) == typeof(Float16) ? TensorElementType.Float16
            : typeof(T) == typeof(BFloat16) ? TensorElementType.BFloat16
            : typeof(T) == typeof(sbyte) ? TensorElementType.Int8
            : typeof(T) == typeof(short) ? TensorElementType.Int16
            : typeof(T) == typeof(int) ? TensorElementType.Int32
            : typeof(T) == typeof(long) ? TensorElementType.Int64
            : typeof(T) == typeof(byte) ? TensorElementType.UInt8
            : typeof(T) == typeof(ushort) ? TensorElementType.UInt16
            : typeof(T) == typeof(uint) ? TensorElementType.UInt32
            : typeof(T) == typeof(ulong) ? TensorElementType.UInt64
            : typeof(T) == typeof(bool) ? TensorElementType.Boolean
            : null;
    }
}
