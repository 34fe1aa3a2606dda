using Microsoft.Extensions.Time.Testing;

namespace RealtimeInference.Core.Tests.Admission;

/// <summary>Places are given, measured and taken back; a clock that stands still until it is told otherwise.</summary>
public sealed class ConcurrencyLimitTests
{
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public void Enter_UpToTheLimit_ThenRefuses()
    {
        ConcurrencyLimit limit = Create(static o => o.InitialLimit = 3);

        Enter(limit, 3);
        limit.TryEnter(PredictionPriority.Interactive, out _).Should().BeFalse();
        limit.TryEnter(PredictionPriority.Normal, out _).Should().BeFalse();

        (limit.Limit, limit.InFlight, limit.Rejected).Should().Be((3, 3, 2));
    }

    [Theory]
    [InlineData(1, 0.8, 1)]
    [InlineData(2, 0.8, 1)]
    [InlineData(10, 0.8, 8)]
    [InlineData(10, 0.25, 2)]
    [InlineData(10, 1.0, 10)]
    public void Enter_Bulk_LeavesPlacesToTheOthers(int places, double share, int bulk)
    {
        ConcurrencyLimit limit = Create(o => (o.InitialLimit, o.BulkShare) = (places, share));

        Enter(limit, bulk, PredictionPriority.Bulk);
        limit.TryEnter(PredictionPriority.Bulk, out _).Should().BeFalse();

        Enter(limit, places - bulk);
        limit.TryEnter(PredictionPriority.Interactive, out _).Should().BeFalse();
    }

    [Fact]
    public void Enter_BulkWhileTheOthersTookItsShare_IsRefused()
    {
        ConcurrencyLimit limit = Create(static o => o.InitialLimit = 10);

        Enter(limit, 8);

        limit.TryEnter(PredictionPriority.Bulk, out _).Should().BeFalse();
        limit.TryEnter(PredictionPriority.Normal, out _).Should().BeTrue();
    }

    [Fact]
    public void Succeed_TenPredictionsAndTwoRoundTrips_MoveTheLimitOnce()
    {
        ConcurrencyLimit limit = Create();

        // Each 20 that go in together take 10 ms; the limit is full, so it grows by 0.8 for a measurement.
        Predict(limit, 20, milliseconds: 10);
        limit.Limit.Should().Be(20, "two round trips have not passed");
        Predict(limit, 20, milliseconds: 10);
        limit.Limit.Should().Be(20, "one measurement makes 20.8");
        for (int i = 0; i < 4; i++)
        {
            Predict(limit, 20, milliseconds: 10);
        }

        limit.Limit.Should().Be(22, "two more make 22.4");
    }

    [Fact]
    public void Succeed_OneAtATime_TakesTenForAMeasurement()
    {
        ConcurrencyLimit limit = Create(static o => (o.InitialLimit, o.QueueSize) = (2, 10));

        for (int i = 0; i < 9; i++)
        {
            Predict(limit, 1, milliseconds: 10);
        }

        limit.Limit.Should().Be(2);
        Predict(limit, 1, milliseconds: 10);
        limit.Limit.Should().Be(4);
    }

    [Fact]
    public void Succeed_FewAtATime_DoesNotMoveTheLimit()
    {
        ConcurrencyLimit limit = Create();

        for (int i = 0; i < 1000; i++)
        {
            Predict(limit, 9, milliseconds: 10);
        }

        limit.Limit.Should().Be(20);
    }

    [Fact]
    public void Succeed_LatencyDoublesAndComesBack_LimitShrinksAndComesBack()
    {
        ConcurrencyLimit limit = Create();
        for (int i = 0; i < 400; i++)
        {
            Predict(limit, 25, milliseconds: 10);
        }

        limit.Limit.Should().BeInRange(50, 51);
        for (int i = 0; i < 60; i++)
        {
            Predict(limit, limit.Limit + 1, milliseconds: 25);
        }

        limit.Limit.Should().BeInRange(8, 20);
        for (int i = 0; i < 100; i++)
        {
            Predict(limit, Math.Min(30, limit.Limit), milliseconds: 10);
        }

        limit.Limit.Should().BeGreaterThan(30);
    }

    [Fact]
    public void Succeed_ClockThatStandsStill_IsNoLatencyOfZero()
    {
        ConcurrencyLimit limit = Create();

        for (int i = 0; i < 100; i++)
        {
            Predict(limit, 20, milliseconds: 0);
        }

        limit.Limit.Should().BeInRange(20, 40);
        limit.InFlight.Should().Be(0);
    }

    [Fact]
    public void Refuse_NothingMeasured_GivesSomeTime()
    {
        Create().Refuse(PredictionPriority.Interactive).RetryAfter.Should().Be(TimeSpan.FromMilliseconds(100));
    }

    [Theory]
    [InlineData(40, 40)]
    [InlineData(0, 1)]
    [InlineData(500_000, 60_000)]
    public void Refuse_Measured_GivesTheTimeOfOnePlace(int milliseconds, int expected)
    {
        ConcurrencyLimit limit = Create();
        for (int i = 0; i < 5; i++)
        {
            Predict(limit, 20, milliseconds);
        }

        // Never nothing: a retry at once would be refused again.
        limit.Refuse(PredictionPriority.Bulk).RetryAfter.Should().BeCloseTo(TimeSpan.FromMilliseconds(expected), TimeSpan.FromTicks(1));
    }

    [Fact]
    public void Refuse_SameLimit_SaysTheSameWithoutFormattingAgain()
    {
        ConcurrencyLimit limit = Create(static o => o.InitialLimit = 7);
        string interactive = limit.Refuse(PredictionPriority.Interactive).Message;
        string bulk = limit.Refuse(PredictionPriority.Bulk).Message;

        interactive.Should().Contain("concurrency limit of 7");
        bulk.Should().Contain("concurrency limit is 7").And.Contain("0.8 of it");
        limit.Refuse(PredictionPriority.Normal).Message.Should().BeSameAs(interactive);
        limit.Refuse(PredictionPriority.Bulk).Message.Should().BeSameAs(bulk);

        FailOnce(limit, new OverloadedException("full", TimeSpan.Zero));
        limit.Refuse(PredictionPriority.Interactive).Message.Should().Contain("concurrency limit of 6");
    }

    [Fact]
    public void Fail_OverloadInside_LowersTheLimitOncePerRoundTrip()
    {
        ConcurrencyLimit limit = Create();
        for (int i = 0; i < 20; i++)
        {
            Predict(limit, 9, milliseconds: 10);
        }

        limit.TryEnter(PredictionPriority.Interactive, out long early).Should().BeTrue();
        FailOnce(limit, new OverloadedException("full", TimeSpan.Zero));
        limit.Limit.Should().Be(18);
        FailOnce(limit, new OverloadedException("full", TimeSpan.Zero));
        _clock.Advance(TimeSpan.FromMilliseconds(9));
        FailOnce(limit, new DeadlineExceededException(TimeSpan.Zero));
        limit.Limit.Should().Be(18, "all within one round trip");

        _clock.Advance(TimeSpan.FromMilliseconds(2));
        limit.Fail(early - 1, new OverloadedException("full", TimeSpan.Zero));
        limit.Limit.Should().Be(18, "it began before the limit was lowered");
        FailOnce(limit, new DeadlineExceededException(TimeSpan.Zero));
        limit.Limit.Should().Be(16);
        limit.InFlight.Should().Be(0);
    }

    [Fact]
    public void Fail_OfAnyOtherKind_IsNoMeasurement()
    {
        ConcurrencyLimit limit = Create();

        for (int i = 0; i < 1000; i++)
        {
            Enter(limit, 19);
            for (int j = 0; j < 19; j++)
            {
                limit.Fail(0, j % 2 == 0 ? new FormatException() : new OperationCanceledException());
            }

            _clock.Advance(TimeSpan.FromMilliseconds(5));
        }

        (limit.Limit, limit.InFlight, limit.Rejected).Should().Be((20, 0, 0));
        limit.Refuse(PredictionPriority.Interactive).RetryAfter.Should().Be(TimeSpan.FromMilliseconds(100), "nothing was measured");
    }

    private static void Enter(ConcurrencyLimit limit, int times, PredictionPriority priority = PredictionPriority.Interactive)
    {
        for (int i = 0; i < times; i++)
        {
            limit.TryEnter(priority, out _).Should().BeTrue();
        }
    }

    private static void FailOnce(ConcurrencyLimit limit, Exception exception)
    {
        limit.TryEnter(PredictionPriority.Interactive, out long start).Should().BeTrue();
        limit.Fail(start, exception);
    }

    /// <summary>So many at once, of which those beyond the limit are refused.</summary>
    private void Predict(ConcurrencyLimit limit, int count, int milliseconds)
    {
        List<long> starts = [];
        for (int i = 0; i < count; i++)
        {
            if (limit.TryEnter(PredictionPriority.Interactive, out long start))
            {
                starts.Add(start);
            }
        }

        _clock.Advance(TimeSpan.FromMilliseconds(milliseconds));
        starts.ForEach(limit.Succeed);
    }

    private ConcurrencyLimit Create(Action<ConcurrencyLimitOptions>? configure = null)
    {
        var options = new ConcurrencyLimitOptions();
        configure?.Invoke(options);
        return new ConcurrencyLimit(options, _clock);
    }
}
