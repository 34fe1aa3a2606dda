namespace QuickStart;

/// <summary>What the model gets to see of a file: its first and its last block, never the whole of a large file.</summary>
/// <param name="Head">The first bytes, at most a block.</param>
/// <param name="Tail">The last bytes, at most a block. Overlaps the head if the file is smaller than two blocks.</param>
/// <param name="Length">The length of the whole file.</param>
public sealed record FileSample(ReadOnlyMemory<byte> Head, ReadOnlyMemory<byte> Tail, long Length)
{
    /// <summary>Takes the sample of a content in memory.</summary>
    public static FileSample Of(ReadOnlyMemory<byte> content, int blockSize)
    {
        int length = Math.Min(content.Length, blockSize);
        return new FileSample(content[..length], content[^length..], content.Length);
    }

    /// <summary>Takes the sample of a stream. Seeks over what is between head and tail if the stream can seek.</summary>
    public static FileSample Read(Stream stream, int blockSize) =>
        stream.CanSeek ? ReadBothEnds(stream, blockSize) : ReadThrough(stream, blockSize);

    private static FileSample ReadBothEnds(Stream stream, int blockSize)
    {
        long length = stream.Length;
        ReadOnlyMemory<byte> head = ReadBlock(stream, (int)Math.Min(length, blockSize));
        if (length <= blockSize)
        {
            return new FileSample(head, head, length);
        }

        stream.Position = length - blockSize;
        return new FileSample(head, ReadBlock(stream, blockSize), length);
    }

    private static ReadOnlyMemory<byte> ReadBlock(Stream stream, int size)
    {
        byte[] block = new byte[size];
        int read = stream.ReadAtLeast(block, size, throwOnEndOfStream: false);
        return block.AsMemory(0, read);
    }

    // A pipe has to be read to its end, but only a window of its last bytes is kept.
    private static FileSample ReadThrough(Stream stream, int blockSize)
    {
        ReadOnlyMemory<byte> head = ReadBlock(stream, blockSize);
        byte[] window = new byte[2 * blockSize];
        head.CopyTo(window);
        int used = head.Length;
        long length = used;
        while (stream.Read(window.AsSpan(used)) is > 0 and int read)
        {
            used += read;
            length += read;
            if (used == window.Length)
            {
                window.AsSpan(blockSize).CopyTo(window);
                used = blockSize;
            }
        }

        int tailStart = Math.Max(0, used - blockSize);
        return new FileSample(head, window.AsMemory(tailStart..used), length);
    }
}
