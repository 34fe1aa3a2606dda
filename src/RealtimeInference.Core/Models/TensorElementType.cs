namespace RealtimeInference;

/// <summary>The type of a tensor's elements.</summary>
public enum TensorElementType
{
    /// <summary>32-bit floating point, <see cref="float"/>.</summary>
    Float32,

    /// <summary>64-bit floating point, <see cref="double"/>.</summary>
    Float64,

    /// <summary>16-bit IEEE floating point, <see cref="Half"/> or <see cref="Microsoft.ML.OnnxRuntime.Float16"/>.</summary>
    Float16,

    /// <summary>16-bit brain floating point, <see cref="Microsoft.ML.OnnxRuntime.BFloat16"/>.</summary>
    BFloat16,

    /// <summary>8-bit signed integer, <see cref="sbyte"/>.</summary>
    Int8,

    /// <summary>16-bit signed integer, <see cref="short"/>.</summary>
    Int16,

    /// <summary>32-bit signed integer, <see cref="int"/>.</summary>
    Int32,

    /// <summary>64-bit signed integer, <see cref="long"/>.</summary>
    Int64,

    /// <summary>8-bit unsigned integer, <see cref="byte"/>.</summary>
    UInt8,

    /// <summary>16-bit unsigned integer, <see cref="ushort"/>.</summary>
    UInt16,

    /// <summary>32-bit unsigned integer, <see cref="uint"/>.</summary>
    UInt32,

    /// <summary>64-bit unsigned integer, <see cref="ulong"/>.</summary>
    UInt64,

    /// <summary>Truth value of one byte, <see cref="bool"/>.</summary>
    Boolean,

    /// <summary>Text, <see cref="string"/>.</summary>
    String,
}
