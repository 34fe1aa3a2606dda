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
