using Microsoft.Extensions.Time.Testing;
using RealtimeInference.Core.Tests.Fakes;

namespace RealtimeInference.Core.Tests.Pipeline;

/// <summary>A prediction that is given up, or comes too late, ends as such and leaves no runner out.</summary>
public sealed class CancellationTests
{
    [Fact]
    public async Task Predict_CancelledToken_IsCanceledWithTheCallersToken()
    {
        using FakeModel model = FakeModel.Of(static x => x);
        IPredictor<float, float> predictor = Predictor.For<float>().Model(model).Build();
        using var source = new CancellationTokenSource();
        await source.CancelAsync();

        ValueTask<float> task = predictor.PredictAsync(1, source.Token);

        task.IsCanceled.Should().BeTrue();
        (await FluentActions.Awaiting(() => task.AsTask()).Should().ThrowAsync<OperationCanceledException>())
            .Which.CancellationToken.Should().Be(source.Token);
        model.Rented.Should().Be(0);
    }

    [Fact]
    public async Task Predict_CancelledTokenAndOwnContext_IsCanceledWithTheCallersToken()
    {
        using FakeModel model = FakeModel.Of(static x => x);
        IPredictor<float, float> predictor = Predictor.For<float>().Model(model).Build();
        using var source = new CancellationTokenSource();
        using PredictionContext context = PredictionContext.Rent();
        await source.CancelAsync();

        Task<float> task = predictor.PredictAsync(1, context, source.Token).AsTask();

        task.IsCanceled.Should().BeTrue();
        (await FluentActions.Awaiting(() => task).Should().ThrowAsync<OperationCanceledException>())
            .Which.CancellationToken.Should().Be(source.Token);
        model.Rented.Should().Be(0);
    }

    [Fact]
    public async Task Predict_CancelledWhileTheModelRuns_IsCanceledAndTheRunnerGoesBack()
    {
        using FakeModel model = FakeModel.Of(static x => x);
        model.Gate = new TaskCompletionSource();
        IPredictor<float, float> predictor = Predictor.For<float>().Model(model).Transform(static x => x).Build();
        using var source = new CancellationTokenSource();

        Task<float> task = predictor.PredictAsync(1, source.Token).AsTask();
        task.IsCompleted.Should().BeFalse();
        await source.CancelAsync();

        (await FluentActions.Awaiting(() => task).Should().ThrowAsync<OperationCanceledException>())
            .Which.CancellationToken.Should().Be(source.Token);
        task.IsCanceled.Should().BeTrue();
        (model.Rented, model.Returned).Should().Be((1, 1));

        model.Gate = null;
        (await predictor.PredictAsync(3)).Should().Be(3);
    }

    [Fact]
    public async Task Predict_CancelledByAStageBeforeTheModel_RentsNoRunner()
    {
        using FakeModel model = FakeModel.Of(static x => x);
        using var source = new CancellationTokenSource();
        IPredictor<float, float> predictor = Predictor.For<float>()
            .Transform(x =>
            {
                source.Cancel();
                return x;
            })
            .Model(model)
            .Build();

        ValueTask<float> task = predictor.PredictAsync(1, source.Token);

        task.IsCanceled.Should().BeTrue();
        await FluentActions.Awaiting(() => task.AsTask()).Should().ThrowAsync<OperationCanceledException>();
        model.Rented.Should().Be(0);
    }

    [Fact]
    public async Task Predict_StageWithATokenOfItsOwn_KeepsThatToken()
    {
        using var own = new CancellationTokenSource();
        using var callers = new CancellationTokenSource();
        await own.CancelAsync();
        IPredictor<int, int> predictor = Predictor.For<int>()
            .Transform((x, _) =>
            {
                own.Token.ThrowIfCancellationRequested();
                return x;
            })
            .Build();

        (await predictor.Awaiting(p => p.PredictAsync(1, callers.Token).AsTask()).Should().ThrowAsync<OperationCanceledException>())
            .Which.CancellationToken.Should().Be(own.Token);
    }

    [Fact]
    public async Task Predict_DeadlinePassed_IsRefusedBeforeARunnerIsRented()
    {
        var clock = new FakeTimeProvider();
        using FakeModel model = FakeModel.Of(static x => x);
        IPredictor<float, float> predictor = Predictor.For<float>()
            .Transform(x =>
            {
                clock.Advance(TimeSpan.FromMilliseconds(30));
                return x;
            })
            .Model(model)
            .Build(new PredictorOptions { TimeProvider = clock });
        using PredictionContext late = PredictionContext.Rent(clock);
        late.SetDeadline(TimeSpan.FromMilliseconds(10));

        ValueTask<float> task = predictor.PredictAsync(1, late, CancellationToken.None);

        task.IsFaulted.Should().BeTrue();
        (await FluentActions.Awaiting(() => task.AsTask()).Should().ThrowExactlyAsync<DeadlineExceededException>())
            .Which.Overdue.Should().Be(TimeSpan.FromMilliseconds(20));
        model.Rented.Should().Be(0);
    }

    [Fact]
    public async Task Predict_DeadlineReachedButNotPassed_Runs()
    {
        var clock = new FakeTimeProvider();
        using FakeModel model = FakeModel.Of(static x => x);
        IPredictor<float, float> predictor = Predictor.For<float>().Model(model).Build();
        using PredictionContext context = PredictionContext.Rent(clock);
        context.SetDeadline(TimeSpan.FromMilliseconds(10));
        clock.Advance(TimeSpan.FromMilliseconds(10));

        (await predictor.PredictAsync(5, context, CancellationToken.None)).Should().Be(5);

        clock.Advance(TimeSpan.FromTicks(1));
        await predictor.Awaiting(p => p.PredictAsync(5, context, CancellationToken.None).AsTask())
            .Should().ThrowAsync<DeadlineExceededException>();
        model.Rented.Should().Be(1);
    }

    [Fact]
    public async Task Predict_DeadlineSetByADecorator_HoldsForThePipelineAndNotForTheNextPrediction()
    {
        var clock = new FakeTimeProvider();
        using FakeModel model = FakeModel.Of(static x => x);
        TimeSpan cost = TimeSpan.FromSeconds(2);
        IPredictor<float, float> predictor = Predictor.For<float>()
            .Transform(x =>
            {
                clock.Advance(cost);
                return x;
            })
            .Model(model)
            .Use(static inner => new OneSecond(inner))
            .Build(new PredictorOptions { TimeProvider = clock });

        await predictor.Awaiting(p => p.PredictAsync(1).AsTask()).Should().ThrowAsync<DeadlineExceededException>();

        cost = TimeSpan.FromMilliseconds(1);
        (await predictor.PredictAsync(1)).Should().Be(1);
        model.Rented.Should().Be(1);
    }

    private sealed class OneSecond(IPredictor<float, float> inner) : DelegatingPredictor<float, float>(inner)
    {
        public override ValueTask<float> PredictAsync(float input, PredictionContext context, CancellationToken cancellationToken)
        {
            context.SetDeadline(TimeSpan.FromSeconds(1));
            return Inner.PredictAsync(input, context, cancellationToken);
        }
    }
}
