using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using QuickStart;

namespace RealtimeInference.Samples.Tests;

[Collection(MagikaGroup.Name)]
public sealed class ReferenceTests(MagikaFixture magika)
{
    public static TheoryData<string> Files => new(Reference.All.Select(reference => reference.File));

    [Fact]
    public void References_CoverEverySample_AndMostHaveAFinalAnswer()
    {
        string[] samples = Directory.GetFiles(magika.Files.SamplesFolder, "*", SearchOption.AllDirectories);
        Reference.All.Select(reference => Path.GetFullPath(Path.Combine(MagikaFixture.Folder, reference.File)))
            .Should().BeEquivalentTo(samples.Select(Path.GetFullPath));
        Reference.All.Count(reference => reference.Output is not null).Should().BeGreaterThan(20);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Predict_SampleFile_AnswersAsTheReference(string file)
    {
        Reference reference = Reference.All.Single(candidate => candidate.File == file);

        FileType type = await magika.Predictor.PredictAsync(magika.Sample(file));

        type.ModelLabel.Should().Be(reference.Label);
        ((double)type.Confidence).Should().BeApproximately(reference.Score, 1e-4);
        if (reference.Output is { } output)
        {
            type.ContentType.Label.Should().Be(output);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Predict_FromEightThreadsAtOnce_AnswersAsAlone(bool isBatched)
    {
        IPredictor<FileSample, float[]> predictor = CreateRawPredictor(isBatched);
        FileSample[] samples = [.. Reference.All.Select(reference => magika.Sample(reference.File))];
        float[][] alone = await PredictAllAsync();
        using var start = new Barrier(8);

        float[][][] together = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait();
                return PredictAllAsync().GetAwaiter().GetResult();
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)));

        foreach (float[][] answers in together)
        {
            if (isBatched)
            {
                // As loosely as ONNX Runtime's own batches: see below.
                answers.Zip(alone).Should().OnlyContain(pair => pair.First.Zip(pair.Second).All(p => Math.Abs(p.First - p.Second) < 1e-3f));
            }
            else
            {
                answers.Select(Bits).Should().BeEquivalentTo(alone.Select(Bits), options => options.WithStrictOrdering());
            }
        }

        async Task<float[][]> PredictAllAsync()
        {
            var answers = new List<float[]>();
            foreach (FileSample sample in samples)
            {
                answers.Add(await predictor.PredictAsync(sample));
            }

            return [.. answers];
        }
    }

    [Fact]
    public async Task Predict_FromEightThreadsAtOnce_GivesTheFinalAnswers()
    {
        string[][] answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            var labels = new List<string>();
            foreach (Reference reference in Reference.All)
            {
                FileType type = await magika.Predictor.PredictAsync(magika.Sample(reference.File));
                labels.Add(type.ContentType.Label);
            }

            return labels.ToArray();
        })));

        foreach (string[] labels in answers)
        {
            labels.Should().Equal(Reference.All.Select((reference, i) => reference.Output ?? answers[0][i]));
        }
    }

    // Which sums ONNX Runtime forms depends on the number of rows, and this model amplifies that: rows of its own batched runs
    // differ by up to 5e-4 from single runs. So the library is held to ONNX Runtime bit for bit, and to the single run loosely.
    [Theory]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(32)]
    public async Task Run_BatchOfFiles_AnswersAsOnnxRuntimeDoesAndCloseToAlone(int batchSize)
    {
        IPredictor<FileSample, float[]> predictor = CreateRawPredictor();
        var encoder = new MagikaEncoder(magika.Files.Config);
        FileSample[] samples = [.. Reference.All.Take(batchSize).Select(reference => magika.Sample(reference.File))];
        samples.Should().HaveCount(batchSize);
        var numbers = new List<int>();

        using ModelRunner runner = magika.Model.Rent(batchSize);
        for (int row = 0; row < batchSize; row++)
        {
            encoder.Encode(samples[row], runner.GetInputs(row));
            numbers.AddRange(runner.GetInputs(row).GetUninitialized<int>("bytes"));
        }

        await runner.RunAsync();

        float[] expected = RunWithoutTheLibrary([.. numbers], batchSize);
        for (int row = 0; row < batchSize; row++)
        {
            float[] batched = runner.GetOutputs(row).Get<float>("target_label").ToArray();
            Bits(batched).Should().Equal(Bits(expected[(row * 214)..((row + 1) * 214)]), "row {0}", row);

            float[] alone = await predictor.PredictAsync(samples[row]);
            batched.Zip(alone, (left, right) => Math.Abs(left - right)).Max().Should().BeLessThan(1e-3f, "row {0}", row);
            Array.IndexOf(batched, batched.Max()).Should().Be(Array.IndexOf(alone, alone.Max()), "row {0}", row);
        }
    }

    private static float[] RunWithoutTheLibrary(int[] numbers, int batchSize)
    {
        using var options = new SessionOptions { IntraOpNumThreads = 1 };
        using var session = new InferenceSession(Path.Combine(MagikaFixture.Folder, "model.onnx"), options);
        var input = new DenseTensor<int>(numbers, [batchSize, 2048]);
        using IDisposableReadOnlyCollection<DisposableNamedOnnxValue> outputs =
            session.Run([NamedOnnxValue.CreateFromTensor("bytes", input)]);
        return [.. outputs[0].AsEnumerable<float>()];
    }

    private static int[] Bits(float[] values) => [.. values.Select(BitConverter.SingleToInt32Bits)];

    private IPredictor<FileSample, float[]> CreateRawPredictor(bool isBatched = true)
    {
        var encoded = Predictor.For<FileSample>().Preprocess(new MagikaEncoder(magika.Files.Config));
        return (isBatched ? encoded.Run(magika.Model) : encoded.RunUnbatched(magika.Model))
            .Postprocess((FileSample _, OutputTensors outputs) => outputs.Get<float>("target_label").ToArray())
            .Build();
    }
}
