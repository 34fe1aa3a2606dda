using RealtimeInference.Core.Tests.Testing;

namespace RealtimeInference.Core.Tests.Onnx;

public sealed class DisposalTests
{
    [Fact]
    public async Task DisposeAsync_RunnerOut_WaitsForIt()
    {
        OnnxModel model = TestModels.Load("identity_float.onnx");
        ModelRunner runner = model.Rent();
        Task disposal = model.DisposeAsync().AsTask();

        disposal.IsCompleted.Should().BeFalse();
        model.Invoking(m => m.Rent()).Should().Throw<ObjectDisposedException>().WithMessage("*identity_float*");
        runner.GetInputs().Get<float>("x").Fill(5);
        await runner.RunAsync();
        runner.GetOutputs().Get<float>("y")[0].Should().Be(5, "a run under way ends as if nothing had happened");
        disposal.IsCompleted.Should().BeFalse();

        runner.Dispose();
        await disposal;
    }

    [Fact]
    public async Task Dispose_Twice_IsHarmless()
    {
        OnnxModel model = TestModels.Load("identity_float.onnx");
        model.Dispose();
        model.Dispose();
        await model.DisposeAsync();
    }

    [Fact]
    public void Return_MoreThanAreKept_DestroysTheRest()
    {
        using OnnxModel model = TestModels.Load("identity_float.onnx", static o => o.MaxIdleRunners = 3);
        ModelRunner[] first = [.. Enumerable.Range(0, 10).Select(_ => model.Rent())];
        Array.ForEach(first, static r => r.Dispose());

        ModelRunner[] second = [.. Enumerable.Range(0, 10).Select(_ => model.Rent())];

        second.Count(first.Contains).Should().Be(3);
        Array.ForEach(second, static r => r.Dispose());
    }
}
