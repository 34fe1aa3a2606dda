namespace RealtimeInference.Core.Tests.Features;

/// <summary>A lookup that is answered at once leaves nothing for the garbage collector.</summary>
[Trait("Category", "Allocation")]
public sealed class FeatureAllocationTests
{
    private const int Predictions = 10_000;

    private readonly CardFeatures _card = new(TimeSpan.FromDays(1));
    private readonly InMemoryFeatureStore _store = new();
    private readonly string[] _keys = [.. Enumerable.Range(0, 100).Select(static i => $"card {i}")];

    public FeatureAllocationTests()
    {
        using FeatureRow row = FeatureRow.Rent(_card.View, default);
        for (int i = 0; i < 100; i++)
        {
            foreach (EntityKey key in new EntityKey[] { i, _keys[i] })
            {
                row.Reset(key);
                _card.Fill(row, i);
                row.CompleteFound(TimeProvider.System.GetUtcNow());
                _store.WriteAsync(new[] { row }).AsTask().IsCompletedSuccessfully.Should().BeTrue();
            }
        }
    }

    [Fact]
    public void Lookup_InMemory_AllocatesNothing() => Measure(Build(_store)).Should().Be(0);

    [Fact]
    public void Lookup_NearCacheHit_AllocatesNothing() =>
        Measure(Build(_store.WithNearCache(new NearFeatureCacheOptions { TimeToLive = TimeSpan.FromHours(1) }))).Should().Be(0);

    [Fact]
    public void Lookup_NegativeEntry_AllocatesNothing() =>
        Measure(Build(new InMemoryFeatureStore().WithNearCache(new NearFeatureCacheOptions { NegativeTimeToLive = TimeSpan.FromHours(1) })), isFound: false)
            .Should().Be(0);

    [Fact]
    public void Lookup_TimedContextThatRecordsEachRow_AllocatesNothing() =>
        Measure(BuildPipeline(_store).Use(static inner => new Passing(inner)).Build()).Should().Be(0);

    [Fact]
    public void Lookup_SeveralViewsAndEntities_AllocatesNothing()
    {
        var other = new CardFeatures(name: "other");
        Measure(Predictor.For<Request>().LookupFeatures(
            _store,
            lookup => lookup.Add(_card.View, static r => r.Id).Add(other.View, static r => r.Id).AddMany(_card.View, static (r, keys) =>
            {
                for (int i = 0; i < 20; i++)
                {
                    keys.Add((r.Id + i) % 100);
                }
            }),
            (r, rows) => new Answer(r.Id, rows[_card.View].Get(_card.Average) + rows[_card.View, 20].Get(_card.Average))).Build()).Should().Be(0);
    }

    [Fact]
    public void Lookup_KeysOfText_AllocatesNothing() => Measure(Predictor.For<Request>().LookupFeatures(
        _store,
        _card.View,
        r => _keys[r.Id],
        (r, values) => new Answer(r.Id, values.Get(_card.Average) + values.Get(_card.Embedding)[0] + values.Get(_card.Country).Length)).Build()).Should().Be(0);

    [Fact]
    public void Measure_JoinThatAllocates_IsSeen()
    {
        // The measure itself: without this, a broken one would pass everything above.
        object? last = null;

        Measure(Predictor.For<Request>().LookupFeatures(
            _store,
            _card.View,
            static r => r.Id,
            (r, values) =>
            {
                last = new object();
                return new Answer(r.Id, values.Get(_card.Average));
            }).Build()).Should().BeGreaterThanOrEqualTo(Predictions * 8);
        last.Should().NotBeNull();
    }

    private IPredictor<Request, Answer> Build(IFeatureStore store) => BuildPipeline(store).Build();

    private PredictorBuilder<Request, Answer> BuildPipeline(IFeatureStore store) => Predictor.For<Request>().LookupFeatures(
        store,
        _card.View,
        static r => r.Id,
        (r, values) => new Answer(r.Id, values.Get(_card.Average) + values.Get(_card.Count)));

    private static long Measure(IPredictor<Request, Answer> predictor, bool isFound = true)
    {
        long allocated = 0;
        double sum = 0;
        var thread = new Thread(() => (allocated, sum) = MeasureHere(predictor));
        thread.Start();
        thread.Join();
        (sum > 0).Should().Be(isFound, "the defaults are negative together, what is stored is not");
        return allocated;
    }

    private static (long Allocated, double Sum) MeasureHere(IPredictor<Request, Answer> predictor)
    {
        // Past every tier of the just-in-time compiler.
        for (int i = 0; i < Predictions; i++)
        {
            Complete(predictor.PredictAsync(new Request(i % 100)));
        }

        double sum = 0;
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < Predictions; i++)
        {
            sum += Complete(predictor.PredictAsync(new Request(i % 100))).Score;
        }

        return (GC.GetAllocatedBytesForCurrentThread() - before, sum);
    }

    // A task that were not complete would hide what it allocates on another thread.
    private static Answer Complete(ValueTask<Answer> task) =>
        task.IsCompletedSuccessfully ? task.Result : throw new InvalidOperationException("The prediction did not complete at once.");

    private readonly record struct Request(int Id);

    private readonly record struct Answer(int Id, float Score);

    private sealed class Passing(IPredictor<Request, Answer> inner) : DelegatingPredictor<Request, Answer>(inner);
}
