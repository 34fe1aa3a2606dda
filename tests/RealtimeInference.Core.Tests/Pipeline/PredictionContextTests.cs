using Microsoft.Extensions.Time.Testing;

namespace RealtimeInference.Core.Tests.Pipeline;

public sealed class PredictionContextTests
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));

    [Fact]
    public void Id_NotSet_IsMadeOnceFromTheClock()
    {
        using PredictionContext context = PredictionContext.Rent(_clock);
        Guid id = context.Id;

        id.Version.Should().Be(7);
        context.Id.Should().Be(id);

        // The first 48 bits are the milliseconds since 1970 (RFC 9562, 5.7).
        byte[] bytes = id.ToByteArray(bigEndian: true);
        long milliseconds = bytes.Take(6).Aggregate(0L, static (sum, b) => (sum << 8) | b);
        milliseconds.Should().Be(_clock.GetUtcNow().ToUnixTimeMilliseconds());

        Guid own = Guid.NewGuid();
        context.Id = own;
        context.Id.Should().Be(own);
    }

    [Fact]
    public void EndStage_SeveralStages_TimesEachFromTheLast()
    {
        using PredictionContext context = PredictionContext.Rent(_clock);
        for (int i = 1; i <= 5; i++)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(i));
            context.EndStage($"stage {i}");
        }

        context.Timings.ToArray().Select(static t => (t.Stage, t.Elapsed.TotalMilliseconds)).Should().Equal(
            ("stage 1", 1), ("stage 2", 2), ("stage 3", 3), ("stage 4", 4), ("stage 5", 5));
        context.Timings[0].ToString().Should().Be("stage 1 1.0000 ms");
    }

    [Fact]
    public void SetDeadline_Twice_NearerStays()
    {
        using PredictionContext context = PredictionContext.Rent(_clock);
        context.HasDeadline.Should().BeFalse();
        context.TimeLeft.Should().Be(TimeSpan.MaxValue);

        context.SetDeadline(TimeSpan.FromMilliseconds(100));
        context.SetDeadline(TimeSpan.FromMilliseconds(40));
        context.SetDeadline(TimeSpan.FromHours(1));
        _clock.Advance(TimeSpan.FromMilliseconds(50));

        context.TimeLeft.Should().Be(TimeSpan.FromMilliseconds(-10));
        context.Invoking(static c => c.SetDeadline(TimeSpan.FromTicks(-1))).Should().Throw<ArgumentOutOfRangeException>();
        context.Invoking(static c => c.SetDeadline(TimeSpan.MaxValue)).Should().NotThrow();
    }

    [Fact]
    public void Dispose_ThenRent_GivesACleanOneOnceOnly()
    {
        PredictionContext used = PredictionContext.Rent(_clock);
        used.SetDeadline(TimeSpan.Zero);
        used.EndStage("a");
        Guid id = used.Id;
        used.Dispose();
        used.Dispose();

        using PredictionContext first = PredictionContext.Rent();
        using PredictionContext second = PredictionContext.Rent();

        second.Should().NotBeSameAs(first);
        first.Should().BeSameAs(used, "this thread gave it back last");
        first.HasDeadline.Should().BeFalse();
        first.Timings.Length.Should().Be(0);
        first.Id.Should().NotBe(id);
        first.ModelName.Should().BeNull();
        first.TimeProvider.Should().BeSameAs(TimeProvider.System);
    }

    [Fact]
    public void Rent_ManyAtOnce_AreAllDifferent()
    {
        PredictionContext[] contexts = [.. Enumerable.Range(0, 20).Select(static _ => PredictionContext.Rent())];
        contexts.Should().OnlyHaveUniqueItems();
        Array.ForEach(contexts, static c => c.Dispose());
        PredictionContext[] again = [.. Enumerable.Range(0, 20).Select(static _ => PredictionContext.Rent())];
        again.Should().OnlyHaveUniqueItems();
        Array.ForEach(again, static c => c.Dispose());
    }

    [Fact]
    public async Task Timings_SomebodyCanReadThem_AreTaken()
    {
        int seen = -1;
        IPredictor<int, int> observed = Predictor.For<int>()
            .Transform(static x => x)
            .Transform((x, context) =>
            {
                seen = context.Timings.Length;
                return x;
            })
            .Build();
        await observed.PredictAsync(1);
        seen.Should().Be(1);

        IPredictor<int, int> decorated = Predictor.For<int>()
            .Transform(static x => x)
            .Use(inner => new Reader(inner, n => seen = n))
            .Build();
        await decorated.PredictAsync(1);
        seen.Should().Be(1);
    }

    private sealed class Reader(IPredictor<int, int> inner, Action<int> read) : DelegatingPredictor<int, int>(inner)
    {
        public override async ValueTask<int> PredictAsync(int input, PredictionContext context, CancellationToken cancellationToken)
        {
            read(-1);
            int output = await base.PredictAsync(input, context, cancellationToken);
            read(context.Timings.Length);
            return output;
        }
    }
}
