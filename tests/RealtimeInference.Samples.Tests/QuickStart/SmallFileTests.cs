using QuickStart;

namespace RealtimeInference.Samples.Tests;

public sealed class SmallFileTests
{
    private static readonly MagikaFiles s_files = MagikaFiles.Load(MagikaFixture.Folder);

    public static TheoryData<string, byte[], string> AnsweredByRules => new()
    {
        { "no bytes", [], "empty" },
        { "one letter", "a"u8.ToArray(), "txt" },
        { "seven bytes", "1234567"u8.ToArray(), "txt" },
        { "seven bytes of UTF-8", "äöü!"u8.ToArray(), "txt" },
        { "a zero byte, which is UTF-8", [0], "txt" },
        { "half a character", [0x61, 0xC3], "unknown" },
        { "a byte that UTF-8 never has", [0x61, 0xFF, 0x62], "unknown" },
        { "an encoded surrogate", [0xED, 0xA0, 0x80], "unknown" },
        { "one blank", " "u8.ToArray(), "txt" },
        { "eight blanks", " \t\n\v\f\r  "u8.ToArray(), "txt" },
        { "a block of blanks", Blanks(4096), "txt" },
        { "more than a block of blanks", Blanks(10_000), "txt" },
        { "blanks, then seven bytes", [.. Blanks(50), .. "1234567"u8], "txt" },
        { "blanks, then bytes that are no UTF-8", [.. Blanks(50), 0xFF, 0xFE], "unknown" },
        { "seven bytes left of the first block", [.. Blanks(4089), .. "1234567 and a lot more"u8], "txt" },
        { "a character cut in two by the end of the block", [.. Blanks(4095), .. "ä and a lot more"u8], "unknown" },
    };

    public static TheoryData<string, byte[]> AnsweredByModel => new()
    {
        { "eight bytes", "12345678"u8.ToArray() },
        { "eight bytes that are no UTF-8", [0xFF, 0xFE, 0xFD, 0xFC, 0xFB, 0xFA, 0xF9, 0xF8] },
        { "a letter, then blanks: only leading blanks do not count", [.. "a"u8, .. Blanks(7)] },
        { "blanks, then eight bytes", [.. Blanks(4000), .. "12345678"u8] },
        { "eight bytes left of the first block", [.. Blanks(4088), .. "12345678 and a lot more"u8] },
        { "exactly a block", [.. Enumerable.Repeat((byte)'x', 4096)] },
        { "a block and a byte", [.. Enumerable.Repeat((byte)'x', 4097)] },
    };

    [Theory]
    [MemberData(nameof(AnsweredByRules))]
    public async Task Predict_TooFewBytes_AnswersByRuleWithoutTheModel(string what, byte[] content, string expected)
    {
        using var model = new FakeModel();

        FileType type = await Create(model).PredictAsync(FileSample.Of(content, 4096));

        type.ContentType.Label.Should().Be(expected, what);
        type.Should().Be(new FileType(s_files.ContentTypes[expected], 1, null));
        model.Runs.Should().Be(0);
    }

    [Theory]
    [MemberData(nameof(AnsweredByModel))]
    public async Task Predict_EnoughBytes_AsksTheModel(string what, byte[] content)
    {
        using var model = new FakeModel();
        model.Answer[s_files.Config.TargetLabelsSpace.ToList().IndexOf("rust")] = 0.8f;

        FileType type = await Create(model).PredictAsync(FileSample.Of(content, 4096));

        type.Should().Be(new FileType(s_files.ContentTypes["rust"], 0.8f, "rust"), what);
        model.Runs.Should().Be(1);
    }

    [Fact]
    public async Task Predict_SmallFile_IsTimedAsItsOwnStage()
    {
        using var model = new FakeModel();
        using PredictionContext context = PredictionContext.Rent();

        await Create(model).PredictAsync(FileSample.Of("abc"u8.ToArray(), 4096), context, CancellationToken.None);

        context.Timings.ToArray().Select(timing => timing.Stage).Should().Equal(SmallFilePredictor.StageName);
    }

    [Fact]
    public async Task Predict_LargeEnoughFile_TimesEveryStageOnce()
    {
        using var model = new FakeModel();
        using PredictionContext context = PredictionContext.Rent();

        await Create(model).PredictAsync(FileSample.Of("abcdefgh"u8.ToArray(), 4096), context, CancellationToken.None);

        context.Timings.ToArray().Select(timing => timing.Stage)
            .Should().Equal(StageNames.Validate, StageNames.Preprocess, StageNames.Run, StageNames.Postprocess);
    }

    [Fact]
    public async Task Predict_FileThatShrankWhileItWasRead_IsRefused()
    {
        using var model = new FakeModel();
        var sample = new FileSample(new byte[4096], new byte[10], Length: 5000);

        Func<Task> predict = async () => await Create(model).PredictAsync(sample);

        (await predict.Should().ThrowAsync<InputValidationException>())
            .Which.Faults.Should().Equal(new InputFault("Tail", "has 10 bytes instead of 4096"));
        model.Runs.Should().Be(0);
    }

    private static byte[] Blanks(int count) => [.. Enumerable.Repeat((byte)' ', count)];

    private static IPredictor<FileSample, FileType> Create(FakeModel model) =>
        MagikaPredictor.Create(model, s_files.Config, s_files.ContentTypes);
}
