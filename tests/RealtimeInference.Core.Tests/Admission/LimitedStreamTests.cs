using System.Runtime.CompilerServices;
using Microsoft.Extensions.Time.Testing;

namespace RealtimeInference.Core.Tests.Admission;

/// <summary>A stream holds its place until it ends, however it ends, and is measured to its first part.</summary>
public sealed class LimitedStreamTests
{
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public async Task Predict_Read_HoldsItsPlaceUntilTheEnd()
    {
        IStreamingPredictor<int, int> predictor = Build(CountTo);
        ConcurrencyLimit limit = LimitOf(predictor);
        IAsyncEnumerable<int> stream = predictor.PredictStreamingAsync(2);
        limit.InFlight.Should().Be(0, "nothing happens before it is read");

        List<int> seen = [];
        await foreach (int part in stream)
        {
            seen.Add(part);
            limit.InFlight.Should().Be(1);
        }

        seen.Should().Equal(1, 2);
        limit.InFlight.Should().Be(0);
    }

    [Fact]
    public async Task Predict_LimitReached_IsRefusedWhenRead()
    {
        IStreamingPredictor<int, int> predictor = Build(CountTo);
        await using IAsyncEnumerator<int> first = predictor.PredictStreamingAsync(3).GetAsyncEnumerator();
        await first.MoveNextAsync();
        await using IAsyncEnumerator<int> second = predictor.PredictStreamingAsync(3).GetAsyncEnumerator();
        await second.MoveNextAsync();

        (await FluentActions.Awaiting(() => predictor.PredictStreamingAsync(3).ToListAsync().AsTask()).Should().ThrowExactlyAsync<OverloadedException>())
            .Which.RetryAfter.Should().BePositive();
        LimitOf(predictor).Rejected.Should().Be(1);

        await first.DisposeAsync();
        (await predictor.PredictStreamingAsync(3).ToListAsync()).Should().Equal(1, 2, 3);
    }

    [Fact]
    public async Task Predict_ReaderLeavesEarly_ReleasesThePlace()
    {
        bool isDisposed = false;
        IStreamingPredictor<int, int> predictor = Build(Endless);

        await foreach (int part in predictor.PredictStreamingAsync(1))
        {
            if (part == 3)
            {
                break;
            }
        }

        isDisposed.Should().BeTrue();
        LimitOf(predictor).InFlight.Should().Be(0);

        async IAsyncEnumerable<int> Endless(int input, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            try
            {
                for (int i = input; ; i++)
                {
                    await Task.Yield();
                    cancellationToken.ThrowIfCancellationRequested();
                    yield return i;
                }
            }
            finally
            {
                isDisposed = true;
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task Predict_FailureInTheStream_PassesAndReleasesThePlace(int after)
    {
        IStreamingPredictor<int, int> predictor = Build(FailAfter);

        await FluentActions.Awaiting(() => predictor.PredictStreamingAsync(after).ToListAsync().AsTask()).Should().ThrowExactlyAsync<FormatException>();

        (LimitOf(predictor).InFlight, LimitOf(predictor).Limit).Should().Be((0, 2));

        static async IAsyncEnumerable<int> FailAfter(int parts, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            for (int i = 0; i < parts; i++)
            {
                yield return i;
            }

            await Task.Yield();
            throw new FormatException("the stream's own");
        }
    }

    [Fact]
    public async Task Predict_StreamThatCannotBegin_ReleasesThePlace()
    {
        IStreamingPredictor<int, int> predictor = Predictor.For<int>()
            .Stream<int>(static (_, _, _) => throw new FormatException())
            .LimitConcurrency()
            .Use(static inner => new Throwing(inner))
            .Build();

        await FluentActions.Awaiting(() => predictor.PredictStreamingAsync(1).ToListAsync().AsTask()).Should().ThrowExactlyAsync<NotSupportedException>();
        LimitOf(predictor).InFlight.Should().Be(0);
    }

    [Fact]
    public async Task Predict_OverloadInside_LowersTheLimit()
    {
        IStreamingPredictor<int, int> predictor = Predictor.For<int>()
            .Validate(static (_, _) => throw new OverloadedException("full", TimeSpan.Zero))
            .Stream(static (x, _, token) => CountTo(x, token))
            .LimitConcurrency()
            .Build();

        await FluentActions.Awaiting(() => predictor.PredictStreamingAsync(1).ToListAsync().AsTask()).Should().ThrowAsync<OverloadedException>();

        (LimitOf(predictor).Limit, LimitOf(predictor).InFlight, LimitOf(predictor).Rejected).Should().Be((18, 0, 0));
    }

    [Fact]
    public async Task Predict_Cancelled_ReleasesThePlace()
    {
        using var source = new CancellationTokenSource();
        IStreamingPredictor<int, int> predictor = Build(CountTo);

        await FluentActions.Awaiting(async () =>
        {
            await foreach (int part in predictor.PredictStreamingAsync(10, source.Token))
            {
                if (part == 2)
                {
                    await source.CancelAsync();
                }
            }
        }).Should().ThrowAsync<OperationCanceledException>();

        LimitOf(predictor).InFlight.Should().Be(0);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Predict_OnlyTheRestBecomesSlow_DoesNotShrinkTheLimit(bool isFirstSlow)
    {
        int milliseconds = 10;
        IStreamingPredictor<int, int> predictor = Build(Parts, static o => (o.InitialLimit, o.MaxLimit) = (20, 20));
        await ReadAsync(20);
        milliseconds = 200;

        await ReadAsync(20);

        if (isFirstSlow)
        {
            LimitOf(predictor).Limit.Should().BeLessThan(15);
        }
        else
        {
            LimitOf(predictor).Limit.Should().Be(20);
        }

        LimitOf(predictor).InFlight.Should().Be(0);

        // All first parts, then all the rest: 20 in flight together.
        async Task ReadAsync(int rounds)
        {
            for (int round = 0; round < rounds; round++)
            {
                List<IAsyncEnumerator<int>> streams = [.. Enumerable.Range(0, LimitOf(predictor).Limit)
                    .Select(_ => predictor.PredictStreamingAsync(0).GetAsyncEnumerator())];
                List<Task<bool>> first = [.. streams.Select(static s => s.MoveNextAsync().AsTask())];
                _clock.Advance(TimeSpan.FromMilliseconds(isFirstSlow ? milliseconds : 10));
                await Task.WhenAll(first);
                _clock.Advance(TimeSpan.FromMilliseconds(isFirstSlow ? 10 : milliseconds));
                foreach (IAsyncEnumerator<int> stream in streams)
                {
                    (await stream.MoveNextAsync()).Should().BeFalse();
                    await stream.DisposeAsync();
                }
            }
        }

        async IAsyncEnumerable<int> Parts(int input, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(isFirstSlow ? milliseconds : 10), _clock, cancellationToken);
            yield return input;
        }
    }

    [Fact]
    public async Task GetService_OfTheLimit_IsFoundThroughTheStream()
    {
        IStreamingPredictor<int, int> predictor = Build(CountTo);

        predictor.GetService(typeof(ConcurrencyLimit)).Should().BeSameAs(predictor.GetService(typeof(ConcurrencyLimit))).And.NotBeNull();
        predictor.GetService(typeof(ConcurrencyLimit), "a key").Should().BeNull();
        predictor.GetService(typeof(TimeProvider)).Should().BeSameAs(_clock);
        (await predictor.PredictStreamingAsync(0).ToListAsync()).Should().BeEmpty();
        LimitOf(predictor).InFlight.Should().Be(0);
    }

    private static async IAsyncEnumerable<int> CountTo(int count, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (int i = 1; i <= count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await Task.Yield();
            yield return i;
        }
    }

    private static ConcurrencyLimit LimitOf(IStreamingPredictor<int, int> predictor) =>
        (ConcurrencyLimit)predictor.GetService(typeof(ConcurrencyLimit))!;

    private IStreamingPredictor<int, int> Build(
        Func<int, CancellationToken, IAsyncEnumerable<int>> stream, Action<ConcurrencyLimitOptions>? configure = null) => Predictor.For<int>()
        .Stream((x, _, token) => stream(x, token))
        .LimitConcurrency(configure ?? (static o => o.InitialLimit = 2))
        .Build(new PredictorOptions { TimeProvider = _clock });

    private sealed class Throwing(IStreamingPredictor<int, int> inner) : DelegatingStreamingPredictor<int, int>(inner)
    {
        public override IAsyncEnumerable<int> PredictStreamingAsync(int input, PredictionContext context, CancellationToken cancellationToken) =>
            throw new NotSupportedException();
    }
}
