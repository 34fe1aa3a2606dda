using RealtimeInference.Core.Tests.Testing;

namespace RealtimeInference.Core.Tests.Onnx;

/// <summary>Cancelling and disposing, seen from a runner.</summary>
public sealed class RunnerLifeTests
{
    [Fact]
    public async Task RunAsync_CancelledAtAnyMoment_TheSameRunnerGoesOn()
    {
        using OnnxModel model = TestModels.Load("slow.onnx", static o => o.WarmUpRuns = 0);
        using ModelRunner runner = model.Rent();
        for (int i = 0; i < 20; i++)
        {
            // Each time the cancelling meets the run elsewhere: before it, at its start, or inside.
            using var source = new CancellationTokenSource();
            runner.GetInputs().Set<long>("steps", [1_000_000_000]);
            Task run = Task.Run(() => runner.RunAsync(source.Token).AsTask());
            Thread.SpinWait(i * i * 1000);
            await source.CancelAsync();

            (await run.Awaiting(static r => r).Should().ThrowAsync<OperationCanceledException>()).Which.CancellationToken.Should().Be(source.Token);

            runner.GetInputs().Set<long>("steps", [2]);
            await runner.RunAsync();
            runner.GetOutputs().Get<float>("y")[0].Should().Be(1);
        }

        model.RunnerCount.Should().Be(1);
    }

    [Fact]
    public async Task RunAsync_CancelledAfterTheRun_ChangesNothing()
    {
        using OnnxModel model = TestModels.Load("slow.onnx", static o => o.WarmUpRuns = 0);
        using ModelRunner runner = model.Rent();
        using var source = new CancellationTokenSource();
        runner.GetInputs().Set<long>("steps", [1]);
        await runner.RunAsync(source.Token);
        await source.CancelAsync();

        runner.GetOutputs().Get<float>("y")[0].Should().Be(1);
        await runner.RunAsync();
        runner.GetOutputs().Get<float>("y")[0].Should().Be(1);
    }

    [Fact]
    public async Task DisposeAsync_SecondCall_WaitsForTheFirst()
    {
        OnnxModel model = TestModels.Load("static_shape.onnx");
        ModelRunner runner = model.Rent();
        Task first = model.DisposeAsync().AsTask();
        Task second = model.DisposeAsync().AsTask();

        (first.IsCompleted || second.IsCompleted).Should().BeFalse();
        runner.Dispose();
        await first;
        await second;

        model.RunnerCount.Should().Be(0);
    }

    [Fact]
    public void Rent_AfterDispose_IsRefusedEachTimeAndLeavesNoRunner()
    {
        OnnxModel model = TestModels.Load("static_shape.onnx");
        model.Dispose();

        for (int i = 0; i < 3; i++)
        {
            model.Invoking(static m => m.Rent()).Should().Throw<ObjectDisposedException>().WithMessage("*'static_shape' is disposed*");
        }

        model.RunnerCount.Should().Be(0);
        model.Signature.Inputs.Should().ContainSingle("what describes the model outlives it");
    }
}
