using RealtimeInference.Core.Tests.Fakes;

namespace RealtimeInference.Core.Tests.Pipeline;

/// <summary>Errors come out of the awaited task, as they are, and leave the pipeline fit for the next prediction.</summary>
public sealed class ErrorTests
{
    public static TheoryData<string> Places => ["validator", "stage", "async stage", "late stage", "encoder", "run", "late run", "decoder"];

    [Fact]
    public async Task Predict_StagesThatNeedNotWait_CompletesAtOnce()
    {
        using FakeModel model = FakeModel.Of(static x => x + 1);
        IPredictor<float, float> predictor = Predictor.For<float>()
            .Validate(static _ => true, "never")
            .Model(model)
            .TransformAsync(static (x, _, _) => ValueTask.FromResult(x))
            .Build();

        ValueTask<float> task = predictor.PredictAsync(1);

        task.IsCompletedSuccessfully.Should().BeTrue();
        (await task).Should().Be(2);
    }

    [Fact]
    public async Task Predict_ModelThatMustWait_CompletesWithIt()
    {
        using FakeModel model = FakeModel.Of(static x => x + 1);
        model.Gate = new TaskCompletionSource();
        IPredictor<float, float> predictor = Predictor.For<float>().Model(model).Transform(static x => x * 2).Build();

        ValueTask<float> task = predictor.PredictAsync(1);

        task.IsCompleted.Should().BeFalse();
        (model.Rented, model.Returned).Should().Be((1, 0), "the runner is out as long as it runs");

        model.Gate.SetResult();

        (await task).Should().Be(4);
        model.Returned.Should().Be(1);
    }

    [Fact]
    public async Task Predict_StagesThatMustWait_StillRunOneAfterTheOther()
    {
        TaskCompletionSource<int> first = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource<int> second = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource secondBegan = new(TaskCreationOptions.RunContinuationsAsynchronously);
        IPredictor<int, int> predictor = Predictor.For<int>()
            .TransformAsync(async (x, _, _) => x + await first.Task)
            .TransformAsync(async (x, _, _) =>
            {
                secondBegan.SetResult();
                return x * await second.Task;
            })
            .Transform(static x => -x)
            .Build();

        ValueTask<int> task = predictor.PredictAsync(1);
        secondBegan.Task.IsCompleted.Should().BeFalse();

        first.SetResult(2);
        await secondBegan.Task;
        second.SetResult(10);

        (await task).Should().Be(-30);
    }

    [Theory]
    [MemberData(nameof(Places))]
    public async Task Predict_ErrorSomewhere_ComesUnwrappedWhenAwaitedAndTheNextPredictionWorks(string place)
    {
        var error = new FormatException($"a fault of the {place}");
        bool fails = true;
        using FakeModel model = FakeModel.Of(x => Check(x, "run") + 1);
        if (place == "late run")
        {
            model.Gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            model.Gate.SetResult();
        }

        IPredictor<float, float> predictor = Predictor.For<float>()
            .Validate((x, _) => Check(x, "validator"))
            .Transform(x => Check(x, "stage"))
            .TransformAsync((x, _, _) => ValueTask.FromResult(Check(x, "async stage")))
            .TransformAsync(async (x, _, _) =>
            {
                await Task.Yield();
                return Check(x, "late stage");
            })
            .Preprocess((x, tensors) => tensors.Get<float>("x")[0] = Check(x, "encoder"))
            .Run(model)
            .Postprocess((x, tensors) => Check(x, "decoder") + tensors.Get<float>("y")[0])
            .Build();

        // Not in the call: a caller who starts several predictions must get all their tasks.
        ValueTask<float> task = predictor.PredictAsync(1);
        (await FluentActions.Awaiting(() => task.AsTask()).Should().ThrowAsync<FormatException>()).Which.Should().BeSameAs(error);
        model.Returned.Should().Be(model.Rented);

        fails = false;

        (await predictor.PredictAsync(1)).Should().Be(3);
        model.Returned.Should().Be(model.Rented).And.BePositive();

        float Check(float value, string here) =>
            fails && (place == here || (place == "late run" && here == "run")) ? throw error : value;
    }

    [Fact]
    public async Task Predict_GateThatFails_TheErrorComesUnwrappedAndTheRunnerGoesBack()
    {
        var error = new FormatException("a fault of the runtime");
        using FakeModel model = FakeModel.Of(static x => x);
        model.Gate = new TaskCompletionSource();
        IPredictor<float, float> predictor = Predictor.For<float>().Model(model).Build();

        ValueTask<float> task = predictor.PredictAsync(1);
        model.Gate.SetException(error);

        (await FluentActions.Awaiting(() => task.AsTask()).Should().ThrowAsync<FormatException>()).Which.Should().BeSameAs(error);
        model.Returned.Should().Be(1);
    }

    [Fact]
    public async Task Predict_EncoderThatWritesNothing_IsAMismatchAndTheRunnerGoesBack()
    {
        using FakeModel model = FakeModel.Of(static x => x);
        IPredictor<float, float> predictor = Predictor.For<float>()
            .Preprocess(static (_, _) => { })
            .Run(model)
            .Postprocess(static (_, tensors) => tensors.Get<float>("y")[0])
            .Build();

        (await predictor.Awaiting(p => p.PredictAsync(1).AsTask()).Should().ThrowAsync<TensorMismatchException>())
            .WithMessage("*wrote nothing to 'x: *'*");
        (model.Rented, model.Returned, model.Runs).Should().Be((1, 1, 0));
    }
}
