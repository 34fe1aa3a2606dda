namespace QuickStart;

/// <summary>Cuts off the whitespace of ASCII, which says nothing about the type of a file.</summary>
public static class Whitespace
{
    private static ReadOnlySpan<byte> Characters => " \t\n\r\v\f"u8;

    public static ReadOnlySpan<byte> TrimStart(ReadOnlySpan<byte> bytes) => bytes.TrimStart(Characters);

    public static ReadOnlySpan<byte> TrimEnd(ReadOnlySpan<byte> bytes) => bytes.TrimEnd(Characters);
}
