using Microsoft.Extensions.Time.Testing;
using RealtimeInference.Core.Tests.Fakes;

namespace RealtimeInference.Core.Tests.Pipeline;

/// <summary>Where errors come out, and that nothing is lost with them.</summary>
public sealed class ErrorTests
{
    [Fact]
    public async Task PredictAsync_SynchronousStages_CompletesAtOnce()
    {
        using var model = new FakeModel();
        ValueTask<float> task = Build(model).PredictAsync(21);

        task.IsCompletedSuccessfully.Should().BeTrue();
        (await task).Should().Be(42);
    }

    [Fact]
    public async Task PredictAsync_ModelThatWaits_CompletesWithIt()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var model = new FakeModel { Wait = () => gate.Task };
        Task<float> task = Build(model).PredictAsync(21).AsTask();

        task.IsCompleted.Should().BeFalse();
        model.Returned.Should().Be(0);
        gate.SetResult();
        (await task).Should().Be(42);
        model.Returned.Should().Be(1);
    }

    [Theory]
    [InlineData("validator")]
    [InlineData("stage")]
    [InlineData("asynchronous stage")]
    [InlineData("encoder")]
    [InlineData("run")]
    [InlineData("asynchronous run")]
    [InlineData("decoder")]
    public async Task PredictAsync_SomethingThrows_SurfacesAsItIsWhenAwaited(string where)
    {
        using var model = new FakeModel();
        if (where == "run")
        {
            model.Wait = static () => Task.FromException(new FormatException("run"));
        }
        else if (where == "asynchronous run")
        {
            model.Wait = static async () =>
            {
                await Task.Yield();
                throw new FormatException("asynchronous run");
            };
        }

        IPredictor<float, float> predictor = Predictor.For<float>()
            .Validate((_, _) => ThrowIf("validator"))
            .Transform(x =>
            {
                ThrowIf("stage");
                return x;
            })
            .TransformAsync(async (x, _, _) =>
            {
                await Task.Yield();
                ThrowIf("asynchronous stage");
                return x;
            })
            .Preprocess((x, inputs) =>
            {
                ThrowIf("encoder");
                inputs.Get<float>("x")[0] = x;
            })
            .Run(model)
            .Postprocess((_, outputs) =>
            {
                ThrowIf("decoder");
                return outputs.Get<float>("y")[0];
            })
            .Build();

        ValueTask<float> task = predictor.PredictAsync(1);

        (await task.AsTask().Awaiting(static t => t).Should().ThrowAsync<FormatException>()).WithMessage(where);
        model.Returned.Should().Be(model.Rented);
        where = "nowhere";
        model.Wait = static () => Task.CompletedTask;
        (await predictor.PredictAsync(2)).Should().Be(4);

        void ThrowIf(string place)
        {
            if (where == place)
            {
                throw new FormatException(place);
            }
        }
    }

    [Fact]
    public async Task PredictAsync_CancelledBefore_RentsNothing()
    {
        using var model = new FakeModel();
        var token = new CancellationToken(canceled: true);
        Task<float> task = Build(model).PredictAsync(1, token).AsTask();

        task.IsCanceled.Should().BeTrue();
        (await task.Awaiting(static t => t).Should().ThrowAsync<OperationCanceledException>()).Which.CancellationToken.Should().Be(token);
        model.Rented.Should().Be(0);
    }

    [Fact]
    public async Task PredictAsync_CancelledWhileTheModelWaits_GivesTheRunnerBack()
    {
        using var model = new FakeModel { Wait = static () => new TaskCompletionSource().Task };
        using var source = new CancellationTokenSource();
        Task<float> task = Build(model).PredictAsync(1, source.Token).AsTask();
        await source.CancelAsync();

        await task.Awaiting(static t => t).Should().ThrowAsync<OperationCanceledException>();
        model.Returned.Should().Be(1);
    }

    [Fact]
    public async Task PredictAsync_DeadlinePassed_CostsNoRun()
    {
        using var model = new FakeModel();
        var clock = new FakeTimeProvider();
        IPredictor<float, float> predictor = Predictor.For<float>()
            .Transform(x =>
            {
                clock.Advance(TimeSpan.FromMilliseconds(60));
                return x;
            })
            .Preprocess(static (x, inputs) => inputs.Get<float>("x")[0] = x)
            .Run(model)
            .Postprocess(static (_, outputs) => outputs.Get<float>("y")[0])
            .Build();
        using PredictionContext context = PredictionContext.Rent(clock);
        context.SetDeadline(TimeSpan.FromMilliseconds(50));

        DeadlineExceededException exception = (await predictor.Awaiting(p => p.PredictAsync(1, context, CancellationToken.None).AsTask())
            .Should().ThrowAsync<DeadlineExceededException>()).Which;

        exception.Overdue.Should().Be(TimeSpan.FromMilliseconds(10));
        model.Rented.Should().Be(0);
    }

    private static IPredictor<float, float> Build(FakeModel model) => Predictor.For<float>()
        .Preprocess(static (x, inputs) => inputs.Get<float>("x")[0] = x)
        .Run(model)
        .Postprocess(static (_, outputs) => outputs.Get<float>("y")[0])
        .Build();
}
