using QuickStart;

namespace RealtimeInference.Samples.Tests;

public sealed class FileSampleTests
{
    private const int BlockSize = 4096;

    public static TheoryData<int> Lengths => [0, 1, 8, 4095, 4096, 4097, 8191, 8192, 8193, 12_288, 50_000];

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Read_SeekableStream_TakesFirstAndLastBlock(int length)
    {
        byte[] content = RandomContent(length);
        using var stream = new CountingStream(content, canSeek: true);

        FileSample sample = FileSample.Read(stream, BlockSize);

        Check(sample, content);
        stream.BytesRead.Should().BeLessThanOrEqualTo(2 * BlockSize);
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Read_StreamThatCannotSeekAndComesInPieces_TakesFirstAndLastBlock(int length)
    {
        byte[] content = RandomContent(length);
        foreach (int pieceSize in (int[])[1, 1000, 4096, 100_000])
        {
            using var stream = new CountingStream(content, canSeek: false, pieceSize);

            Check(FileSample.Read(stream, BlockSize), content);
        }
    }

    [Fact]
    public void Read_FileThatIsReadInPieces_TakesWholeBlocks()
    {
        byte[] content = RandomContent(10_000);
        using var stream = new CountingStream(content, canSeek: true, pieceSize: 100);

        Check(FileSample.Read(stream, BlockSize), content);
    }

    [Fact]
    public void ReadSample_HugeSparseFile_ReadsOnlyTheEnds()
    {
        using var folder = new TempFolder();
        string path = folder.PathOf("huge.bin");
        const long Length = 5L << 30;
        using (FileStream file = File.Create(path))
        {
            file.SetLength(Length);
            file.Write("begin"u8);
            file.Position = Length - 3;
            file.Write("end"u8);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        FileSample sample = new InputFile("huge", path).ReadSample(BlockSize);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        sample.Length.Should().Be(Length);
        sample.Head.ToArray().Should().Equal([.. "begin"u8, .. new byte[BlockSize - 5]]);
        sample.Tail.ToArray().Should().Equal([.. new byte[BlockSize - 3], .. "end"u8]);
        allocated.Should().BeLessThan(64 * 1024);
    }

    [Fact]
    public void Find_FoldersAndFiles_ListsFilesRecursivelyInOrder()
    {
        using var folder = new TempFolder();
        folder.Write("tree/b.txt", "b");
        folder.Write("tree/a/inner.txt", "inner");
        folder.Write("tree/a/deep/er.txt", "er");
        folder.Write("single.txt", "single");
        Directory.CreateDirectory(folder.PathOf("hollow"));

        IEnumerable<InputFile> files = InputFile.Find(
            [folder.PathOf("single.txt"), folder.PathOf("hollow"), folder.PathOf("tree"), "missing.txt", "-"], samplesFolder: "unused");

        files.Select(file => file.Path).Should().Equal(
            folder.PathOf("single.txt"),
            folder.PathOf("tree", "a", "deep", "er.txt"),
            folder.PathOf("tree", "a", "inner.txt"),
            folder.PathOf("tree", "b.txt"),
            "missing.txt",
            "-");
    }

    [Fact]
    public void Find_FolderWithLinkToItself_DoesNotGoRound()
    {
        if (OperatingSystem.IsWindows())
        {
            return; // Links need a privilege there.
        }

        using var folder = new TempFolder();
        folder.Write("tree/a.txt", "a");
        Directory.CreateSymbolicLink(folder.PathOf("tree", "loop"), folder.PathOf("tree"));
        File.CreateSymbolicLink(folder.PathOf("tree", "z.txt"), folder.PathOf("tree", "a.txt"));

        InputFile.Find([folder.PathOf("tree")], samplesFolder: "unused").Select(file => Path.GetFileName(file.Path))
            .Should().Equal("a.txt", "z.txt");
    }

    private static void Check(FileSample sample, byte[] content)
    {
        sample.Length.Should().Be(content.Length);
        sample.Head.ToArray().Should().Equal(content.Take(BlockSize));
        sample.Tail.ToArray().Should().Equal(content.TakeLast(BlockSize));
    }

    private static byte[] RandomContent(int length)
    {
        byte[] content = new byte[length];
        new Random(length).NextBytes(content);
        return content;
    }

    private sealed class CountingStream(byte[] content, bool canSeek, int pieceSize = int.MaxValue) : MemoryStream(content)
    {
        public override bool CanSeek => canSeek;

        public int BytesRead { get; private set; }

        public override int Read(Span<byte> buffer)
        {
            int read = base.Read(buffer[..Math.Min(buffer.Length, pieceSize)]);
            BytesRead += read;
            return read;
        }
    }
}
