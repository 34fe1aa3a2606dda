namespace RealtimeInference.Core.Tests.Admission;

/// <summary>The algorithm against what its formula gives by hand.</summary>
public sealed class GradientLimitTests
{
    [Fact]
    public void Add_SteadyLatency_GrowsByTheSmoothedQueue()
    {
        GradientLimit limit = Create();

        // The gradient is 1: 0.2 * 4 for each measurement.
        Add(limit, 5, latency: 10, inFlight: 20);
        limit.Limit.Should().Be(24);
        Add(limit, 5, latency: 10, inFlight: 24);
        limit.Limit.Should().Be(28);
    }

    [Fact]
    public void Add_SteadyLatency_GrowsToTwiceTheLoadAndNoFurther()
    {
        GradientLimit limit = Create();

        Add(limit, 1000, latency: 10, inFlight: 50);

        // The first value of which 50 is less than half: 20 + 101 * 0.8.
        limit.Limit.Should().Be(100);
    }

    [Fact]
    public void Add_FarBelowTheLimit_DoesNotMoveIt()
    {
        GradientLimit limit = Create();

        Add(limit, 100, latency: 10, inFlight: 9);
        limit.Limit.Should().Be(20);
        Add(limit, 100, latency: 50, inFlight: 9);
        limit.Limit.Should().Be(20);
        Add(limit, 1, latency: 10, inFlight: 10);
        limit.Limit.Should().Be(20, "20.8 is 20 places");
        Add(limit, 1, latency: 10, inFlight: 11);
        limit.Limit.Should().Be(21);
    }

    [Fact]
    public void Add_DoubledLatency_ShrinksTheLimit()
    {
        GradientLimit limit = Create();
        Learn(limit, latency: 10);

        // The average learns 2/601 of the difference: 10.0333. Gradient 1.5 * 10.0333 / 20 = 0.7525; 20 + 0.2 * (15.05 + 4 - 20).
        Add(limit, 1, latency: 20, inFlight: 20);
        limit.LongLatency.Should().BeApproximately(10 + (10 * 2.0 / 601), 1e-9);
        limit.Limit.Should().Be(19);
    }

    [Theory]
    [InlineData(1, 19)]
    [InlineData(10, 18)]
    [InlineData(100, 16)]
    public void Add_DoubledLatencyOfAFullLimit_ApproachesWhatTheQueueAllows(int times, int expected)
    {
        GradientLimit limit = Create(static o => o.LongWindow = 2000);
        Learn(limit, latency: 10);

        // Gradient 0.75, so that L' = 0.95 L + 0.8: 16 + 4 * 0.95^n.
        Add(limit, times, latency: 20, inFlight: 20, isRefusing: true);

        limit.LongLatency.Should().BeApproximately(10, 1e-9, "the average does not learn what the limit causes");
        limit.Limit.Should().Be(expected);
    }

    [Theory]
    [InlineData(1, 18)]
    [InlineData(2, 17)]
    [InlineData(100, 8)]
    public void Add_AnyLatency_HalvesTheTargetAtMost(int times, int expected)
    {
        GradientLimit limit = Create(static o => o.LongWindow = 2000);
        Learn(limit, latency: 10);

        // Gradient 0.5, so that L' = 0.9 L + 0.8: 8 + 12 * 0.9^n.
        Add(limit, times, latency: 10_000, inFlight: 20, isRefusing: true);

        limit.Limit.Should().Be(expected);
    }

    [Fact]
    public void Add_WithinTheTolerance_StillGrows()
    {
        GradientLimit limit = Create();
        Learn(limit, latency: 10);

        Add(limit, 10, latency: 15, inFlight: 20);

        limit.Limit.Should().Be(28);
    }

    [Fact]
    public void Add_LatencyFarBelowTheAverage_TheAverageFollowsQuickly()
    {
        GradientLimit limit = Create();
        Learn(limit, latency: 100);

        Add(limit, 1, latency: 10, inFlight: 20);
        limit.LongLatency.Should().BeApproximately((100 - (90 * 2.0 / 601)) * 0.95, 1e-9);

        Add(limit, 50, latency: 10, inFlight: 20);
        limit.LongLatency.Should().BeInRange(10, 20);
    }

    [Fact]
    public void Add_NormalAgainAfterAnOverload_GrowsAgain()
    {
        GradientLimit limit = Create();
        Learn(limit, latency: 10);
        Add(limit, 40, latency: 100, inFlight: 20, isRefusing: true);
        int low = limit.Limit;
        low.Should().BeLessThan(10);

        Add(limit, 15, latency: 10, inFlight: 20, isRefusing: true);

        limit.Limit.Should().Be(low + 12);
    }

    [Fact]
    public void Add_ALowLatency_IsLearnedAlsoWhileRefusing()
    {
        GradientLimit limit = Create();
        Learn(limit, latency: 100);

        Add(limit, 1, latency: 99, inFlight: 20, isRefusing: true);

        limit.LongLatency.Should().BeLessThan(100);
    }

    [Fact]
    public void Add_Anything_StaysWithinTheBounds()
    {
        var random = new Random(20261);
        GradientLimit limit = Create(static o => (o.MinLimit, o.MaxLimit, o.LongWindow) = (6, 30, 20));
        int least = int.MaxValue;
        int most = 0;

        for (int i = 0; i < 20_000; i++)
        {
            double latency = Math.Pow(10, random.NextDouble() * (i / 1000 % 2 == 0 ? 6 : 0.1));
            limit.Add(latency, random.Next(40), random.Next(2) == 0);
            if (random.Next(200) == 0)
            {
                limit.Drop();
            }

            (least, most) = (Math.Min(least, limit.Limit), Math.Max(most, limit.Limit));
        }

        (least, most).Should().Be((6, 30));
    }

    [Fact]
    public void Drop_TakesATenth()
    {
        GradientLimit limit = Create();

        limit.Drop();
        limit.Limit.Should().Be(18);
        limit.Drop();
        limit.Limit.Should().Be(16);
    }

    [Fact]
    public void Add_QueueOfAFunction_IsAskedForTheLimit()
    {
        List<int> asked = [];
        GradientLimit limit = Create(o => o.QueueSizeFunction = l =>
        {
            asked.Add(l);
            return l;
        });
        GradientLimit negative = Create(static o => o.QueueSizeFunction = static _ => -10);

        Add(limit, 4, latency: 10, inFlight: 50);
        Add(negative, 10, latency: 10, inFlight: 20);

        // 20 + 4 = 24, + 4.8 = 28.8, + 5.6 = 34.4, + 6.8 = 41.2.
        asked.Should().Equal(20, 24, 28, 34);
        limit.Limit.Should().Be(41);
        negative.Limit.Should().Be(20);
    }

    [Fact]
    public void Add_RefusingForLong_HalvesTheLimitUntilLatencyStopsFalling()
    {
        GradientLimit limit = Create(static o => (o.LongWindow, o.RttTolerance) = (100, 4));
        Learn(limit, latency: 80);

        // The first probe comes after a tenth of the window.
        Add(limit, 9, latency: 80, inFlight: 20, isRefusing: true);
        int before = limit.Limit;
        before.Should().Be(27);
        Add(limit, 1, latency: 80, inFlight: 27, isRefusing: true);
        limit.Limit.Should().Be(13);

        // The first measurement at each limit still has predictions from before it.
        Add(limit, 1, latency: 60, inFlight: 27, isRefusing: true);
        limit.Limit.Should().Be(13);
        Add(limit, 1, latency: 40, inFlight: 13, isRefusing: true);
        limit.Limit.Should().Be(6);
        Add(limit, 1, latency: 30, inFlight: 13, isRefusing: true);
        Add(limit, 1, latency: 39, inFlight: 6, isRefusing: true);

        limit.Limit.Should().Be(before, "what was before goes on");
        limit.LongLatency.Should().Be(39);

        Add(limit, 99, latency: 39, inFlight: 27, isRefusing: true);
        limit.Limit.Should().BeGreaterThan(before, "the next probe comes after the whole window");
        Add(limit, 1, latency: 39, inFlight: 100, isRefusing: true);
        limit.Limit.Should().BeLessThan(100 - before);
    }

    [Fact]
    public void Add_RefusingForLongWhileLatencyRoseForGood_LearnsTheNewLatency()
    {
        GradientLimit limit = Create(static o => o.LongWindow = 100);
        Learn(limit, latency: 10);

        // Four times slower whatever the limit: it shrinks, and grows once a probe has seen that this changes nothing.
        Add(limit, 9, latency: 40, inFlight: 20, isRefusing: true);
        limit.Limit.Should().BeLessThan(13);
        Add(limit, 60, latency: 40, inFlight: 20, isRefusing: true);

        limit.LongLatency.Should().BeApproximately(40, 1e-9);
        limit.Limit.Should().BeGreaterThan(40);
    }

    [Fact]
    public void Add_RefusingForLongAtTheLeastLimit_HasNothingToProbe()
    {
        GradientLimit limit = Create(static o => (o.InitialLimit, o.MinLimit, o.MaxLimit, o.LongWindow) = (5, 5, 5, 10));

        Add(limit, 100, latency: 10, inFlight: 5, isRefusing: true);

        limit.Limit.Should().Be(5);
    }

    private static GradientLimit Create(Action<ConcurrencyLimitOptions>? configure = null)
    {
        var options = new ConcurrencyLimitOptions();
        configure?.Invoke(options);
        return new GradientLimit(options);
    }

    /// <summary>Sets the average, with so few in flight that the limit stays.</summary>
    private static void Learn(GradientLimit limit, double latency) => Add(limit, 5000, latency, inFlight: 0);

    private static void Add(GradientLimit limit, int times, double latency, int inFlight, bool isRefusing = false)
    {
        for (int i = 0; i < times; i++)
        {
            limit.Add(latency, inFlight, isRefusing);
        }
    }
}
