using Microsoft.Extensions.Time.Testing;

namespace RealtimeInference.Core.Tests.Pipeline;

/// <summary>The context measures one prediction and nothing of the one before.</summary>
public sealed class PredictionContextTests
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2030, 5, 6, 7, 8, 9, TimeSpan.Zero));

    [Fact]
    public void Id_FirstRead_IsMadeOfTheClockAndStays()
    {
        using PredictionContext context = PredictionContext.Rent(_clock);

        Guid id = context.Id;

        id.Version.Should().Be(7);
        Convert.ToInt64(id.ToString("N")[..12], 16).Should().Be(_clock.GetUtcNow().ToUnixTimeMilliseconds());
        _clock.Advance(TimeSpan.FromSeconds(1));
        context.Id.Should().Be(id);
    }

    [Fact]
    public void Id_SetByTheCaller_IsKept()
    {
        using PredictionContext context = PredictionContext.Rent(_clock);
        var id = new Guid("8d0ab4f5-0000-4000-8000-000000000001");

        context.Id = id;

        context.Id.Should().Be(id);
    }

    [Fact]
    public void Id_OfTwoContexts_Differ()
    {
        using PredictionContext one = PredictionContext.Rent(_clock);
        using PredictionContext other = PredictionContext.Rent(_clock);

        one.Id.Should().NotBe(other.Id);
    }

    [Fact]
    public void EndStage_ExactClock_MeasuresFromTheStageBefore()
    {
        using PredictionContext context = PredictionContext.Rent(_clock);

        _clock.Advance(TimeSpan.FromMilliseconds(3));
        context.EndStage("first");
        _clock.Advance(TimeSpan.FromTicks(1));
        context.EndStage("second");
        context.EndStage("third");

        context.Timings.ToArray().Select(static t => (t.Stage, t.Elapsed)).Should().Equal(
            ("first", TimeSpan.FromMilliseconds(3)),
            ("second", TimeSpan.FromTicks(1)),
            ("third", TimeSpan.Zero));
    }

    [Fact]
    public void EndStage_MoreStagesThanRoom_KeepsThemAll()
    {
        using PredictionContext context = PredictionContext.Rent(_clock);

        for (int i = 1; i <= 100; i++)
        {
            _clock.Advance(TimeSpan.FromTicks(i));
            context.EndStage($"stage {i}");
        }

        context.Timings.Length.Should().Be(100);
        for (int i = 1; i <= 100; i++)
        {
            context.Timings[i - 1].Stage.Should().Be($"stage {i}");
            context.Timings[i - 1].Elapsed.Should().Be(TimeSpan.FromTicks(i));
        }
    }

    [Fact]
    public void TimeLeft_NoDeadline_IsEndless()
    {
        using PredictionContext context = PredictionContext.Rent(_clock);

        context.HasDeadline.Should().BeFalse();
        context.TimeLeft.Should().Be(TimeSpan.MaxValue);
    }

    [Fact]
    public void TimeLeft_ClockGoesOn_ShrinksAndBecomesNegative()
    {
        using PredictionContext context = PredictionContext.Rent(_clock);
        context.SetDeadline(TimeSpan.FromMilliseconds(50));

        context.HasDeadline.Should().BeTrue();
        context.TimeLeft.Should().Be(TimeSpan.FromMilliseconds(50));
        _clock.Advance(TimeSpan.FromMilliseconds(20));
        context.TimeLeft.Should().Be(TimeSpan.FromMilliseconds(30));
        _clock.Advance(TimeSpan.FromMilliseconds(45));
        context.TimeLeft.Should().Be(TimeSpan.FromMilliseconds(-15));
    }

    [Theory]
    [InlineData(10, 50)]
    [InlineData(50, 10)]
    public void SetDeadline_Twice_TheNearerWins(int first, int second)
    {
        using PredictionContext context = PredictionContext.Rent(_clock);

        context.SetDeadline(TimeSpan.FromMilliseconds(first));
        context.SetDeadline(TimeSpan.FromMilliseconds(second));

        context.TimeLeft.Should().Be(TimeSpan.FromMilliseconds(10));
    }

    [Fact]
    public void SetDeadline_Later_CountsFromThen()
    {
        using PredictionContext context = PredictionContext.Rent(_clock);
        context.SetDeadline(TimeSpan.FromMilliseconds(100));
        _clock.Advance(TimeSpan.FromMilliseconds(60));

        context.SetDeadline(TimeSpan.FromMilliseconds(50));
        context.TimeLeft.Should().Be(TimeSpan.FromMilliseconds(40), "the first one is nearer");

        context.SetDeadline(TimeSpan.FromMilliseconds(15));
        context.TimeLeft.Should().Be(TimeSpan.FromMilliseconds(15));
    }

    [Fact]
    public void SetDeadline_Extremes_AreTakenAsMeant()
    {
        using PredictionContext context = PredictionContext.Rent(_clock);

        context.Invoking(c => c.SetDeadline(TimeSpan.FromTicks(-1))).Should().Throw<ArgumentOutOfRangeException>();
        context.SetDeadline(TimeSpan.MaxValue);
        context.TimeLeft.Should().BeGreaterThan(TimeSpan.FromDays(10_000));
        context.SetDeadline(TimeSpan.Zero);
        context.TimeLeft.Should().Be(TimeSpan.Zero);
    }

    [Fact]
    public void Rent_NoClock_IsTheSystems()
    {
        using PredictionContext context = PredictionContext.Rent();

        context.TimeProvider.Should().BeSameAs(TimeProvider.System);
    }

    [Fact]
    public void Rent_AfterDispose_IsTheSameContextButClean()
    {
        PredictionContext used = PredictionContext.Rent(_clock);
        Guid id = used.Id;
        used.SetDeadline(TimeSpan.Zero);
        used.EndStage("stage");
        used.ModelName = "model";
        used.ModelVersion = "1";
        used.Faults.Add("path", "fault");
        used.Dispose();
        var otherClock = new FakeTimeProvider();

        // This thread gave it back last, so this thread finds it.
        using PredictionContext context = PredictionContext.Rent(otherClock);

        context.Should().BeSameAs(used);
        context.Id.Should().NotBe(id);
        context.HasDeadline.Should().BeFalse();
        context.Timings.Length.Should().Be(0);
        context.ModelName.Should().BeNull();
        context.ModelVersion.Should().BeNull();
        context.Faults.Count.Should().Be(0);
        context.TimeProvider.Should().BeSameAs(otherClock);
        otherClock.Advance(TimeSpan.FromMilliseconds(2));
        context.EndStage("stage");
        context.Timings[0].Elapsed.Should().Be(TimeSpan.FromMilliseconds(2), "the clock starts when the context is rented");
    }

    [Fact]
    public void Dispose_Twice_GivesTheContextBackOnce()
    {
        PredictionContext context = PredictionContext.Rent(_clock);
        context.Dispose();
        context.Dispose();

        using PredictionContext first = PredictionContext.Rent(_clock);
        using PredictionContext second = PredictionContext.Rent(_clock);
        using PredictionContext third = PredictionContext.Rent(_clock);

        second.Should().NotBeSameAs(first);
        third.Should().NotBeSameAs(first).And.NotBeSameAs(second);
    }

    [Fact]
    public void Rent_ManyAtOnce_EachIsItsOwnAndReusable()
    {
        // More than the pool keeps, so that the rest is left to the garbage collector.
        for (int round = 0; round < 3; round++)
        {
            List<PredictionContext> contexts = [.. Enumerable.Range(0, 1_100).Select(_ => PredictionContext.Rent(_clock))];
            contexts.Distinct().Should().HaveCount(1_100);
            contexts.Count(static c => c.Timings.Length > 0 || c.HasDeadline).Should().Be(0);
            foreach (PredictionContext context in contexts)
            {
                context.EndStage("stage");
                context.SetDeadline(TimeSpan.FromSeconds(1));
                context.Dispose();
            }
        }
    }

    [Fact]
    public async Task Rent_ManyThreads_NobodyGetsAContextThatIsOut()
    {
        int[] clashes = await Task.WhenAll(Enumerable.Range(0, 4).Select(worker => Task.Run(() =>
        {
            int clash = 0;
            for (int i = 0; i < 5_000; i++)
            {
                using PredictionContext outer = PredictionContext.Rent(_clock);
                using PredictionContext inner = PredictionContext.Rent(_clock);
                outer.ModelName = inner.ModelVersion = $"{worker}";
                clash += outer == inner || outer.ModelName != inner.ModelVersion || outer.ModelVersion is not null ? 1 : 0;
            }

            return clash;
        })));

        clashes.Sum().Should().Be(0);
    }
}
