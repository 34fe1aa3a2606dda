using System.Text;

namespace RealtimeInference.Core.Tests.Testing;

/// <summary>Models of one node, written field by field: cases that the generated ones do not have.</summary>
internal static class HandmadeModels
{
    private const byte Float = 1;
    private const byte Int64 = 7;
    private const byte String = 8;

    /// <summary>Loads and then fails for an input of one element: float x [n] reshaped to y [7].</summary>
    public static byte[] FailsOnOne { get; } = Model(
        [.. Text(1, "x"), .. Text(1, "shape"), .. Text(2, "y"), .. Text(4, "Reshape")],
        Message(5, [.. Number(1, 1), .. Number(2, Int64), .. Text(8, "shape"), .. Message(9, [7, 0, 0, 0, 0, 0, 0, 0])]),
        Value("x", Float, Message(1, Text(2, "n"))),
        Value("y", Float, Message(1, Number(1, 7))));

    /// <summary>Gives back one string: x [] to y [].</summary>
    public static byte[] ScalarString { get; } = Model(
        [.. Text(1, "x"), .. Text(2, "y"), .. Text(4, "Identity")], [], Value("x", String, []), Value("y", String, []));

    /// <summary>
    /// Makes ONNX Runtime log a warning in the middle of each run: y, declared [7], has as many elements as x [n], and z
    /// is worked out from it.
    /// </summary>
    public static byte[] WarnsHalfWay { get; } = Model(
        [.. Text(1, "x"), .. Text(2, "y"), .. Text(4, "Neg")],
        [
            .. Message(1, [.. Text(1, "y"), .. Text(2, "z"), .. Text(4, "Neg")]),
            .. Message(12, Value("z", Float, Message(1, Text(2, "n")))),
        ],
        Value("x", Float, Message(1, Text(2, "n"))),
        Value("y", Float, Message(1, Number(1, 7))));

    private static byte[] Model(byte[] node, byte[] others, byte[] input, byte[] output) =>
    [
        .. Number(1, 8),
        .. Message(7, [.. Message(1, node), .. Text(2, "handmade"), .. others, .. Message(11, input), .. Message(12, output)]),
        .. Message(8, Number(2, 15)),
    ];

    private static byte[] Value(string name, byte elementType, byte[] dimensions) =>
        [.. Text(1, name), .. Message(2, Message(1, [.. Number(1, elementType), .. Message(2, dimensions)]))];

    private static byte[] Number(int field, byte value) => [(byte)(field << 3), value];

    private static byte[] Text(int field, string value) => Message(field, Encoding.UTF8.GetBytes(value));

    // A length of two bytes is enough for all of them.
    private static byte[] Message(int field, byte[] content) => content.Length < 128
        ? [(byte)((field << 3) | 2), (byte)content.Length, .. content]
        : [(byte)((field << 3) | 2), (byte)(content.Length | 128), (byte)(content.Length >> 7), .. content];
}
