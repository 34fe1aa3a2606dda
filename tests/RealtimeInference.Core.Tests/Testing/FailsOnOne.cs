using System.Text;

namespace RealtimeInference.Core.Tests.Testing;

/// <summary>A model that loads and then fails for an input of one element: float x [n] reshaped to y [7].</summary>
internal static class FailsOnOne
{
    public static byte[] Bytes { get; } =
    [
        .. Number(1, 8),
        .. Message(7, [
            .. Message(1, [.. Text(1, "x"), .. Text(1, "shape"), .. Text(2, "y"), .. Text(4, "Reshape")]),
            .. Text(2, "fails_on_one"),
            .. Message(5, [.. Number(1, 1), .. Number(2, 7), .. Text(8, "shape"), .. Message(9, [7, 0, 0, 0, 0, 0, 0, 0])]),
            .. Message(11, [.. Text(1, "x"), .. Message(2, Message(1, [.. Number(1, 1), .. Message(2, Message(1, Text(2, "n")))]))]),
            .. Message(12, [.. Text(1, "y"), .. Message(2, Message(1, [.. Number(1, 1), .. Message(2, Message(1, Number(1, 7)))]))]),
        ]),
        .. Message(8, Number(2, 15)),
    ];

    // Protobuf by hand: fields and lengths are all below 128, but for the graph's.
    private static byte[] Number(int field, byte value) => [(byte)(field << 3), value];

    private static byte[] Text(int field, string value) => Message(field, Encoding.UTF8.GetBytes(value));

    private static byte[] Message(int field, byte[] content) => content.Length < 128
        ? [(byte)((field << 3) | 2), (byte)content.Length, .. content]
        : [(byte)((field << 3) | 2), (byte)(content.Length | 128), (byte)(content.Length >> 7), .. content];
}
