using RealtimeInference.Core.Tests.Fakes;

namespace RealtimeInference.Core.Tests.Pipeline;

public sealed class BuilderTests
{
    [Fact]
    public async Task Stages_OfEveryKind_RunInOrderAndAreTimedByName()
    {
        using var model = new FakeModel();
        IPredictor<int, string> predictor = Predictor.For<int>()
            .Validate(static x => x > 0, "must be more than 0")
            .Transform(static x => x + 1, "increment")
            .TransformAsync(static (x, _, _) => ValueTask.FromResult(x * 10), "scale")
            .Then(new Half(), "half")
            .Preprocess(static (x, inputs) => inputs.Get<float>("x")[0] = x)
            .Run(model)
            .Postprocess(static (x, outputs) => (x, outputs.Get<float>("y")[0]))
            .Preprocess(static (pair, inputs) => inputs.Get<float>("x")[0] = pair.Item2)
            .Run(model)
            .Postprocess(static (_, outputs) => outputs.Get<float>("y")[0])
            .Transform(static (y, context) => $"{y} by {context.ModelName} {context.ModelVersion}")
            .Build();
        using PredictionContext context = PredictionContext.Rent();

        string answer = await predictor.PredictAsync(3, context, CancellationToken.None);

        answer.Should().Be("80 by fake 9");
        context.Timings.ToArray().Select(static t => t.Stage).Should().Equal(
            "validate", "increment", "scale", "half", "preprocess", "run", "postprocess", "preprocess", "run", "postprocess", "transform");
        (model.Rented, model.Returned).Should().Be((2, 2));
    }

    [Fact]
    public async Task Builder_SharedBeginning_IsNotChangedByItsContinuations()
    {
        PredictorBuilder<int, int> beginning = Predictor.For<int>().Transform(static x => x + 1);
        IPredictor<int, int> doubled = beginning.Validate(static x => x < 10, "too large").Transform(static x => x * 2).Build();
        IPredictor<int, int> negated = beginning.Transform(static x => -x).Build();

        (await doubled.PredictAsync(4)).Should().Be(10);
        (await negated.PredictAsync(40)).Should().Be(-41);
        (await beginning.Build().PredictAsync(1)).Should().Be(2);
    }

    [Fact]
    public async Task Build_NoStages_AnswersWithTheInput() => (await Predictor.For<string>().Build().PredictAsync("as it is")).Should().Be("as it is");

    [Fact]
    public async Task Validate_Neighbours_ReportAllFaultsTogetherInOrder()
    {
        IPredictor<int, int> predictor = Predictor.For<int>()
            .Validate(static x => x > 0, "first", "a")
            .Validate(static (_, faults) =>
            {
                faults.Add("b", "second");
                faults.AddIf(false, "c", "never");
            })
            .Validate(new Odd())
            .Transform(static x => x)
            .Validate(static _ => false, "after a transform: never reached")
            .Build();

        InputValidationException exception = (await predictor.Awaiting(p => p.PredictAsync(-2).AsTask()).Should().ThrowAsync<InputValidationException>()).Which;

        exception.Faults.Should().Equal(new InputFault("a", "first"), new InputFault("b", "second"), new InputFault("", "must be odd"));
        exception.Message.Should().Be("The input has 3 faults: a: first; b: second; must be odd");
    }

    [Fact]
    public async Task Validate_AfterATransform_SeesWhatItMade()
    {
        IPredictor<string, int> predictor = Predictor.For<string>().Transform(int.Parse).Validate(new Odd()).Build();

        (await predictor.PredictAsync("3")).Should().Be(3);
        await predictor.Awaiting(p => p.PredictAsync("4").AsTask()).Should().ThrowAsync<InputValidationException>();
    }

    [Fact]
    public void Build_WhatWouldDoNothing_IsNotInserted()
    {
        Predictor.For<int>().Build().Should().BeOfType<PipelinePredictor<int, int>>("no decorator was added");
        Predictor.For<int>().Transform(static x => x).Use(static inner => inner).Build().Should().BeOfType<PipelinePredictor<int, int>>();
        CountStages(Predictor.For<int>().Transform(static x => x).Build()).Should().Be(1);
        CountStages(Predictor.For<int>().Validate(static _ => true, "a").Validate(static _ => true, "b").Build()).Should().Be(1, "neighbours are one stage");
        CountStages(Predictor.For<int>().Transform(static x => x).Transform(static x => x).Build()).Should().Be(2);
    }

    [Fact]
    public void Methods_NoArgument_AreRefused()
    {
        PredictorBuilder<int, int> builder = Predictor.For<int>();
        FluentActions.Invoking(() => builder.Validate((Func<int, bool>)null!, "m")).Should().Throw<ArgumentNullException>();
        FluentActions.Invoking(() => builder.Validate((IInputValidator<int>)null!)).Should().Throw<ArgumentNullException>();
        FluentActions.Invoking(() => builder.Transform((Func<int, int>)null!)).Should().Throw<ArgumentNullException>();
        FluentActions.Invoking(() => builder.Then<int>(null!)).Should().Throw<ArgumentNullException>();
        FluentActions.Invoking(() => builder.Preprocess((IInputEncoder<int>)null!)).Should().Throw<ArgumentNullException>();
        FluentActions.Invoking(() => builder.Preprocess(static (_, _) => { }).Run(null!)).Should().Throw<ArgumentNullException>();
        FluentActions.Invoking(() => builder.Use(null!)).Should().Throw<ArgumentNullException>();
        FluentActions.Invoking(() => builder.Use(static _ => null!).Build()).Should().Throw<InvalidOperationException>().WithMessage("*returned no predictor*");
    }

    // Walks the pairs that the chain is made of, by the stages that it was given.
    private static int CountStages(object predictor) => Count(Fields(predictor).Single(IsStage));

    private static int Count(object stage) =>
        stage.GetType().Name.StartsWith("StageChain", StringComparison.Ordinal) ? Fields(stage).Where(IsStage).Sum(Count) : 1;

    private static bool IsStage(object value) => value.GetType().GetInterfaces().Any(static i => i.Name.StartsWith("IStage", StringComparison.Ordinal));

    private static IEnumerable<object> Fields(object value) => value.GetType()
        .GetFields(System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.NonPublic).Select(f => f.GetValue(value)).OfType<object>();

    private sealed class Half : IStage<int, int>
    {
        public ValueTask<int> InvokeAsync(int input, PredictionContext context, CancellationToken cancellationToken) => new(input / 2);
    }

    private sealed class Odd : IInputValidator<int>
    {
        public void Validate(int input, FaultCollector faults) => faults.AddIf(input % 2 == 0, "", "must be odd");
    }
}
