using RealtimeInference.Core.Tests.Testing;

namespace RealtimeInference.Core.Tests.Onnx;

public sealed class CancellationTests
{
    [Fact]
    public async Task PredictAsync_CancelledBefore_CostsNoRun()
    {
        using OnnxModel model = TestModels.Load("slow.onnx", static o => o.WarmUpRuns = 0);
        int encoded = 0;
        IPredictor<long, float> predictor = Build(model, _ => encoded++);
        using var source = new CancellationTokenSource();
        await source.CancelAsync();

        Task<float> task = predictor.PredictAsync(1, source.Token).AsTask();

        task.IsCanceled.Should().BeTrue();
        (await task.Invoking(t => t).Should().ThrowAsync<OperationCanceledException>()).Which.CancellationToken.Should().Be(source.Token);
        encoded.Should().Be(0);
    }

    [Fact]
    public async Task PredictAsync_CancelledDuringTheRun_EndsAndLeavesTheModelWhole()
    {
        using OnnxModel model = TestModels.Load("slow.onnx", static o => o.WarmUpRuns = 0);
        var encoded = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        IPredictor<long, float> predictor = Build(model, _ => encoded.TrySetResult());
        using var source = new CancellationTokenSource();

        // Hours of work: it ends in time only if it is terminated.
        Task<float> task = Task.Run(async () => await predictor.PredictAsync(100_000_000, source.Token));
        await encoded.Task;
        await source.CancelAsync();

        (await task.Awaiting(t => t).Should().ThrowAsync<OperationCanceledException>()).Which.CancellationToken.Should().Be(source.Token);

        // The same runner again, without and with a token: the flag that ended the run is gone.
        float.IsFinite(await predictor.PredictAsync(1)).Should().BeTrue();
        using var other = new CancellationTokenSource();
        float.IsFinite(await predictor.PredictAsync(1, other.Token)).Should().BeTrue();
        await other.CancelAsync();
        float.IsFinite(await predictor.PredictAsync(1)).Should().BeTrue();
    }

    [Fact]
    public async Task LoadAsync_Cancelled_IsCancelled()
    {
        await FluentActions.Awaiting(() => OnnxModel.LoadAsync(TestModels.Path("slow.onnx"), null, new CancellationToken(canceled: true)))
            .Should().ThrowAsync<OperationCanceledException>();
    }

    private static IPredictor<long, float> Build(OnnxModel model, Action<long> onEncode) => Predictor.For<long>()
        .Preprocess((steps, inputs) =>
        {
            inputs.Get<long>("steps")[0] = steps;
            onEncode(steps);
        })
        .Run(model)
        .Postprocess((_, outputs) => outputs.Get<float>("y")[0])
        .Build();
}
