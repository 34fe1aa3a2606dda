using QuickStart;

namespace RealtimeInference.Samples.Tests;

public sealed class MagikaDecoderTests
{
    private static readonly MagikaFiles s_files = MagikaFiles.Load(MagikaFixture.Folder);
    private static readonly FileSample s_sample = FileSample.Of("any content that is long enough"u8.ToArray(), 4096);

    [Theory]
    [InlineData("python", 0.5f, "python")] // The general threshold itself is enough.
    [InlineData("python", 0.4999f, "txt")]
    [InlineData("zip", 0.5f, "zip")]
    [InlineData("zip", 0.4999f, "unknown")]
    [InlineData("markdown", 0.75f, "markdown")] // These have a threshold of their own.
    [InlineData("markdown", 0.7499f, "txt")]
    [InlineData("handlebars", 0.9f, "handlebars")]
    [InlineData("handlebars", 0.8999f, "txt")]
    [InlineData("crt", 0.8999f, "unknown")]
    [InlineData("randomtxt", 0.99f, "txt")] // These are answered as another label.
    [InlineData("randombytes", 0.99f, "unknown")]
    [InlineData("randomtxt", 0.01f, "txt")]
    [InlineData("randombytes", 0.01f, "unknown")]
    public async Task Decode_TopClassAndProbability_GivesTheFinalAnswer(string label, float probability, string expected)
    {
        using var model = new FakeModel();
        model.Answer[s_files.Config.TargetLabelsSpace.ToList().IndexOf(label)] = probability;

        FileType type = await Create(model).PredictAsync(s_sample);

        type.ContentType.Should().Be(s_files.ContentTypes[expected]);
        type.ModelLabel.Should().Be(label);
        type.Confidence.Should().Be(probability);
    }

    [Fact]
    public async Task Decode_EveryLabel_IsFoundAtItsPlace()
    {
        using var model = new FakeModel();
        IPredictor<FileSample, FileType> predictor = Create(model);
        var found = new List<string?>();
        for (int i = 0; i < model.Answer.Length; i++)
        {
            Array.Fill(model.Answer, 0.0001f);
            model.Answer[i] = 0.97f;
            found.Add((await predictor.PredictAsync(s_sample)).ModelLabel);
        }

        found.Should().Equal(s_files.Config.TargetLabelsSpace);
    }

    [Fact]
    public void Predict_ManyTimes_AllocatesNothing()
    {
        using var model = new FakeModel();
        model.Answer[3] = 0.9f;
        IPredictor<FileSample, FileType> predictor = Create(model);
        long allocated = -1;

        // On a thread of its own: a caller on a busy thread of the pool is now and then answered by a worker, to let others in.
        var thread = new Thread(() =>
        {
            Predict(2000);
            long before = GC.GetAllocatedBytesForCurrentThread();
            Predict(1000);
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        });
        thread.Start();
        thread.Join();

        allocated.Should().Be(0);
        model.Runs.Should().Be(3000);

        void Predict(int times)
        {
            for (int i = 0; i < times; i++)
            {
                ValueTask<FileType> task = predictor.PredictAsync(s_sample);
                if (!task.IsCompletedSuccessfully || task.Result.Confidence != 0.9f)
                {
                    throw new InvalidOperationException("The pipeline should answer at once.");
                }
            }
        }
    }

    [Fact]
    public void Create_ModelOfAnotherNumberOfLabels_SaysThatTheConfigDoesNotFit()
    {
        using var model = new FakeModel(outputs: 200);

        Action create = () => Create(model);

        create.Should().Throw<TensorMismatchException>().WithMessage("*214 labels*200*");
    }

    [Fact]
    public void Create_ContentTypesLackALabel_NamesIt()
    {
        using var model = new FakeModel();
        var few = new ContentTypes([new("txt", s_files.ContentTypes.Text), new("unknown", s_files.ContentTypes.Unknown)]);

        Action create = () => MagikaPredictor.Create(model, s_files.Config, few);

        create.Should().Throw<InvalidDataException>().WithMessage("*'3gp'*");
    }

    private static IPredictor<FileSample, FileType> Create(FakeModel model) =>
        MagikaPredictor.Create(model, s_files.Config, s_files.ContentTypes);
}
