using RealtimeInference.Core.Tests.Fakes;

namespace RealtimeInference.Core.Tests.Pipeline;

/// <summary>What is built is what was added, in that order, and nothing else.</summary>
public sealed class BuilderTests
{
    [Fact]
    public async Task Predict_EveryKindOfStage_RunsInTheOrderOfAdding()
    {
        using FakeModel model = FakeModel.Of(static x => x * 10);
        IPredictor<int, string> predictor = Predictor.For<int>()
            .Transform(static x => x + 1)
            .TransformAsync(static async (x, _, _) =>
            {
                await Task.Yield();
                return x * 2f;
            })
            .Model(model)
            .Then(new Halve())
            .Transform(static (x, _) => $"<{x}>")
            .Build();

        (await predictor.PredictAsync(4)).Should().Be("<50>");
    }

    [Fact]
    public async Task Predict_SharedBeginning_BothPipelinesKeepTheirOwnEnd()
    {
        PredictorBuilder<int, int> beginning = Predictor.For<int>()
            .Transform(static x => x + 1)
            .Validate(static x => x < 100, "too large");
        IPredictor<int, int> doubled = beginning.Transform(static x => x * 2).Build();
        IPredictor<int, int> strict = beginning.Validate(static x => x < 10, "larger than ten").Build();
        IPredictor<int, int> plain = beginning.Build();

        (await doubled.PredictAsync(20)).Should().Be(42);
        (await plain.PredictAsync(20)).Should().Be(21);
        await strict.Awaiting(p => p.PredictAsync(20).AsTask()).Should().ThrowAsync<InputValidationException>();
    }

    [Fact]
    public async Task Use_SharedBeginning_DecoratesOnlyItsOwnPipeline()
    {
        int decorated = 0;
        DecoratedBuilder<int, int> one = Predictor.For<int>().Transform(static x => x + 1).Use(inner => new Counting(inner, () => decorated++));
        DecoratedBuilder<int, int> two = one.Use(inner => new Counting(inner, () => decorated++));

        await one.Build().PredictAsync(1);
        decorated.Should().Be(1);

        await two.Build().PredictAsync(1);
        decorated.Should().Be(3);
    }

    [Fact]
    public async Task Predict_NamedStages_AppearInTheTimingsInOrder()
    {
        using FakeModel model = FakeModel.Of(static x => x);
        IPredictor<float, float> predictor = Predictor.For<float>()
            .Validate(static _ => true, "never")
            .Transform(static x => x)
            .Transform(static x => x, "scale")
            .Transform(static (x, _) => x, "seen")
            .TransformAsync(static (x, _, _) => ValueTask.FromResult(x), "look up")
            .Then(new Halve(), "halve")
            .Model(model)
            .Build();
        using PredictionContext context = PredictionContext.Rent();

        await predictor.PredictAsync(1, context, CancellationToken.None);

        Names(context).Should().Equal(
            StageNames.Validate, StageNames.Transform, "scale", "seen", "look up", "halve",
            StageNames.Preprocess, StageNames.Run, StageNames.Postprocess);
    }

    [Fact]
    public async Task Predict_NeighbouringValidations_AllFaultsInOrderInOneException()
    {
        IPredictor<int, int> predictor = Predictor.For<int>()
            .Validate(static x => x > 0, "must be positive", "Amount")
            .Validate(static (x, faults) =>
            {
                faults.Add("Unit", "is missing");
                faults.AddIf(x % 2 != 0, "Amount", "must be even");
                faults.AddIf(x > 0, "Amount", "never reported here");
            })
            .Validate(new NoZero())
            .Build();

        InputValidationException refused = (await predictor.Awaiting(p => p.PredictAsync(-1).AsTask())
            .Should().ThrowExactlyAsync<InputValidationException>()).Which;

        refused.Faults.Should().Equal(
            new InputFault("Amount", "must be positive"),
            new InputFault("Unit", "is missing"),
            new InputFault("Amount", "must be even"),
            new InputFault("", "is no good"));
        refused.Message.Should().Contain("4 faults")
            .And.Contain("Amount: must be positive; Unit: is missing; Amount: must be even; is no good");
    }

    [Fact]
    public async Task Predict_NeighbouringValidations_AreOneStage()
    {
        IPredictor<int, int> predictor = Predictor.For<int>()
            .Validate(static _ => true, "never")
            .Validate(static _ => true, "never")
            .Validate(new NoZero())
            .Build();
        using PredictionContext context = PredictionContext.Rent();

        await predictor.PredictAsync(1, context, CancellationToken.None);

        Names(context).Should().Equal(StageNames.Validate);
    }

    [Fact]
    public async Task Predict_ValidationBetweenTransforms_SeesTheValueBetween()
    {
        int reached = 0;
        IPredictor<int, int> predictor = Predictor.For<int>()
            .Validate(static x => x < 10, "input too large")
            .Transform(static x => x * 10)
            .Validate(static x => x < 50, "product too large", "Product")
            .Transform(x =>
            {
                reached++;
                return x + 1;
            })
            .Validate(static x => x != 41, "forty-one")
            .Build();

        (await predictor.PredictAsync(3)).Should().Be(31);
        (await FaultsOf(predictor, 5)).Should().Equal(new InputFault("Product", "product too large"));
        reached.Should().Be(1, "a refused value goes no further");
        (await FaultsOf(predictor, 4)).Should().Equal(new InputFault("", "forty-one"));
        (await FaultsOf(predictor, 10)).Should().Equal(new InputFault("", "input too large"));
    }

    [Fact]
    public async Task Predict_NoStages_AnswersTheInput()
    {
        object input = new();

        (await Predictor.For<object>().Build().PredictAsync(input)).Should().BeSameAs(input);
    }

    [Fact]
    public async Task Predict_TwoModels_TheSecondGetsWhatTheFirstGave()
    {
        using var first = new FakeModel(static x => [x[0] + 1]) { Name = "first", Version = "1" };
        using var second = new FakeModel(static x => [x[0] * 100]) { Name = "second", Version = "2" };
        IPredictor<float, float> predictor = Predictor.For<float>().Model(first).Transform(static x => x * 2).Model(second).Build();
        using PredictionContext context = PredictionContext.Rent();

        (await predictor.PredictAsync(1, context, CancellationToken.None)).Should().Be(400);

        context.ModelName.Should().Be("second");
        context.ModelVersion.Should().Be("2");
        (first.Runs, second.Runs).Should().Be((1, 1));
        (first.Returned, second.Returned).Should().Be((1, 1));
        Names(context).Should().Equal(
            StageNames.Preprocess, StageNames.Run, StageNames.Postprocess, StageNames.Transform,
            StageNames.Preprocess, StageNames.Run, StageNames.Postprocess);
    }

    private static string[] Names(PredictionContext context)
    {
        string[] names = new string[context.Timings.Length];
        for (int i = 0; i < names.Length; i++)
        {
            names[i] = context.Timings[i].Stage;
        }

        return names;
    }

    private static async Task<IReadOnlyList<InputFault>> FaultsOf(IPredictor<int, int> predictor, int input) =>
        (await predictor.Awaiting(p => p.PredictAsync(input).AsTask()).Should().ThrowAsync<InputValidationException>()).Which.Faults;

    private sealed class Halve : IStage<float, float>
    {
        public ValueTask<float> InvokeAsync(float input, PredictionContext context, CancellationToken cancellationToken) =>
            ValueTask.FromResult(input / 2);
    }

    private sealed class NoZero : IInputValidator<int>
    {
        public void Validate(int input, FaultCollector faults) => faults.AddIf(input <= 0, "", "is no good");
    }

    private sealed class Counting(IPredictor<int, int> inner, Action count) : DelegatingPredictor<int, int>(inner)
    {
        public override ValueTask<int> PredictAsync(int input, PredictionContext context, CancellationToken cancellationToken)
        {
            count();
            return base.PredictAsync(input, context, cancellationToken);
        }
    }
}
