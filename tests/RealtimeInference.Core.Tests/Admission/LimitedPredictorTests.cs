using Microsoft.Extensions.Time.Testing;
using RealtimeInference.Core.Tests.Fakes;
using RealtimeInference.Core.Tests.Pipeline;

namespace RealtimeInference.Core.Tests.Admission;

/// <summary>A limit around a predictor: what is admitted passes through unchanged, the rest is refused at once.</summary>
public sealed class LimitedPredictorTests
{
    [Fact]
    public async Task Predict_BelowTheLimit_Passes()
    {
        using FakeModel model = FakeModel.Of(static x => x * 2);
        IPredictor<float, float> predictor = Predictor.For<float>().Model(model).LimitConcurrency().Build();

        (await predictor.PredictAsync(21)).Should().Be(42);

        ConcurrencyLimit limit = LimitOf(predictor);
        (limit.Limit, limit.InFlight, limit.Rejected).Should().Be((20, 0, 0));
    }

    [Fact]
    public async Task Predict_LimitReached_IsRefusedAtOnce()
    {
        using FakeModel model = FakeModel.Of(static x => x + 1);
        model.Gate = new TaskCompletionSource();
        IPredictor<float, float> predictor = Predictor.For<float>().Model(model).LimitConcurrency(static o => o.InitialLimit = 2).Build();
        Task<float>[] admitted = [predictor.PredictAsync(1).AsTask(), predictor.PredictAsync(2).AsTask()];

        ValueTask<float> refused = predictor.PredictAsync(3);

        refused.IsFaulted.Should().BeTrue("it does not wait for a place");
        OverloadedException exception = (await FluentActions.Awaiting(() => refused.AsTask()).Should().ThrowExactlyAsync<OverloadedException>()).Which;
        exception.RetryAfter.Should().BePositive();
        exception.Message.Should().Contain("concurrency limit of 2").And.Contain("RetryAfter");
        (LimitOf(predictor).InFlight, LimitOf(predictor).Rejected).Should().Be((2, 1));

        model.Gate.SetResult();
        (await Task.WhenAll(admitted)).Should().Equal(2, 3);
        model.Runs.Should().Be(2, "what was refused is not run later either");
        LimitOf(predictor).InFlight.Should().Be(0);
        (await predictor.PredictAsync(3)).Should().Be(4);
    }

    [Fact]
    public async Task Predict_BulkBeyondItsShare_IsRefusedBeforeTheOthers()
    {
        var gate = new TaskCompletionSource();
        IPredictor<int, int> predictor = Predictor.For<int>()
            .TransformAsync(async (x, _, _) =>
            {
                await gate.Task;
                return x;
            })
            .LimitConcurrency(static o => o.InitialLimit = 5)
            .Build();
        List<Task<int>> admitted = [.. Enumerable.Range(0, 4).Select(i => PredictAsync(predictor, i, PredictionPriority.Bulk))];

        await FluentActions.Awaiting(() => PredictAsync(predictor, 4, PredictionPriority.Bulk)).Should().ThrowAsync<OverloadedException>().WithMessage("*bulk*");
        admitted.Add(PredictAsync(predictor, 4, PredictionPriority.Normal));
        await FluentActions.Awaiting(() => PredictAsync(predictor, 5, PredictionPriority.Interactive)).Should().ThrowAsync<OverloadedException>();

        gate.SetResult();
        (await Task.WhenAll(admitted)).Should().Equal(0, 1, 2, 3, 4);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Predict_Failure_PassesAndReleasesItsPlace(bool later)
    {
        IPredictor<int, int> predictor = Predictor.For<int>()
            .TransformAsync<int>(async (_, _, _) =>
            {
                if (later)
                {
                    await Task.Yield();
                }

                throw new FormatException("the stage's own");
            })
            .LimitConcurrency(static o => (o.InitialLimit, o.MaxLimit) = (1, 1))
            .Build();

        for (int i = 0; i < 3; i++)
        {
            await FluentActions.Awaiting(() => predictor.PredictAsync(1).AsTask()).Should().ThrowExactlyAsync<FormatException>();
        }

        LimitOf(predictor).InFlight.Should().Be(0);
    }

    [Fact]
    public async Task Predict_DecoratorInsideThatThrows_FailsTheTaskAndReleasesItsPlace()
    {
        IPredictor<int, int> predictor = Predictor.For<int>()
            .LimitConcurrency(static o => (o.InitialLimit, o.MaxLimit) = (1, 1))
            .Use(static inner => new Throwing(inner))
            .Build();
        using PredictionContext context = PredictionContext.Rent();

        ValueTask<int> task = predictor.PredictAsync(1, context, CancellationToken.None);

        await FluentActions.Awaiting(() => task.AsTask()).Should().ThrowExactlyAsync<FormatException>();
        LimitOf(predictor).InFlight.Should().Be(0);
    }

    [Fact]
    public async Task Predict_Cancelled_PassesAndReleasesItsPlace()
    {
        using var source = new CancellationTokenSource();
        IPredictor<int, int> predictor = Predictor.For<int>()
            .TransformAsync(static async (x, _, token) =>
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
                return x;
            })
            .LimitConcurrency()
            .Build();
        Task<int> task = predictor.PredictAsync(1, source.Token).AsTask();
        LimitOf(predictor).InFlight.Should().Be(1);

        await source.CancelAsync();

        await FluentActions.Awaiting(() => task).Should().ThrowAsync<OperationCanceledException>();
        predictor.PredictAsync(1, source.Token).AsTask().IsCanceled.Should().BeTrue("a token that is cancelled is seen inside");
        LimitOf(predictor).InFlight.Should().Be(0);
    }

    [Fact]
    public async Task Predict_OverloadInside_LowersTheLimit()
    {
        var gate = new TaskCompletionSource();
        IPredictor<int, int> predictor = Predictor.For<int>()
            .LimitConcurrency()
            .LimitConcurrency(static o => (o.InitialLimit, o.MaxLimit) = (1, 1))
            .Use(inner => new Waiting(inner, gate.Task))
            .Build();
        ConcurrencyLimit limit = LimitOf(predictor);
        Task<int> first = predictor.PredictAsync(1).AsTask();

        await FluentActions.Awaiting(() => predictor.PredictAsync(1).AsTask()).Should().ThrowAsync<OverloadedException>();

        limit.Limit.Should().Be(18);
        gate.SetResult();
        (await first).Should().Be(1);
    }

    [Fact]
    public async Task Predict_ManyThreadsOfEveryOutcome_KeepsTheLimitAndLeavesNoneInFlight()
    {
        const int places = 3;
        int inside = 0;
        int most = 0;
        int refused = 0;
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        IPredictor<int, int> predictor = Predictor.For<int>()
            .TransformAsync(async (x, _, token) =>
            {
                int now = Interlocked.Increment(ref inside);
                for (int seen = Volatile.Read(ref most); now > seen; seen = Volatile.Read(ref most))
                {
                    Interlocked.CompareExchange(ref most, now, seen);
                }

                try
                {
                    if (x % 2 == 0)
                    {
                        await Task.Yield();
                    }

                    return (x / 2 % 4) switch
                    {
                        0 => throw new FormatException(),
                        1 => throw new OverloadedException("inside", TimeSpan.Zero, new FormatException()),
                        _ => x,
                    };
                }
                finally
                {
                    Interlocked.Decrement(ref inside);
                }
            })
            .LimitConcurrency(static o => (o.InitialLimit, o.MinLimit, o.MaxLimit) = (places, places, places))
            .Build();

        await Task.WhenAll(Enumerable.Range(0, 8).Select(thread => Task.Run(async () =>
        {
            var random = new Random(thread);
            for (int i = 0; i < 2000; i++)
            {
                int input = random.Next(1000);
                try
                {
                    (await predictor.PredictAsync(input, random.Next(10) == 0 ? cancelled.Token : default)).Should().Be(input);
                }
                catch (OverloadedException exception) when (exception.InnerException is null)
                {
                    Interlocked.Increment(ref refused);
                    await Task.Yield();
                }
                catch (Exception exception) when (exception is FormatException or OperationCanceledException or OverloadedException)
                {
                    // As asked for.
                }
            }
        })));

        ConcurrencyLimit limit = LimitOf(predictor);
        (limit.Limit, limit.InFlight, limit.Rejected).Should().Be((places, 0, refused));
        most.Should().BeInRange(1, places);
    }

    [Fact]
    public void GetService_OfTheLimit_IsOneForEachPredictor()
    {
        using FakeModel model = FakeModel.Of(static x => x);
        var clock = new FakeTimeProvider();
        DecoratedBuilder<float, float> builder = Predictor.For<float>().Model(model).LimitConcurrency();
        IPredictor<float, float> predictor = builder.Use(static inner => new Passing(inner)).Build(new PredictorOptions { TimeProvider = clock });

        LimitOf(predictor).Should().BeSameAs(LimitOf(predictor)).And.NotBeSameAs(LimitOf(builder.Build()));
        predictor.GetService(typeof(ConcurrencyLimit), "a key").Should().BeNull();
        predictor.GetService(typeof(IModel)).Should().BeSameAs(model);
        predictor.GetService(typeof(TimeProvider)).Should().BeSameAs(clock);
        Predictor.For<int>().Build().GetService(typeof(ConcurrencyLimit)).Should().BeNull();
        predictor.Invoking(static p => p.GetService(null!)).Should().Throw<ArgumentNullException>();
    }

    [Fact]
    public async Task Predict_ClockOfThePredictor_IsTheOneThatMeasures()
    {
        var clock = new FakeTimeProvider();
        IPredictor<int, int> predictor = Predictor.For<int>()
            .Transform(x =>
            {
                clock.Advance(TimeSpan.FromSeconds(2));
                return x;
            })
            .TransformAsync(static async (x, _, _) =>
            {
                if (x > 0)
                {
                    await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, CancellationToken.None);
                }

                return x;
            })
            .LimitConcurrency(static o => (o.InitialLimit, o.MaxLimit) = (1, 1))
            .Build(new PredictorOptions { TimeProvider = clock });
        await predictor.PredictAsync(0);
        _ = predictor.PredictAsync(1).AsTask();

        (await FluentActions.Awaiting(() => predictor.PredictAsync(0).AsTask()).Should().ThrowAsync<OverloadedException>())
            .Which.RetryAfter.Should().Be(TimeSpan.FromSeconds(2));
    }

    private static ConcurrencyLimit LimitOf(IPredictor<int, int> predictor) => (ConcurrencyLimit)predictor.GetService(typeof(ConcurrencyLimit))!;

    private static ConcurrencyLimit LimitOf(IPredictor<float, float> predictor) => (ConcurrencyLimit)predictor.GetService(typeof(ConcurrencyLimit))!;

    private static async Task<int> PredictAsync(IPredictor<int, int> predictor, int input, PredictionPriority priority)
    {
        using PredictionContext context = PredictionContext.Rent();
        context.Priority = priority;
        try
        {
            return await predictor.PredictAsync(input, context, CancellationToken.None);
        }
        finally
        {
            context.Priority = default;
        }
    }

    private sealed class Passing(IPredictor<float, float> inner) : DelegatingPredictor<float, float>(inner);

    private sealed class Throwing(IPredictor<int, int> inner) : DelegatingPredictor<int, int>(inner)
    {
        public override ValueTask<int> PredictAsync(int input, PredictionContext context, CancellationToken cancellationToken) =>
            throw new FormatException("a fault of the decorator's own");
    }

    private sealed class Waiting(IPredictor<int, int> inner, Task gate) : DelegatingPredictor<int, int>(inner)
    {
        public override async ValueTask<int> PredictAsync(int input, PredictionContext context, CancellationToken cancellationToken)
        {
            await gate;
            return await base.PredictAsync(input, context, cancellationToken);
        }
    }
}
