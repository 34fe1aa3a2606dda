using Microsoft.Extensions.Time.Testing;
using RealtimeInference.Core.Tests.Fakes;

namespace RealtimeInference.Core.Tests.Pipeline;

/// <summary>Stages are timed exactly where somebody can read it.</summary>
public sealed class TimingTests
{
    private readonly CountingClock _clock = new();

    [Fact]
    public async Task Predict_ContextOfTheCaller_HasTheExactTimes()
    {
        using FakeModel model = new(x =>
        {
            _clock.Advance(TimeSpan.FromMilliseconds(30));
            return x;
        });
        IPredictor<float, float> predictor = Predictor.For<float>()
            .Validate(Spend<float>(1), "never")
            .Transform(x => Spend<float>(2)(x) ? x : 0, "scale")
            .Preprocess((x, tensors) => tensors.Get<float>("x")[0] = Spend<float>(20)(x) ? x : 0)
            .Run(model)
            .Postprocess((x, tensors) => Spend<float>(40)(x) ? tensors.Get<float>("y")[0] : 0)
            .TransformAsync(async (x, _, _) =>
            {
                await Task.Yield();
                return Spend<float>(50)(x) ? x : 0;
            })
            .Build();
        using PredictionContext context = PredictionContext.Rent(_clock);

        await predictor.PredictAsync(1, context, CancellationToken.None);

        Times(context).Should().Equal(
            "validate 1", "scale 2", "preprocess 20", "run 30", "postprocess 40", "transform 50");
    }

    [Fact]
    public async Task Predict_ModelThatWaits_TheWaitCountsAsItsRun()
    {
        using FakeModel model = FakeModel.Of(static x => x);
        model.Gate = new TaskCompletionSource();
        IPredictor<float, float> predictor = Predictor.For<float>().Model(model).Build();
        using PredictionContext context = PredictionContext.Rent(_clock);

        ValueTask<float> task = predictor.PredictAsync(1, context, CancellationToken.None);
        _clock.Advance(TimeSpan.FromMilliseconds(70));
        model.Gate.SetResult();
        await task;

        Times(context).Should().Equal("preprocess 0", "run 70", "postprocess 0");
    }

    [Fact]
    public async Task Predict_StageThatThrows_TheStagesBeforeItAreTimed()
    {
        IPredictor<int, int> predictor = Predictor.For<int>()
            .Transform(x => Spend<int>(5)(x) ? x : 0, "before")
            .Transform<int>(static _ => throw new FormatException(), "broken")
            .Build();
        using PredictionContext context = PredictionContext.Rent(_clock);

        await FluentActions.Awaiting(() => predictor.PredictAsync(1, context, CancellationToken.None).AsTask())
            .Should().ThrowAsync<FormatException>();

        Times(context).Should().Equal("before 5");
    }

    [Fact]
    public async Task Predict_RefusedInput_TheValidationIsTimed()
    {
        IPredictor<int, int> predictor = Predictor.For<int>().Validate((x, faults) => faults.AddIf(Spend<int>(4)(x), "", "never valid")).Build();
        using PredictionContext context = PredictionContext.Rent(_clock);

        await FluentActions.Awaiting(() => predictor.PredictAsync(1, context, CancellationToken.None).AsTask())
            .Should().ThrowAsync<InputValidationException>();

        Times(context).Should().Equal("validate 4");
    }

    [Fact]
    public async Task Predict_Decorator_SeesTheTimesOfThePipeline()
    {
        string[] seen = [];
        IPredictor<int, int> predictor = Predictor.For<int>()
            .Transform(x => Spend<int>(5)(x) ? x : 0)
            .Use(inner => new Reading(inner, times => seen = times))
            .Build(new PredictorOptions { TimeProvider = _clock });

        await predictor.PredictAsync(1);

        seen.Should().Equal("transform 5");
    }

    [Fact]
    public async Task Predict_StageThatGetsTheContext_SeesTheTimesBeforeIt()
    {
        string[] sync = [];
        string[] async = [];
        PredictorBuilder<int, int> beginning = Predictor.For<int>().Transform(x => Spend<int>(6)(x) ? x : 0);
        var options = new PredictorOptions { TimeProvider = _clock };

        await beginning.Transform((x, context) => Read(x, context, ref sync)).Build(options).PredictAsync(1);
        await beginning.TransformAsync((x, context, _) => ValueTask.FromResult(Read(x, context, ref async))).Build(options).PredictAsync(1);

        sync.Should().Equal("transform 6");
        async.Should().Equal("transform 6");
    }

    [Fact]
    public async Task Predict_ContextStageFollowedByPlainStages_StillSeesTheTimes()
    {
        string[] seen = [];
        using FakeModel model = FakeModel.Of(static x => x);
        IPredictor<float, float> predictor = Predictor.For<float>()
            .Transform(x => Spend<float>(6)(x) ? x : 0)
            .Transform((x, context) =>
            {
                seen = Times(context);
                return x;
            })
            .Validate(static _ => true, "never")
            .Model(model)
            .Transform(static x => x)
            .Build(new PredictorOptions { TimeProvider = _clock });

        await predictor.PredictAsync(1);

        seen.Should().Equal("transform 6");
    }

    [Fact]
    public async Task Predict_NobodyToRead_TheClockIsNeverAsked()
    {
        using FakeModel model = FakeModel.Of(static x => x);
        IPredictor<float, float> predictor = Predictor.For<float>()
            .Validate(static _ => true, "never")
            .Model(model)
            .Transform(static x => x)
            .Build(new PredictorOptions { TimeProvider = _clock });

        await predictor.PredictAsync(1);

        _clock.Reads.Should().Be(0);

        using PredictionContext context = PredictionContext.Rent(_clock);
        await predictor.PredictAsync(1, context, CancellationToken.None);

        _clock.Reads.Should().Be(1 + 5, "the beginning and the end of every stage");
    }

    private static int Read(int value, PredictionContext context, ref string[] times)
    {
        times = Times(context);
        return value;
    }

    private static string[] Times(PredictionContext context) =>
        [.. context.Timings.ToArray().Select(static t => FormattableString.Invariant($"{t.Stage} {t.Elapsed.TotalMilliseconds}"))];

    private Func<T, bool> Spend<T>(int milliseconds) => _ =>
    {
        _clock.Advance(TimeSpan.FromMilliseconds(milliseconds));
        return true;
    };

    private sealed class CountingClock : FakeTimeProvider
    {
        public int Reads { get; private set; }

        public override long GetTimestamp()
        {
            Reads++;
            return base.GetTimestamp();
        }
    }

    private sealed class Reading(IPredictor<int, int> inner, Action<string[]> read) : DelegatingPredictor<int, int>(inner)
    {
        public override async ValueTask<int> PredictAsync(int input, PredictionContext context, CancellationToken cancellationToken)
        {
            int output = await Inner.PredictAsync(input, context, cancellationToken);
            read(Times(context));
            return output;
        }
    }
}
