namespace RealtimeInference.Core.Tests.Batching;

/// <summary>Options that cannot work are faults of the start, all told at once.</summary>
public sealed class OptionsTests
{
    public static TheoryData<Action<BatchingOptions>, string> Faults => new()
    {
        { o => o.MaxBatchSize = 0, "*MaxBatchSize is 0*at least 1*" },
        { o => o.MaxDelay = TimeSpan.FromSeconds(-1), "*MaxDelay is -00:00:01*" },
        { o => o.MaxQueueLength = 0, "*MaxQueueLength is 0*" },
        { o => o.MaxConcurrentRuns = 0, "*MaxConcurrentRuns is 0*from 1 to 64*" },
        { o => o.MaxConcurrentRuns = 65, "*MaxConcurrentRuns is 65*" },
        { o => o.MaxBatchElements = 0, "*MaxBatchElements is 0*" },
        { o => o.MaxPadding = 1, "*MaxPadding is 1,*below 1*" },
        { o => o.MaxPadding = -0.1, "*MaxPadding is -0.1*" },
        { o => o.MaxPadding = double.NaN, "*MaxPadding is NaN*" },
        { o => o.AgeingBatches = -1, "*AgeingBatches is -1*" },
        { o => o.PreferredBatchSizes = [4, 65], "*PreferredBatchSizes has 65*" },
        { o => o.PreferredBatchSizes = null!, "*PreferredBatchSizes is null*" },
        { o => o.Pad("idz"), "*no input 'idz', only 'ids', 'mask'*" },
        { o => o.PadMask("mask", of: "ids"), "*'ids', which is not padded*Pad(\"ids\")*" },
        { o => o.Pad("ids").Pad("mask").PadMask("mask", of: "ids"), "*'mask' is a mask*do not call Pad*" },
        { o => o.Pad("ids", maxLength: 0), "*'ids'*maxLength 0*" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void Run_OptionsThatCannotWork_SaysWhich(Action<BatchingOptions> configure, string message)
    {
        using var model = new RecordingModel();

        Action run = () => Summing.Plain(model, configure);

        run.Should().Throw<ArgumentException>().WithMessage("The batching of model 'recording' cannot work: " + message);
    }

    [Fact]
    public void Run_SeveralFaults_AreToldAtOnce()
    {
        using var model = new RecordingModel();

        Action run = () => Summing.Plain(model, static o => (o.MaxBatchSize, o.MaxPadding, o.MaxQueueLength) = (0, 2, -1));

        run.Should().Throw<ArgumentException>().WithMessage("*MaxBatchSize*MaxQueueLength*MaxPadding*");
    }

    [Fact]
    public async Task Run_OptionsChangedLater_HaveNoEffect()
    {
        using var model = new RecordingModel { Gate = new SemaphoreSlim(0) };
        BatchingOptions? options = null;
        IPredictor<long[], Summed> predictor = Summing.Plain(model, o => (options = o).MaxBatchSize = 2);

        options!.MaxBatchSize = 1;
        options.PreferredBatchSizes.Add(1);

        await BatchFormingTests.RunBehind(model, [1, 2], i => predictor.PredictAsync([i]));
        model.Runs.Should().HaveCount(2);
    }

    [Fact]
    public void Run_NoArguments_NamesThem()
    {
        using var model = new RecordingModel();
        var builder = Predictor.For<long[]>().Preprocess(static (_, _) => { });

        ((Action)(() => builder.Run(null!))).Should().Throw<ArgumentNullException>().WithParameterName("model");
        ((Action)(() => builder.Run(model, (Action<BatchingOptions>)null!))).Should().Throw<ArgumentNullException>().WithParameterName("configure");
        ((Action)(() => new BatchingOptions().Pad(""))).Should().Throw<ArgumentException>().WithParameterName("input");
        ((Action)(() => new BatchingOptions().PadMask("mask", ""))).Should().Throw<ArgumentException>().WithParameterName("of");
    }
}
