using QuickStart;

namespace RealtimeInference.Samples.Tests;

public sealed class MagikaEncoderTests
{
    private static readonly MagikaFiles s_files = MagikaFiles.Load(MagikaFixture.Folder);

    // Every length at which a block, a part or the overlap of head and tail begins or ends.
    private static readonly int[] s_lengths =
    [
        0, 1, 7, 8, 9, 100, 1023, 1024, 1025, 2047, 2048, 2049, 3072, 4095, 4096, 4097, 5119, 5120, 5121, 6000, 8191, 8192, 8193, 20000,
    ];

    [Fact]
    public void Encode_RandomContents_EqualsTheSlowWay()
    {
        var random = new Random(20240917);
        using var model = new FakeModel();
        var encoder = new MagikaEncoder(s_files.Config);
        int withPadding = 0;
        foreach (int length in s_lengths)
        {
            for (int repetition = 0; repetition < 12; repetition++)
            {
                byte[] content = RandomContent(random, length, repetition);

                int[] numbers = Encode(encoder, model, FileSample.Of(content, 4096));

                numbers.Should().Equal(EncodeSlowly(content), "length {0}, repetition {1}", length, repetition);
                withPadding += numbers.Contains(256) ? 1 : 0;
            }
        }

        withPadding.Should().BeInRange(50, s_lengths.Length * 12 - 50, "both kinds have to be among the contents");
    }

    [Fact]
    public void Encode_ShortText_PadsInsideAndStripsOutside()
    {
        using var model = new FakeModel();

        int[] numbers = Encode(new MagikaEncoder(s_files.Config), model, FileSample.Of(" \v\f\r\n\tab  cd\t "u8.ToArray(), 4096));

        numbers[..9].Should().Equal('a', 'b', ' ', ' ', 'c', 'd', '\t', ' ', 256);
        numbers[9..1024].Should().OnlyContain(number => number == 256);
        numbers[1024..^13].Should().OnlyContain(number => number == 256);
        numbers[^13..].Should().Equal(256, ' ', '\v', '\f', '\r', '\n', '\t', 'a', 'b', ' ', ' ', 'c', 'd');
    }

    [Fact]
    public void Encode_BytesThatOtherCharacterSetsCallBlank_AreKept()
    {
        using var model = new FakeModel();
        byte[] content = [0x00, 0x85, 0xA0, 0x1C, 0x1F, 0x07, 0x0E, 0x85, 0xA0, 0x00];

        int[] numbers = Encode(new MagikaEncoder(s_files.Config), model, FileSample.Of(content, 4096));

        numbers[..10].Should().Equal(content.Select(value => (int)value));
        numbers[^10..].Should().Equal(content.Select(value => (int)value));
    }

    [Fact]
    public void Create_ModelOfAnotherInputLength_SaysThatTheConfigDoesNotFit()
    {
        using var model = new FakeModel(inputs: 512);

        Action create = () => MagikaPredictor.Create(model, s_files.Config, s_files.ContentTypes);

        create.Should().Throw<TensorMismatchException>().WithMessage("*2048*bytes: int [?, 512]*");
    }

    [Fact]
    public void Create_ModelOfAnotherInputType_SaysThatTheConfigDoesNotFit()
    {
        using var model = new FakeModel(inputType: TensorElementType.Int64);

        Action create = () => MagikaPredictor.Create(model, s_files.Config, s_files.ContentTypes);

        create.Should().Throw<TensorMismatchException>().WithMessage("*bytes: long*");
    }

    [Fact]
    public void Create_ModelLoadedWithoutBatchDimension_SaysHowToLoadIt()
    {
        using OnnxModel model = OnnxModel.Load(
            Path.Combine(MagikaFixture.Folder, "model.onnx"),
            new OnnxModelOptions { BatchDimension = BatchDimension.None, IntraOpThreads = 1, WarmUpRuns = 0 });

        Action create = () => MagikaPredictor.Create(model, s_files.Config, s_files.ContentTypes);

        create.Should().Throw<TensorMismatchException>().WithMessage("*BatchDimension.First*");
    }

    private static int[] Encode(MagikaEncoder encoder, FakeModel model, FileSample sample)
    {
        using ModelRunner runner = model.Rent();

        // What an earlier file may have left there.
        runner.GetInputs().GetUninitialized<int>("bytes").Fill(-1);
        encoder.Encode(sample, runner.GetInputs());
        runner.RunAsync().AsTask().GetAwaiter().GetResult();
        return [.. model.LastInput];
    }

    private static int[] EncodeSlowly(byte[] content)
    {
        List<int> head = [.. content.Take(4096).SkipWhile(IsBlank).Take(1024).Select(value => (int)value)];
        while (head.Count < 1024)
        {
            head.Add(256);
        }

        List<int> tail = [.. content.TakeLast(4096).Reverse().SkipWhile(IsBlank).Take(1024).Reverse().Select(value => (int)value)];
        while (tail.Count < 1024)
        {
            tail.Insert(0, 256);
        }

        return [.. head, .. tail];
    }

    private static bool IsBlank(byte value) => value is 32 or (>= 9 and <= 13);

    private static byte[] RandomContent(Random random, int length, int repetition)
    {
        byte[] content = new byte[length];
        random.NextBytes(content);
        byte[] blanks = [32, 9, 10, 11, 12, 13];

        // Blanks at both ends, sometimes so many that they meet or fill a block, and a few between.
        int most = repetition switch { 0 => 0, < 6 => 20, < 9 => 4200, _ => length + 1 };
        int atStart = Math.Min(length, random.Next(most + 1));
        int atEnd = Math.Min(length, random.Next(most + 1));
        random.GetItems(blanks, content.AsSpan(0, atStart));
        random.GetItems(blanks, content.AsSpan(length - atEnd));
        return content;
    }
}
