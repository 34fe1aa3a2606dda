using Microsoft.Extensions.Logging;
using RealtimeInference.Core.Tests.Testing;

namespace RealtimeInference.Core.Tests.Onnx;

/// <summary>Cancelling and disposing, seen from a runner.</summary>
public sealed class RunnerLifeTests
{
    [Fact]
    public async Task RunAsync_CancelledInTheMiddle_EndsWithTheTokenAndTheSameRunnerGoesOn()
    {
        using var source = new CancellationTokenSource();
        bool isArmed = false;
        int cancelled = 0;

        // ONNX Runtime calls the logger between the two nodes of the graph, on the thread of the run.
        using var log = new ActingLoggerFactory(message =>
        {
            if (isArmed && message.Contains("Expected shape from model", StringComparison.Ordinal))
            {
                cancelled++;
                source.Cancel();
            }
        });
        using OnnxModel model = OnnxModel.Load(HandmadeModels.WarnsHalfWay, new OnnxModelOptions
        {
            LoggerFactory = log,
            GraphOptimization = GraphOptimization.None,
        });
        using ModelRunner runner = model.Rent();
        runner.GetInputs().Set<float>("x", [1, 2], 2);
        await runner.RunAsync(source.Token);
        runner.GetOutputs().Get<float>("z").ToArray().Should().Equal(1, 2);

        isArmed = true;
        (await runner.Awaiting(r => r.RunAsync(source.Token).AsTask()).Should().ThrowAsync<OperationCanceledException>())
            .Which.CancellationToken.Should().Be(source.Token);
        cancelled.Should().Be(1, "the run was under way");

        isArmed = false;
        await runner.RunAsync();
        runner.GetOutputs().Get<float>("z").ToArray().Should().Equal(1, 2);
        runner.GetOutputs().Get<float>("y").ToArray().Should().Equal(-1, -2);
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

    private sealed class ActingLoggerFactory(Action<string> act) : ILoggerFactory, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            act(formatter(state, exception));

        public void Dispose()
        {
        }
    }
}
